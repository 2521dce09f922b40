public import HTTP
public import Kernel
public import Transport

/// What an operation answers.
public struct Reply: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// When set, the connection changes hands (WebSocket, stream) and the rest is its head.
    public var takeover: Takeover?
    /// The answer holds a secret: it is not kept for replays, whose answer is 409 `already_done` with this id.
    public var secretID: String?

    /// Nothing secret shares the body with what a stranger may have chosen.
    public var isCompressible = false

    public enum Takeover: Sendable {
        case webSocket(WebSocketAcceptor)
        case stream(StreamAcceptor)
    }

    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    public static func json(_ status: Int = 200, _ value: JSON) -> Reply {
        Reply(status: status, headers: ["Content-Type": "application/json"], body: value.bytes)
    }

    /// A page of a list: `{"items": […], "next": …}` with `total` where it was asked for.
    public static func page(_ items: [JSON], next: String?, total: Int? = nil) -> Reply {
        var object: JSONObject = ["items": .array(items), "next": JSON(next)]
        if let total { object.append("total", JSON(total)) }
        return .json(200, .object(object))
    }

    public static let noContent = Reply(status: 204)

    public static func webSocket(_ acceptor: @escaping WebSocketAcceptor) -> Reply {
        var reply = Reply(status: 101)
        reply.takeover = .webSocket(acceptor)
        return reply
    }

    /// May be sent compressed: it holds nothing secret.
    public func compressible() -> Reply {
        var reply = self
        reply.isCompressible = true
        return reply
    }

    /// With the entity tag of a resource's version.
    public func tagged(version: Int64) -> Reply {
        var reply = self
        reply.headers["ETag"] = "\"\(version)\""
        return reply
    }

    public func secret(id: String) -> Reply {
        var reply = self
        reply.secretID = id
        return reply
    }

    /// 304 without a body. It carries the content security policy of the page: browsers replace stored headers by those of a 304.
    func notModified() -> Reply {
        var reply = Reply(status: 304)
        for name in ["ETag", "Vary", "Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy"] {
            reply.headers[name] = headers[name]
        }
        return reply
    }
}
