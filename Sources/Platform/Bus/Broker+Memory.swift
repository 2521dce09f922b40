public import Kernel
internal import Synchronization

/// The broker of a single process, and the memory of one that hears from elsewhere.
public final class MemoryBroker: Broker {
    private struct State {
        var epoch: String
        var durableEpoch = ""
        var durable = Ring<OutboxRecord>(limit: 0)
        var volatile: [String: Ring<Publication>] = [:]
        var readers: [Reader] = []
    }

    private struct Reader {
        let take: @Sendable ([Publication]) -> Void
        let interrupted: @Sendable (String, Position) -> Void
    }

    private let state: Mutex<State>
    private let limit: Int

    /// - Parameters:
    ///   - epoch: new for each process; of `[a-z0-9]`.
    ///   - limit: how many events are kept, in each volatile topic and in all durable ones together.
    public init(epoch: String, limit: Int = 4096) {
        self.limit = limit
        state = Mutex(State(epoch: epoch, durable: Ring(limit: limit)))
    }

    /// Presence is the one family of topics that is not in the outbox.
    public static func isVolatile(_ topic: String) -> Bool { topic == "presence" || topic.hasPrefix("presence:") }

    public func begin(durableEpoch: String, head: Int64) {
        state.withLock { state in
            state.durableEpoch = durableEpoch
            state.durable = Ring(limit: limit, head: head)
        }
    }

    public func attach(
        _ reader: @escaping @Sendable ([Publication]) -> Void, interrupted: @escaping @Sendable (String, Position) -> Void
    ) {
        state.withLock { $0.readers.append(Reader(take: reader, interrupted: interrupted)) }
    }

    public func publish(_ events: [Event], to topic: String) {
        precondition(Self.isVolatile(topic), "\(topic) is durable: its events go through the outbox")
        guard !events.isEmpty else { return }
        state.withLock { state in append(events[...], to: topic, after: state.volatile[topic]?.head ?? 0, &state) }
    }

    /// Takes events of a volatile topic that a medium has numbered, those of one call as one batch.
    ///
    /// What came before is passed over. Where something is missing, or the epoch is another one, the readers are told.
    func receive(_ events: [Event], on topic: String, after offset: Int64, epoch: String) {
        state.withLock { state in
            if epoch != state.epoch { begin(epoch, &state) }
            let head = state.volatile[topic]?.head ?? 0
            if offset > head {
                state.volatile[topic] = Ring(limit: limit, head: offset)
                for reader in state.readers { reader.interrupted(topic, Position(epoch: epoch, offset: offset)) }
            }
            let fresh = events.dropFirst(Int(max(0, head - offset)))
            if !fresh.isEmpty { append(fresh, to: topic, after: max(offset, head), &state) }
        }
    }

    private func begin(_ epoch: String, _ state: inout State) {
        let topics = state.volatile.keys.sorted()
        (state.epoch, state.volatile) = (epoch, [:])
        for topic in topics { for reader in state.readers { reader.interrupted(topic, Position(epoch: epoch, offset: 0)) } }
    }

    private func append(_ events: ArraySlice<Event>, to topic: String, after head: Int64, _ state: inout State) {
        let batch = events.enumerated().map { index, event in
            Publication(event, topic: topic, position: Position(epoch: state.epoch, offset: head + Int64(index) + 1))
        }
        for publication in batch {
            state.volatile[topic, default: Ring(limit: limit)].append(publication, at: publication.position.offset)
        }
        for reader in state.readers { reader.take(batch) }
    }

    public func publish(_ records: [OutboxRecord]) {
        state.withLock { state in
            for record in records where record.offset > state.durable.head {
                state.durable.append(record, at: record.offset)
                for topic in record.topics {
                    let publication = record.publication(on: topic, epoch: state.durableEpoch)
                    for reader in state.readers { reader.take([publication]) }
                }
            }
        }
    }

    public func position(of topic: String) -> Position {
        state.withLock { state in
            if Self.isVolatile(topic) { return Position(epoch: state.epoch, offset: state.volatile[topic]?.head ?? 0) }
            return Position(epoch: state.durableEpoch, offset: state.durable.head)
        }
    }

    public func replay(_ topic: String, after position: Position) -> Replay {
        state.withLock { state in
            if Self.isVolatile(topic) {
                let ring = state.volatile[topic] ?? Ring(limit: limit)
                guard position.epoch == state.epoch, position.offset <= ring.head, let missed = ring.after(position.offset) else {
                    return .lost
                }
                return .events(missed)
            }
            guard position.epoch == state.durableEpoch, position.offset <= state.durable.head else { return .lost }
            guard let missed = state.durable.after(position.offset) else { return .beyondMemory }
            return .events(missed.filter { $0.topics.contains(topic) }.map { $0.publication(on: topic, epoch: state.durableEpoch) })
        }
    }
}

/// The latest elements of a growing sequence, by offset.
struct Ring<Element: Sendable>: Sendable {
    private var elements: [(offset: Int64, element: Element)] = []
    private var first = 0
    /// The offset of the last element.
    private(set) var head: Int64
    /// Everything after this offset is here.
    private var floor: Int64
    private let limit: Int

    init(limit: Int, head: Int64 = 0) {
        (self.limit, self.head, floor) = (limit, head, head)
    }

    mutating func append(_ element: Element, at offset: Int64) {
        head = offset
        if elements.count < limit {
            elements.append((offset, element))
        } else {
            floor = elements[first].offset
            elements[first] = (offset, element)
            first = (first + 1) % limit
        }
    }

    /// What came after an offset, or nil when some of it is gone.
    func after(_ offset: Int64) -> [Element]? {
        guard offset >= floor else { return nil }
        if offset >= head { return [] }
        // From the newest back, since who comes back has mostly missed little.
        var missed = 0
        while missed < elements.count, place(fromEnd: missed + 1).offset > offset { missed += 1 }
        return (0..<missed).map { place(fromEnd: missed - $0).element }
    }

    /// The newest element is the first from the end.
    private func place(fromEnd count: Int) -> (offset: Int64, element: Element) {
        elements[(first + elements.count - count) % elements.count]
    }
}
