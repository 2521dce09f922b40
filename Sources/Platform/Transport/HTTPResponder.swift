public import HTTP

/// What answers a server's requests.
public protocol HTTPResponder: Sendable {
    /// Called in a task that prefers the connection's loop, for one request of a connection at a time, in order.
    ///
    /// The task is cancelled when the connection is lost before the answer.
    func respond(to request: HTTPRequest) async -> HTTPOutcome

    /// How a request's body is read, once its head is known; called on the loop.
    func plan(for head: HTTPRequest) -> BodyPlan
}

extension HTTPResponder {
    public func plan(for head: HTTPRequest) -> BodyPlan { BodyPlan() }
}

/// How a body is read.
public struct BodyPlan: Sendable {
    /// Bytes, in place of the server's limit.
    public var limit: Int?
    /// The request is answered as soon as its head is there, and its body comes by `bodyStream`.
    public var streams: Bool

    public init(limit: Int? = nil, streams: Bool = false) { (self.limit, self.streams) = (limit, streams) }
}

/// What becomes of a request.
public enum HTTPOutcome: Sendable {
    case response(HTTPResponse)
    /// The connection makes the WebSocket handshake, or refuses it, and with the first calls the acceptor; the headers are additional.
    case upgrade(headers: HTTPHeaders, WebSocketAcceptor)
    /// The response's head is sent, and its body comes later, piece by piece.
    case stream(HTTPResponse, StreamAcceptor)
}

/// Called on the loop, synchronously, with an open socket; returns the object that receives its events.
public typealias WebSocketAcceptor = @Sendable (WebSocketConnection) -> any WebSocketDelegate

/// Called on the loop, synchronously, with an open stream; returns the object that receives its events.
public typealias StreamAcceptor = @Sendable (HTTPStream) -> any HTTPStreamDelegate

/// Receives a WebSocket's events on its loop; the connection holds it until `closed`.
public protocol WebSocketDelegate: AnyObject {
    /// Valid UTF-8.
    func received(text: [UInt8])
    func received(binary: [UInt8])
    /// A ping, which is answered already, or a pong.
    func receivedControl()
    /// The last event, once, never from inside a call of the delegate's own: the code that ended it, 1005 or 1006 where there was none.
    func closed(code: UInt16)
    /// All that was queued has been written.
    func writable()
}

extension WebSocketDelegate {
    public func received(binary: [UInt8]) {}
    public func receivedControl() {}
    public func writable() {}
}

/// Receives a streamed response's events on its loop; the connection holds it until `closed`.
public protocol HTTPStreamDelegate: AnyObject {
    /// The last event, once, never from inside a call of the delegate's own.
    func closed()
    /// All that was queued has been written.
    func writable()
}

extension HTTPStreamDelegate {
    public func writable() {}
}
