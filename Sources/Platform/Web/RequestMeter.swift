public import Kernel

/// The measurements of one answered request, or of one command of a socket, from which statistics are made.
public struct RequestMeasure: Sendable {
    /// `WS` for a command.
    public let method: String
    /// The template of the route, the name of the command, `static` or `unmatched`; never a path that a peer invented.
    public let route: String
    public let status: Int
    public let nanoseconds: UInt64
    /// A long poll that waited for events: its time does not tell how fast the server is.
    public let isWait: Bool
    public let user: UserID?
    public let session: SessionID?
    /// As in `Scope`.
    public let rank: Int
    public let userAgent: String
    /// The client’s name for itself, from `X-Foyer-Client`.
    public let client: String?
    public let at: Timestamp

    public init(
        method: String, route: String, status: Int, nanoseconds: UInt64, isWait: Bool = false, user: UserID? = nil,
        session: SessionID? = nil, rank: Int = .min, userAgent: String = "", client: String? = nil, at: Timestamp
    ) {
        (self.method, self.route, self.status, self.nanoseconds, self.isWait) = (method, route, status, nanoseconds, isWait)
        (self.user, self.session, self.rank, self.userAgent) = (user, session, rank, userAgent)
        (self.client, self.at) = (client, at)
    }
}

/// Receives a measurement of every request and command, right after the answer is made.
public protocol RequestMeter: Sendable {
    /// Must not block: every request pays for it.
    func note(_ measure: RequestMeasure)
}
