public import HTTP

/// Where and within what bounds a server listens. Times are in milliseconds.
public struct HTTPServerOptions: Sendable {
    /// An IPv4 or IPv6 address, or `localhost` for both loopback addresses.
    public var host = "127.0.0.1"
    /// 0 for any free port; `start` tells which.
    public var port = 8080
    /// Connections that wait to be accepted, on each loop, at most `net.core.somaxconn`: the next are tried again by their peers a second later.
    public var backlog = 4096
    /// The certificate to serve HTTPS with; nil for plain HTTP.
    public var tls: TLSContext?

    public var parserLimits = HTTPParser.Limits()

    /// From the first byte of a request (or the opening of the connection) to the end of its head.
    public var headTimeout = 10_000
    /// Within which a body must end or another 64 KiB of it arrive.
    public var bodyTimeout = 30_000
    /// Between two requests.
    public var keepAliveTimeout = 60_000
    /// Within which a peer must take some of what is written.
    public var writeTimeout = 30_000
    /// How long a finished connection waits for the peer to close its end.
    public var lingerTimeout = 2_000
    /// How long a WebSocket that was closed here waits for the peer's close.
    public var closeTimeout = 5_000

    /// Over all loops; one more is answered 503 and closed.
    public var maxConnections = 50_000
    /// Over all loops, those that are being refused included; while there are so many none is accepted, and the kernel lets the next wait.
    public var maxSockets = 60_000
    /// From one address; nil for no limit.
    public var maxConnectionsPerAddress: Int?

    /// Bytes of a WebSocket message from a peer; beyond it close code 1009.
    public var maxMessageSize = 1 << 20
    /// Whether clients that offer permessage-deflate get it.
    public var compressesMessages = true
    /// Bytes queued for a WebSocket or a stream; beyond it close code 4008.
    public var maxQueuedBytes = 1 << 20

    public init() {}
}
