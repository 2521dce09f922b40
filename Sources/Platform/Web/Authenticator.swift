public import HTTP
public import Kernel

/// Turns a request's credentials into a scope; implemented by the feature that owns sessions.
public protocol Authenticator: Sendable {
    /// - Returns: the person's scope, or a guest's when the request carries no credentials.
    /// - Throws: 401 for credentials that do not hold, 403 `csrf` for a mutation that a cookie authenticated without its token.
    func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope

    /// The scope of somebody who is not signed in.
    func guest(_ origin: Origin) async throws -> Scope

    /// Spends the nonce of a signed request that changes something outside of `Call.mutate`, or failed there.
    ///
    /// - Throws: 401 `nonce_used`.
    func spendNonce(of scope: Scope) async throws
}

extension Authenticator {
    /// There are no signed requests.
    public func spendNonce(of scope: Scope) async throws {}
}

/// Where a request comes from, as far as the server itself knows.
public struct Origin: Sendable {
    public let requestID: String
    /// The peer's address, or what a trusted proxy says it is.
    public let address: String
    public let userAgent: String
    public let language: Language

    public init(requestID: String, address: String, userAgent: String, language: Language) {
        (self.requestID, self.address, self.userAgent, self.language) = (requestID, address, userAgent, language)
    }

    /// A scope without a person, with these rights.
    public func guest(_ permissions: PermissionSet) -> Scope {
        Scope(permissions: permissions, language: language, requestID: requestID, address: address, userAgent: userAgent)
    }
}

/// Hears of requests once they are answered; implemented by the audit feature.
public protocol RequestObserver: Sendable {
    /// A signed-in person was refused, or failed, at something that the audit log has a name for.
    func denied(action: String, target: String?, problem: Problem, scope: Scope) async

    /// A request of a signed-in person was answered. Must not block.
    func answered(_ request: HTTPRequest, route: String, status: Int, scope: Scope, at: Timestamp)
}
