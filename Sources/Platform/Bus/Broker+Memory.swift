public import Kernel
internal import Synchronization

/// The broker of a single process, and the memory of one that hears from elsewhere.
public final class MemoryBroker: Broker {
    private struct State {
        var epoch: String
        /// Whether the medium began another epoch: who listens to a topic that was forgotten here has a place of the one before.
        var hasNewEpoch = false
        var durableEpoch = ""
        var memory: EventMemory
        var readers: [Reader] = []
    }

    private struct Reader {
        let take: @Sendable ([Publication]) -> Void
        let interrupted: @Sendable (String, Position) -> Void
    }

    private let state: Mutex<State>
    private let clock: WallClock

    /// - Parameter epoch: new for each process; of `[a-z0-9]`.
    public init(epoch: String, bounds: Bounds = Bounds(), volatile: [VolatileTopics] = [], clock: WallClock = .system) {
        self.clock = clock
        state = Mutex(State(epoch: epoch, memory: EventMemory(bounds)))
        declare(volatile)
    }

    /// What is kept now of each class of topics, the durable one first.
    public var figures: [ClassFigures] { state.withLock { $0.memory.figures } }

    public func declare(_ volatile: [VolatileTopics]) { state.withLock { $0.memory.declare(volatile) } }

    public func begin(durableEpoch: String, head: Int64) {
        state.withLock { state in
            state.durableEpoch = durableEpoch
            state.memory.begin(durableHead: head)
        }
    }

    public func attach(
        _ reader: @escaping @Sendable ([Publication]) -> Void, interrupted: @escaping @Sendable (String, Position) -> Void
    ) {
        state.withLock { $0.readers.append(Reader(take: reader, interrupted: interrupted)) }
    }

    public func publish(_ events: [Event], to topic: String) {
        guard !events.isEmpty else { return }
        state.withLock { state in
            precondition(state.memory.isVolatile(topic), "\(topic) is durable: its events go through the outbox")
            append(events[...], to: topic, after: state.memory.head(of: topic), &state)
        }
    }

    /// Takes events of a volatile topic that a medium has numbered, those of one call as one batch.
    ///
    /// What came before is passed over. Where something is missing, or the epoch is another one, the readers are told.
    func receive(_ events: [Event], on topic: String, after offset: Int64, epoch: String) {
        state.withLock { state in
            if epoch != state.epoch { begin(epoch, &state) }
            var head = state.memory.head(of: topic)
            // A topic that was forgotten here goes on where the medium says.
            if state.memory.holds(topic) ? offset > head : offset != head || state.hasNewEpoch {
                state.memory.restart(topic, at: offset)
                head = offset
                for reader in state.readers { reader.interrupted(topic, Position(epoch: epoch, offset: offset)) }
            }
            let fresh = events.dropFirst(Int(max(0, head - offset)))
            if !fresh.isEmpty { append(fresh, to: topic, after: max(offset, head), &state) }
        }
    }

    private func begin(_ epoch: String, _ state: inout State) {
        let topics = state.memory.volatileTopics
        (state.epoch, state.hasNewEpoch) = (epoch, true)
        state.memory.forgetVolatile()
        for topic in topics { state.memory.restart(topic, at: 0) }
        for topic in topics { for reader in state.readers { reader.interrupted(topic, Position(epoch: epoch, offset: 0)) } }
    }

    private func append(_ events: ArraySlice<Event>, to topic: String, after head: Int64, _ state: inout State) {
        let batch = events.enumerated().map { index, event in
            Publication(event, topic: topic, position: Position(epoch: state.epoch, offset: head + Int64(index) + 1))
        }
        state.memory.add(batch, of: topic, at: clock.uptime())
        for reader in state.readers { reader.take(batch) }
    }

    public func publish(_ records: [OutboxRecord]) {
        state.withLock { state in
            let now = clock.uptime()
            for record in records where record.offset > state.memory.durable.head {
                state.memory.add(record, at: now)
                let (event, position) = (record.event, Position(epoch: state.durableEpoch, offset: record.offset))
                var publications = record.topics.map { Publication(event, topic: $0, position: position, isDurable: true) }
                if !record.recipients.isEmpty { publications.append(Publication(event, to: record.recipients, position: position)) }
                for publication in publications { for reader in state.readers { reader.take([publication]) } }
            }
        }
    }

    public func position(of topic: String) -> Position {
        state.withLock { state in
            if state.memory.isVolatile(topic) { return Position(epoch: state.epoch, offset: state.memory.head(of: topic)) }
            return Position(epoch: state.durableEpoch, offset: state.memory.durable.head)
        }
    }

    public func replay(_ topic: String, after position: Position, of people: [UserID]?) -> Replay {
        state.withLock { state in
            if state.memory.isVolatile(topic) {
                guard position.epoch == state.epoch, let missed = state.memory.missed(on: topic, after: position.offset, of: people) else {
                    return .lost
                }
                return .events(missed, upTo: Position(epoch: state.epoch, offset: state.memory.head(of: topic)))
            }
            guard position.epoch == state.durableEpoch, position.offset <= state.memory.durable.head else { return .lost }
            guard let records = state.memory.durable.records(on: topic, after: position.offset) else { return .beyondMemory }
            let missed = records.map { $0.publication(on: topic, epoch: state.durableEpoch) }.of(people)
            return .events(missed, upTo: Position(epoch: state.durableEpoch, offset: state.memory.durable.head))
        }
    }
}
