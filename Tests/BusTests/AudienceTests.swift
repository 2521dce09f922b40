import Database
import Kernel
import Synchronization
import TestSupport
import Testing

@testable import Bus

/// Who gets an event of a conversation: those who were members when it was committed, live and after a return, from memory and from the table.
@Suite struct AudienceTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)
    private let room = ConversationID(rawValue: 77)
    private let ann = UserID(rawValue: 1)
    private let bob = UserID(rawValue: 2)
    private let cat = UserID(rawValue: 3)

    private func say(_ name: String, _ membership: MembershipChange? = nil, in database: any Database) async throws {
        try await database.write { transaction in
            transaction.atCommit(
                OutboxEvent(name, to: [.members(of: room)], members: [:], membership: membership, requestID: "r", at: now))
        }
    }

    private func relay(_ database: any Database, _ broker: MemoryBroker, clock: Timestamp? = nil) -> OutboxRelay {
        let time = clock ?? now
        return OutboxRelay(database: database, broker: broker, clock: WallClock { time }) { Issue.record("the relay failed: \($0)") }
    }

    /// Bob leaves and comes back, Cat is there in between.
    private func history(_ database: any Database) async throws {
        try await say("t1", MembershipChange(room, joining: [ann, bob]), in: database)
        try await say("t2", in: database)
        try await say("t3", MembershipChange(room, joining: [cat], leaving: [bob]), in: database)
        try await say("t4", in: database)
        try await say("t5", MembershipChange(room, joining: [bob], leaving: [cat]), in: database)
        try await say("t6", in: database)
    }

    private let expected: [Int64: [String]] = [
        1: ["t1", "t2", "t3", "t4", "t5", "t6"], 2: ["t1", "t2", "t3", "t5", "t6"], 3: ["t3", "t4", "t5"],
    ]

    private func names(_ replay: Replay) throws -> [String] {
        guard case .events(let publications, _) = replay else { return ["lost"] }
        return try publications.map { try JSONParser.parse($0.payload)["type"]?.string ?? "" }
    }

    private func received(_ relay: OutboxRelay, _ broker: MemoryBroker) async throws -> [Int64: [String]] {
        var received: [Int64: [String]] = [:]
        let start = Position(epoch: broker.position(of: "users").epoch, offset: 0)
        for user in [ann, bob, cat] {
            received[user.rawValue] = try names(try await relay.replay(Audience.topic(of: user), after: start))
        }
        return received
    }

    @Test(arguments: TestDatabase.all) func thoseWhoWereMembersAtTheCommitGetIt(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let broker = MemoryBroker(epoch: "e")
            let relay = relay(database, broker)
            try await relay.begin()
            let heard = Mutex<[Int64: [String]]>([:])
            broker.attach { batch in
                for publication in batch {
                    for user in publication.recipients {
                        let name = String(decoding: publication.payload, as: UTF8.self).split(separator: "\"")[2]
                        heard.withLock { $0[user.rawValue, default: []].append(String(name)) }
                    }
                }
            }
            // All are committed before the first is published: what was is not what is.
            try await history(database)
            await relay.publishCommitted()
            #expect(heard.withLock { $0 } == expected)
            #expect(try await received(relay, broker) == expected)
            // One row an event, whoever gets it.
            let rows = try await database.read { try $0.rows("SELECT COUNT(*), (SELECT COUNT(*) FROM outbox) FROM outbox_index") }
            #expect(rows.map { [$0.int(0), $0.int(1)] } == [[6, 6]])
            // A restart has the latest in memory, and after some hours nothing.
            for time in [now, now.adding(seconds: 7200)] {
                let second = MemoryBroker(epoch: "f")
                let after = self.relay(database, second, clock: time)
                try await after.begin()
                #expect(try await received(after, second) == expected)
            }
        }
    }

    /// The index is kept from one batch to the next, and read anew where the members changed.
    @Test(arguments: TestDatabase.all) func aChangeOfMembersIsSeenByTheNextEvent(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let broker = MemoryBroker(epoch: "e")
            let relay = relay(database, broker)
            try await relay.begin()
            for (name, change) in [
                ("t1", MembershipChange(room, joining: [ann, bob])), ("t2", nil),
                ("t3", MembershipChange(room, joining: [cat], leaving: [bob])), ("t4", nil),
                ("t5", MembershipChange(room, joining: [bob], leaving: [cat])), ("t6", nil),
            ] {
                try await say(name, change, in: database)
                await relay.publishCommitted()
            }
            #expect(try await received(relay, broker) == expected)
        }
    }

    @Test(arguments: TestDatabase.all) func theIndexIsSweptWithTheOutbox(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            try await history(database)
            let broker = MemoryBroker(epoch: "e")
            let relay = relay(database, broker, clock: now.adding(seconds: 24 * 3600 + 1))
            try await relay.begin()
            await relay.sweep()
            let left = try await database.read { transaction in
                try ["outbox", "outbox_index"].map { try transaction.row("SELECT COUNT(*) FROM \(sql: SQL(trusted: $0))")?.int(0) }
            }
            #expect(left == [0, 0])
            // Who is a member stays; who was is of no use without the events.
            let members = try await database.read { transaction in
                try transaction.rows("SELECT user_id, until_offset FROM audience_members ORDER BY user_id").map {
                    [$0.int64(0), $0.optionalInt64(1) ?? 0]
                }
            }
            #expect(members == [[1, 0], [2, 0]])
            try await say("t7", in: database)
            await relay.publishCommitted()
            let place = Position(epoch: broker.position(of: "users").epoch, offset: 6)
            #expect(try names(broker.replay(Audience.topic(of: bob), after: place)) == ["t7"])
            #expect(try names(broker.replay(Audience.topic(of: cat), after: place)) == [])
        }
    }

    /// A site that was used before the index: what was stored replays as it did.
    @Test(arguments: TestDatabase.all) func anOldOutboxIsIndexed(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations.filter { $0.name != "outbox_audiences" }) { database in
            try await database.write { transaction in
                for (offset, topics) in [(1, #"["roles"]"#), (2, #"["users","user:\#(ann.uuid)"]"#), (3, #"["roles"]"#)] {
                    try transaction.execute(
                        """
                        INSERT INTO outbox (event_offset, topics, type, members, request_id, created_at)
                        VALUES (\(offset), \(topics), \("t\(offset)"), '{}', 'r', \(now))
                        """)
                }
                try transaction.execute("UPDATE outbox_head SET next_offset = 4")
            }
            _ = try await Migrator(outboxMigrations).run(on: database)
            let broker = MemoryBroker(epoch: "e")
            let relay = relay(database, broker)
            try await relay.begin()
            let start = Position(epoch: broker.position(of: "users").epoch, offset: 0)
            #expect(try names(try await relay.replay("roles", after: start)) == ["t1", "t3"])
            #expect(try names(try await relay.replay(Audience.topic(of: ann), after: start)) == ["t2"])
        }
    }

    @Test(arguments: TestDatabase.all) func aReplayScansNothing(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            try await Crowd().fill(.outbox, in: database)
            _ = try await database.write { try $0.execute("UPDATE outbox_head SET next_offset = 20001") }
            let explained = ExplainedDatabase(database)
            let relay = relay(explained, MemoryBroker(epoch: "e"))
            try await relay.begin()
            try await say("t", MembershipChange(room, joining: [ann]), in: explained)
            await relay.publishCommitted()
            let table = DatabaseOutbox(database: explained)
            for topic in ["roles", Audience.topic(of: ann), Audience.topic(of: UserID(rawValue: 1007))] {
                _ = try await table.records(of: topic, after: 19_990, limit: 5000)
            }
            await relay.sweep()
            let tables = ["outbox", "outbox_index", "audience_members"]
            let asked = explained.plans.filter { plan in tables.contains { plan.statement.contains("FROM \($0) ") } }
            #expect(asked.count >= 20)
            for plan in explained.plans { #expect(plan.scanned(tables) == [], "\(plan)") }
        }
    }
}
