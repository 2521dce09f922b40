public import Kernel

/// One open connection of the gateway, for the life of the process; never reused.
public struct ConnectionID: Hashable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// Who is on a connection, and until when that holds.
public struct GatewayIdentity: Sendable {
    public var scope: Scope
    /// When the token expires; nil for a cookie or a guest.
    public var expiresAt: Timestamp?

    public init(scope: Scope, expiresAt: Timestamp? = nil) {
        (self.scope, self.expiresAt) = (scope, expiresAt)
    }
}

/// Where the gateway learns who somebody is; Accounts implements it.
public protocol GatewayAuthenticator: Sendable {
    /// The person that an access token or an API key stands for.
    /// - Parameter scope: the request of the upgrade: language, address, user agent, request id.
    /// - Throws: a `Problem`: 401, or 423 when banned or disabled.
    func authenticate(token: String, scope: Scope) async throws -> GatewayIdentity

    /// The same person with the rights they have now.
    /// - Throws: a `Problem` when their session is over or they may no longer be here.
    func refresh(_ identity: GatewayIdentity) async throws -> GatewayIdentity
}

/// Told of connections that belong to a person: presence leases. Called on the connections' loops, so it must not block.
public protocol ConnectionObserver: Sendable {
    /// - Parameter session: what the person signed in to; nil for a key.
    func connected(_ connection: ConnectionID, user: UserID, session: SessionID?)
    /// Something was heard on these connections since the last call, about once a second.
    func seen(_ connections: [ConnectionID])
    func disconnected(_ connection: ConnectionID, reason: DisconnectReason)
}

/// Why a connection ended, as far as presence cares.
public enum DisconnectReason: Sendable {
    /// The peer left or the network broke: it may be back in a moment.
    case left
    /// Nothing was heard for two heartbeats.
    case silent
    /// The session ended: logout, revocation.
    case ended
    /// The person may not be here: ban, disable.
    case barred
}

/// What the gateway's close codes mean: 4000–4499 come back (with jitter), 4500–4999 do not.
public enum CloseCode: UInt16, Sendable {
    case goingAway = 1001
    case heartbeatMissed = 4000
    case unauthenticated = 4401
    case slowReader = 4008
    case helloMissed = 4408
    case flooding = 4429
    case serverStopping = 4009
    /// Too many new sessions at once: come back after the time that the `error` before it names.
    case busy = 4013
    case loggedOut = 4501
    case revoked = 4502
    case banned = 4503
    case disabled = 4504
}
