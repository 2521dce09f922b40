public import Kernel

/// Carries events to everybody who listens to their topic, in one order per topic, and keeps the latest of them for those who come back.
///
/// There is one for each node, and two kinds of topics, as `declare` says. Durable ones carry the outbox's events at the outbox's offsets; each node reads the outbox
/// itself, so what is published of them reaches this node's readers only. Volatile ones are of one medium that all nodes share: it
/// counts their events, without a gap, and its epoch is new when it has lost them. In memory the medium is the process.
///
/// No call waits: they are made on the socket path, and by whoever holds what others wait for. So publishing to a medium elsewhere is a request that
/// may be lost, and what this node knows of a topic may be behind; but what it tells is in order, whole, and once, or it says that it is not.
public protocol Broker: Sendable {
    /// Says which topics are volatile; all others are durable. Before the first event of one of them.
    func declare(_ volatile: [VolatileTopics])

    /// Puts events at the end of a volatile topic. Those of one call stay together: every reader of every node gets them as one batch.
    ///
    /// This node's readers may have them before it returns, or later. What the medium does not take is lost, and nobody is told of it; what it took and
    /// a node missed, that node's readers are told by an interruption.
    func publish(_ events: [Event], to topic: String)

    /// Publishes committed events of the outbox to this node's readers, before it returns; their offsets grow, with gaps.
    ///
    /// What was published before is passed over, so that a relay that does not know how far it came may go back.
    func publish(_ records: [OutboxRecord])

    /// Where durable topics stand at the start: what comes after `head` will be published.
    func begin(durableEpoch: String, head: Int64)

    /// Calls `reader` with every batch of one topic that comes from now on, each once and in order.
    ///
    /// An event of the outbox that goes to people, each on their own topic, is one publication with its recipients, behind those of its topics.
    ///
    /// Both closures are called one at a time, on any thread; they must not block, nor call the broker.
    /// - Parameter interrupted: takes the place of what is missing: events of this volatile topic may have been lost, and it goes on after the
    ///   position. The place of a reader from before is not good for a replay any more.
    func attach(_ reader: @escaping @Sendable ([Publication]) -> Void, interrupted: @escaping @Sendable (String, Position) -> Void)

    /// The place of the last event that the readers were given: whoever asks after attaching is given all that comes after it.
    func position(of topic: String) -> Position

    /// What came after a position, from this node's memory; on a person's own topic, all that was for them. A position that another node gave is as good.
    ///
    /// - Parameter people: only what is of one of them, each named once; nil for all. Of a volatile topic that costs a look for each of them,
    ///   however much came.
    func replay(_ topic: String, after position: Position, of people: [UserID]?) -> Replay
}

extension Broker {
    public func replay(_ topic: String, after position: Position) -> Replay { replay(topic, after: position, of: nil) }
}

/// What a reader who comes back gets.
public enum Replay: Sendable {
    /// All that was missed up to a place, in order; perhaps nothing.
    case events([Publication], upTo: Position)
    /// Of a durable topic and older than what is in memory: the outbox may have it.
    case beyondMemory
    /// Another epoch, a place that was never reached, or of a volatile topic and too old: only a new snapshot helps.
    case lost
}
