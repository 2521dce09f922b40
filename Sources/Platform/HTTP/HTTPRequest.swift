/// One request as it arrived, complete with its body.
public struct HTTPRequest: Sendable {
    public var method: HTTPMethod
    /// The request target exactly as sent.
    public var target: String
    /// The path as sent, still percent-encoded: it starts with `/`, or is `*` for a server-wide OPTIONS.
    public var rawPath: String
    /// What follows the first `?`, still encoded; nil without one.
    public var query: String?
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// Whether the peer leaves the connection open after the response.
    public var keepAlive: Bool
    /// The peer speaks HTTP/1.0: no chunked response, no interim response.
    public var isHTTP10: Bool
    /// The request carries a body in any framing, even an empty one.
    public var hasBody: Bool
    /// The peer's address as text without its port, filled by the server; an IPv4 address mapped into IPv6 is written as IPv4.
    public var remoteAddress: String
    /// The body as it arrives, for those who asked for that; `body` is then empty.
    public var bodyStream: HTTPBody?
    /// Whether it came over TLS of our own, filled by the server.
    public var isSecure = false

    /// A request made by the program, for tests and internal calls: the target is split, not checked.
    public init(
        method: HTTPMethod, target: String, headers: HTTPHeaders = [:], body: [UInt8] = [], remoteAddress: String = ""
    ) {
        self.method = method
        self.target = target
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        rawPath = String(halves[0])
        query = halves.count > 1 ? String(halves[1]) : nil
        self.headers = headers
        self.body = body
        keepAlive = true
        isHTTP10 = false
        hasBody = !body.isEmpty
        self.remoteAddress = remoteAddress
    }

    /// A request whose target the parser has taken apart; its fields follow.
    init(method: HTTPMethod, target: String, rawPath: String, query: String?, isHTTP10: Bool) {
        self.method = method
        self.target = target
        self.rawPath = rawPath
        self.query = query
        headers = HTTPHeaders()
        body = []
        keepAlive = true
        self.isHTTP10 = isHTTP10
        hasBody = false
        remoteAddress = ""
    }

    /// The path with its escapes decoded: for logs and comparison, not for splitting (an encoded `/` looks like a separator here).
    public var path: String {
        rawPath.utf8.contains(UInt8(ascii: "%")) ? PercentCoding.decode(rawPath) ?? rawPath : rawPath
    }

    /// The path's segments, split before they are decoded; `/` has none, a trailing `/` gives an empty last one.
    public var pathSegments: [String] {
        rawPath == "/"
            ? []
            : rawPath.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { PercentCoding.decode($0) ?? String($0) }
    }

    /// The decoded pairs of the query, in order; empty without one, nil when an escape does not decode to UTF-8.
    public var queryItems: [(name: String, value: String)]? {
        query.map { PercentCoding.decodeForm($0) } ?? []
    }

    /// Whether the peer asks to go on as a WebSocket (RFC 6455, 4.2.1), well formed or not.
    public var isWebSocketUpgrade: Bool {
        method == .get && !isHTTP10 && headers.contains("upgrade", token: "websocket") && headers.contains("connection", token: "upgrade")
    }
}
