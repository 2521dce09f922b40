public import Kernel

/// Carries events to everybody who listens to their topic, in one order per topic, and keeps the latest of them for those who come back.
///
/// Two kinds of topics: durable ones carry the outbox's events at the outbox's offsets; volatile ones (presence) count their own, and begin
/// a new epoch with the process.
public protocol Broker: Sendable {
    /// Puts events at the end of a volatile topic; those of one call stay together.
    func publish(_ events: [Event], to topic: String)

    /// Publishes committed events of the outbox; offsets must grow from call to call.
    func publish(_ records: [OutboxRecord])

    /// Where durable topics stand at the start: what comes after `head` will be published.
    func begin(durableEpoch: String, head: Int64)

    /// Calls `reader` with every batch of one topic, in order. It must not block, nor call the broker.
    func attach(_ reader: @escaping @Sendable ([Publication]) -> Void)

    /// The place of the last event.
    func position(of topic: String) -> Position

    /// What came after a position, from memory.
    func replay(_ topic: String, after position: Position) -> Replay
}

/// What a reader who comes back gets.
public enum Replay: Sendable {
    /// All that was missed, in order; perhaps nothing.
    case events([Publication])
    /// Older than what is in memory, but of an epoch that still runs.
    case beyondMemory
    /// Another epoch, or a place that was never reached: only a new snapshot helps.
    case lost
}

/// An event of the outbox with its offset.
public struct OutboxRecord: Sendable {
    public let offset: Int64
    public let topics: [String]
    public let type: String
    /// With `request_id` and `at`.
    public let members: JSONObject
    public let at: Timestamp

    public init(offset: Int64, topics: [String], type: String, members: JSONObject, at: Timestamp) {
        (self.offset, self.topics, self.type, self.members, self.at) = (offset, topics, type, members, at)
    }

    /// Its texts are what filters look at.
    func publication(on topic: String, epoch: String) -> Publication {
        let facts = members.compactMap { name, value in value.string.map { Fact(name, $0) } }
        return Publication(Event(type, members: members, facts: facts), topic: topic, position: Position(epoch: epoch, offset: offset))
    }
}
