import Kernel
import Seeded

@testable import Bus
@testable import Presence

/// The broker of a process, with somebody who writes down all that is published and, in a run with a fault, makes it.
final class WatchedBroker: Broker, @unchecked Sendable {
    // SAFETY: one thread runs the whole simulation.
    private let base: MemoryBroker
    private unowned let world: World
    private var random: SeededRandom
    unowned var presence: PresenceService!
    private var held: [Publication]?
    var isDead = false

    init(_ base: MemoryBroker, _ world: World, _ random: SeededRandom) {
        (self.base, self.world, self.random) = (base, world, random)
    }

    func publish(_ events: [Event], to topic: String) {
        guard !isDead else { return }
        let head = base.position(of: topic)
        for (index, event) in events.enumerated() {
            let person = event.people.first.flatMap { world.people[$0.uuid] }
            let view = person.flatMap { presence.view(of: world.disk.accounts[$0].member) }
            let place = Position(epoch: head.epoch, offset: head.offset + Int64(index) + 1)
            let roles = event.attributes.first { $0.name == "role" }
            let entry = Entry(
                topic, place, type: event.type, person: person, view: view, roles: Set((roles?.before ?? []) + (roles?.after ?? [])),
                at: world.now)
            if !world.has(.restartKeepsTheEpoch) || world.journal.entry(topic, place) == nil { world.journal.add(entry) }
            world.oracle.published(entry)
        }
        base.publish(events, to: topic)
    }

    func declare(_ volatile: [VolatileTopics]) { base.declare(volatile) }
    func publish(_ records: [OutboxRecord]) { base.publish(records) }
    func begin(durableEpoch: String, head: Int64) { base.begin(durableEpoch: durableEpoch, head: head) }

    func attach(_ reader: @escaping @Sendable ([Publication]) -> Void, interrupted: @escaping @Sendable (String, Position) -> Void) {
        base.attach(
            { [self] batch in
                if world.strikes(.busLosesABatch) { return }
                if world.strikes(.busSwapsBatches), held == nil {
                    held = batch
                    return
                }
                reader(batch)
                if world.strikes(.busRepeatsABatch) { reader(batch) }
                if let late = held {
                    held = nil
                    reader(late)
                }
            }, interrupted: interrupted)
    }

    func position(of topic: String) -> Position {
        let position = base.position(of: topic)
        return world.strikes(.positionIsAhead) ? Position(epoch: position.epoch, offset: position.offset + 1) : position
    }

    func replay(_ topic: String, after position: Position, of people: [UserID]?) -> Replay {
        var position = position
        if world.has(.replayRepeatsTheLast), position.offset > 0 {
            position = Position(epoch: position.epoch, offset: position.offset - 1)
        }
        let replay = base.replay(topic, after: position, of: people)
        guard case .events(let missed, let end) = replay, world.has(.replaySkipsTheFirst) else { return replay }
        return .events(Array(missed.dropFirst()), upTo: end)
    }
}
