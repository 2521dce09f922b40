internal import Bus
internal import Kernel
internal import Transport

/// What brings a session's frames to its client: a WebSocket, server-sent events, or long polling. Loop-confined.
///
/// The frames and their order are the same on all; only a WebSocket also brings the client's own, the others' come by `POST /gateway/{session}`.
protocol SessionTransport: AnyObject {
    var executor: any LoopExecutor { get }
    /// Whether the client's frames come by requests of their own.
    var isOneWay: Bool { get }

    /// Bytes that the client has not taken.
    var queuedBytes: Int { get }

    /// The session has this name; before its first event.
    func begin(_ session: String)
    /// Sends one frame. `places` is where the client stands once it has it, in the topics that the frame moves.
    func send(_ text: [UInt8], places: [String: Position])
    func send(_ item: Delivery.Item)
    /// Sends all events of a batch.
    func send(_ delivery: Delivery)
    /// The client listens to this topic no longer.
    func leave(_ topic: String)

    /// Asks for a sign of life.
    /// - Returns: whether the peer counts as heard, since the kernel ends the connection when what is sent is not acknowledged.
    func ping() -> Bool
    /// Whether the client has not come back when it should have.
    func isGone(at now: Uptime) -> Bool
    /// The socket's `closed` follows, once.
    func close(code: UInt16, reason: String)
}

extension SessionTransport {
    func send(_ item: Delivery.Item) { send(item.publication.payload, places: item.publication.places) }
    func send(_ delivery: Delivery) { for item in delivery.items { send(item) } }
    func isGone(at now: Uptime) -> Bool { false }
}

extension Publication {
    /// Where a client stands that has it: in its topic and, since durable events are sent in one order, in all durable ones.
    var places: [String: Position] { isDurable ? [topic: position, TopicRules.durable: position] : [topic: position] }
}

extension WebSocketConnection: SessionTransport {
    var executor: any LoopExecutor { loop }
    var isOneWay: Bool { false }

    func begin(_ session: String) {}
    func send(_ text: [UInt8], places: [String: Position]) { send(text: text) }
    func send(_ item: Delivery.Item) { send(message: item.message) }
    func send(_ delivery: Delivery) { send(message: delivery.joined) }
    func leave(_ topic: String) {}

    func ping() -> Bool {
        ping([])
        return false
    }
}
