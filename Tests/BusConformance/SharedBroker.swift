import Kernel
import Synchronization

@testable import Bus

/// A medium outside of the nodes: numbers what they publish and gives it to each of them, later, on a thread of its own; nodes can be cut off, and it can
/// lose what it has.
///
/// A test of the suite itself, and of what the protocol leaves to those who are not in memory.
final class Medium: Sendable {
    struct Message: Sendable {
        let topic: String
        let events: [Event]
        let offset: Int64
        let epoch: String
    }

    private struct State {
        var epoch: String
        var heads: [String: Int64] = [:]
        var nodes: [(isCut: Bool, messages: AsyncStream<Message>.Continuation)] = []
    }

    private let state: Mutex<State>

    init(epoch: String) { state = Mutex(State(epoch: epoch)) }

    func join() -> (number: Int, messages: AsyncStream<Message>) {
        let (stream, continuation) = AsyncStream.makeStream(of: Message.self)
        return state.withLock { state in
            state.nodes.append((isCut: false, messages: continuation))
            return (state.nodes.count - 1, stream)
        }
    }

    func publish(_ events: [Event], to topic: String) {
        guard !events.isEmpty else { return }
        state.withLock { state in
            let message = Message(topic: topic, events: events, offset: state.heads[topic] ?? 0, epoch: state.epoch)
            state.heads[topic] = message.offset + Int64(events.count)
            // What was sent is sometimes sent again.
            for node in state.nodes where !node.isCut {
                for _ in 0..<(message.offset % 7 == 3 ? 2 : 1) { node.messages.yield(message) }
            }
        }
    }

    func cut(_ node: Int, _ isCut: Bool) { state.withLock { $0.nodes[node].isCut = isCut } }

    func lose(beginning epoch: String) { state.withLock { ($0.epoch, $0.heads) = (epoch, [:]) } }

    func end() { state.withLock { state in for node in state.nodes { node.messages.finish() } } }
}

/// A node's broker at a medium.
final class SharedBroker: Broker {
    private let local: MemoryBroker
    private let medium: Medium
    let number: Int

    init(_ medium: Medium, epoch: String, limit: Int) {
        local = MemoryBroker(epoch: epoch, bounds: .init(events: limit), volatile: BrokerStage.volatile(limit))
        self.medium = medium
        let (number, messages) = medium.join()
        self.number = number
        Task { [local] in
            for await message in messages { local.receive(message.events, on: message.topic, after: message.offset, epoch: message.epoch) }
        }
    }

    func publish(_ events: [Event], to topic: String) { medium.publish(events, to: topic) }
    func declare(_ volatile: [VolatileTopics]) { local.declare(volatile) }
    func publish(_ records: [OutboxRecord]) { local.publish(records) }
    func begin(durableEpoch: String, head: Int64) { local.begin(durableEpoch: durableEpoch, head: head) }
    func attach(
        _ reader: @escaping @Sendable ([Publication]) -> Void, interrupted: @escaping @Sendable (String, Position) -> Void
    ) {
        local.attach(reader, interrupted: interrupted)
    }
    func position(of topic: String) -> Position { local.position(of: topic) }
    func replay(_ topic: String, after position: Position, of people: [UserID]?) -> Replay {
        local.replay(topic, after: position, of: people)
    }
}
