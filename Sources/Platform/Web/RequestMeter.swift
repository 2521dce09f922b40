public import Kernel

/// One request, or one command of a socket, once it is answered: what statistics are made of.
public struct RequestMeasure: Sendable {
    /// `WS` for a command.
    public let method: String
    /// The template of the route, the name of the command, `static` or `unmatched`; never a path that a peer made up.
    public let route: String
    public let status: Int
    public let nanoseconds: UInt64
    /// The peer asked to wait for news: the time says nothing of the server.
    public let isWait: Bool
    public let user: UserID?
    public let session: SessionID?
    /// As in `Scope`.
    public let rank: Int
    public let userAgent: String
    /// What the client says it is: `X-Foyer-Client`.
    public let client: String?
    public let address: String
    public let at: Timestamp

    public init(
        method: String, route: String, status: Int, nanoseconds: UInt64, isWait: Bool = false, user: UserID? = nil,
        session: SessionID? = nil, rank: Int = .min, userAgent: String = "", client: String? = nil, address: String = "", at: Timestamp
    ) {
        (self.method, self.route, self.status, self.nanoseconds, self.isWait) = (method, route, status, nanoseconds, isWait)
        (self.user, self.session, self.rank, self.userAgent) = (user, session, rank, userAgent)
        (self.client, self.address, self.at) = (client, address, at)
    }
}

/// Hears of every request and command once it is answered, on the path of the answer.
public protocol RequestMeter: Sendable {
    /// Must neither block nor wait: it costs every request.
    func note(_ measure: RequestMeasure)
}
