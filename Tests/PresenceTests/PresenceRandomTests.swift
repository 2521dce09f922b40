import Directory
import Kernel
import Realtime
import Seeded
import Testing

@testable import Presence

/// Random lives of a few people, watched by somebody who only has the snapshot and the events, and held against what must always be true.
@Suite struct PresenceRandomTests {
    private struct World {
        let grace: Int64 = 20_000
        let lease: Int64 = 60_000
        var engine: PresenceEngine
        var random: SeededRandom
        var now = Timestamp(milliseconds: 1_700_000_000_000)
        let people = (1...5).map { UserID(rawValue: $0) }
        var stored: [UserID: ChosenPresence] = [:]
        var offset: Int64 = 1
        var connections: [ConnectionID: UserID] = [:]
        /// When each person's latest sign of life was, however their connections ended.
        var alive: [UserID: Timestamp] = [:]
        var nextConnection: UInt64 = 1
        /// What a reader of the events knows.
        var known: [UserID: PresenceView] = [:]
        /// The view of an invisible person when they became so.
        var hidden: [UserID: PresenceView?] = [:]

        init(seed: UInt64) {
            random = SeededRandom(seed)
            engine = PresenceEngine(configuration: .init(grace: grace, lease: lease), start: now)
            for person in people { stored[person] = ChosenPresence() }
        }

        var moment: Moment { Moment(time: now, uptime: Uptime(milliseconds: now.milliseconds - start.milliseconds)) }
        private let start = Timestamp(milliseconds: 1_700_000_000_000)

        mutating func handle(_ event: PresenceEngine.Event) { engine.handle(event, at: moment) }

        /// Reads that are on their way: a choice may be committed between a read and its arrival.
        var reads: [PresenceEngine.Event] = []

        mutating func read() {
            for user in engine.takeWanted().sorted() {
                reads.append(.loaded(user, stored[user] ?? ChosenPresence(), lastSeenAt: nil, asOf: offset))
            }
        }

        mutating func arrive() {
            while !reads.isEmpty { handle(reads.removeFirst()) }
        }

        /// All reads that are wanted have arrived.
        mutating func load() {
            repeat {
                arrive()
                read()
            } while !reads.isEmpty
        }

        mutating func step() throws {
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1: connect()
            case 2: leave()
            case 3: connections = connections.filter { _ in Int.random(in: 0..<8, using: &random) > 0 }
            case 4: try choose()
            case 5:
                let some = connections.keys.sorted { $0.rawValue < $1.rawValue }
                handle(.seen(some))
                for id in some { if let user = connections[id] { alive[user] = now } }
            case 6:
                if let id = anyConnection(), let user = connections[id] {
                    handle(.idle(id, Bool.random(using: &random)))
                    alive[user] = now
                }
            case 7: if Bool.random(using: &random) { read() } else { arrive() }
            default: now = now.adding(milliseconds: Int64.random(in: 0..<9000, using: &random))
            }
        }

        private mutating func anyConnection() -> ConnectionID? {
            connections.keys.sorted { $0.rawValue < $1.rawValue }.randomElement(using: &random)
        }

        private mutating func connect() {
            let id = ConnectionID(rawValue: nextConnection)
            nextConnection += 1
            connections[id] = people.randomElement(using: &random)
            handle(.connected(id, connections[id]!))
            alive[connections[id]!] = now
        }

        private mutating func leave() {
            guard let id = anyConnection(), let user = connections.removeValue(forKey: id) else { return }
            handle(.disconnected(id, Bool.random(using: &random) ? .left : .ended))
            alive[user] = now
        }

        private mutating func choose() throws {
            let user = people.randomElement(using: &random)!
            var chosen = stored[user] ?? ChosenPresence()
            chosen.status = ChosenPresence.Status.allCases.randomElement(using: &random)!
            chosen.message = ["a", "b", nil].randomElement(using: &random)!
            chosen.messageExpiresAt = Bool.random(using: &random) ? now.adding(seconds: 30) : nil
            let wasInvisible = stored[user]?.status == .invisible
            stored[user] = chosen
            handle(.chosen(user, chosen, at: offset))
            offset += 1
            if chosen.status != .invisible {
                hidden[user] = nil
            } else if !wasInvisible {
                hidden[user] = .some(nil)
            }
        }

        mutating func tick() {
            for change in engine.drain(at: moment).changes {
                // Versions and times only grow, and every event follows from the last one.
                if let before = known[change.user] {
                    #expect(change.before == before)
                    #expect(change.after.version > before.version)
                    #expect((before.lastSeenAt ?? change.after.lastSeenAt) ?? now <= (change.after.lastSeenAt ?? now))
                }
                known[change.user] = change.after
            }
            check()
        }

        private mutating func check() {
            for user in people {
                let view = engine.view(of: user)
                if let seen = known[user] { #expect(view == seen, "a fresh snapshot differs from what the events gave") }
                guard let view, engine.people[user]?.chosen != nil else { continue }
                if view.status != .offline {
                    let age = now.milliseconds - (alive[user]?.milliseconds ?? 0)
                    #expect(age < lease + grace, "a ghost: nothing was heard for \(age) ms")
                }
                if stored[user]?.status == .invisible {
                    #expect(view.status == .offline, "an invisible person is seen")
                    if let kept = hidden[user], let kept {
                        #expect(view.lastSeenAt == kept.lastSeenAt, "an invisible person moves")
                        #expect(view.status == kept.status && view.activity == kept.activity)
                    }
                    hidden[user] = .some(view)
                }
            }
        }
    }

    @Test(arguments: 1...60) func whatMustAlwaysBeTrueIs(seed: UInt64) throws {
        var world = World(seed: seed)
        for _ in 0..<400 {
            try world.step()
            world.tick()
        }
        world.connections = [:]
        world.load()
        for _ in 0..<12 {
            world.now = world.now.adding(seconds: 10)
            world.tick()
        }
        for user in world.people { #expect(world.engine.view(of: user)?.status ?? .offline == .offline) }
        #expect(world.engine.present.isEmpty)
    }
}
