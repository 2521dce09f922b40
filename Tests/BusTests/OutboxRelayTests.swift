import Database
import Kernel
import Synchronization
import TestSupport
import Testing

@testable import Bus

@Suite struct OutboxRelayTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func write(_ numbers: ClosedRange<Int>, to topics: [String], in database: any Database) async throws {
        for number in numbers {
            try await database.write { transaction in
                transaction.atCommit(
                    OutboxEvent("role.created", topics: topics, members: ["n": JSON(number)], requestID: "r\(number)", at: now))
            }
        }
    }

    private func relay(_ database: any Database, _ broker: MemoryBroker, clock: Timestamp? = nil, maximum: Int = 5000) -> OutboxRelay {
        var options = OutboxRelay.Options()
        options.maximumReplay = maximum
        let time = clock ?? now
        return OutboxRelay(database: database, broker: broker, clock: WallClock { time }, options: options) { error in
            Issue.record("the relay failed: \(error)")
        }
    }

    private func offsets(_ replay: Replay) -> [Int64]? {
        guard case .events(let publications, _) = replay else { return nil }
        return publications.map(\.position.offset)
    }

    @Test(arguments: TestDatabase.all) func whatIsCommittedIsPublishedOnceAndInOrder(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let broker = MemoryBroker(epoch: "e")
            let relay = relay(database, broker)
            try await relay.begin()
            let seen = Mutex<[String]>([])
            broker.attach { batch in seen.withLock { $0 += batch.map { String(decoding: $0.payload, as: UTF8.self) } } }
            try await write(1...3, to: ["roles"], in: database)
            await relay.publishCommitted()
            await relay.publishCommitted()
            let texts = seen.withLock { $0 }
            #expect(texts.count == 3)
            let first = try JSONParser.parse(Array(texts[0].utf8))
            #expect(first["type"] == "role.created" && first["n"] == 1 && first["request_id"] == "r1" && first["topic"] == "roles")
            #expect(first["at"] == "2023-11-14T22:13:20.000Z")
            #expect(first["position"]?.string.flatMap { Position($0) }?.offset == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aCommitWakesTheRelay(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let broker = MemoryBroker(epoch: "e")
            var options = OutboxRelay.Options()
            options.poll = 3_600_000
            let relay = OutboxRelay(database: database, broker: broker, clock: WallClock { now }, options: options) { error in
                Issue.record("the relay failed: \(error)")
            }
            try await relay.begin()
            let (stream, continuation) = AsyncStream.makeStream(of: Int64.self)
            broker.attach { batch in for publication in batch { continuation.yield(publication.position.offset) } }
            let running = Task { try await relay.run() }
            try await write(1...5, to: ["roles"], in: database)
            var seen: [Int64] = []
            for await offset in stream {
                seen.append(offset)
                if seen.count == 5 { break }
            }
            running.cancel()
            // Its last look at the outbox is over before the database is closed.
            _ = await running.result
            #expect(seen == [1, 2, 3, 4, 5])
        }
    }

    @Test(arguments: TestDatabase.all) func positionsHoldAcrossARestart(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let first = MemoryBroker(epoch: "e1")
            let before = relay(database, first)
            try await before.begin()
            try await write(1...4, to: ["roles"], in: database)
            await before.publishCommitted()
            let position = Position(epoch: first.position(of: "roles").epoch, offset: 2)
            // A process that was killed between COMMIT and publishing.
            try await write(5...5, to: ["roles", "users"], in: database)
            let second = MemoryBroker(epoch: "e2")
            let after = relay(database, second)
            try await after.begin()
            #expect(second.position(of: "roles").offset == 5)
            #expect(offsets(try await after.replay("roles", after: position)) == [3, 4, 5])
            #expect(offsets(try await after.replay("users", after: position)) == [5])
            #expect(offsets(try await after.replay("role", after: position)) == [])
        }
    }

    /// Who listens from now on gets neither by the broker: what it has published already must be in the replay, whatever the relay has noted of it.
    @Test(arguments: TestDatabase.all) func aReplayReachesUpToWhatWasPublished(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let broker = MemoryBroker(epoch: "e", bounds: .init(events: 1))
            let relay = relay(database, broker)
            try await relay.begin()
            try await write(1...3, to: ["roles"], in: database)
            // Where the relay is between publishing and noting that it did.
            let records = try await DatabaseOutbox(database: database).records(after: 0, limit: 10)
            broker.publish(records)
            let start = Position(epoch: broker.position(of: "roles").epoch, offset: 0)
            #expect(offsets(try await relay.replay("roles", after: start)) == [1, 2, 3])
        }
    }

    @Test(arguments: TestDatabase.all) func whoMissedTooMuchTakesANewSnapshot(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let broker = MemoryBroker(epoch: "e", bounds: .init(events: 2))
            let relay = relay(database, broker, maximum: 3)
            try await relay.begin()
            try await write(1...8, to: ["roles"], in: database)
            await relay.publishCommitted()
            let epoch = broker.position(of: "roles").epoch
            #expect(offsets(try await relay.replay("roles", after: Position(epoch: epoch, offset: 5))) == [6, 7, 8])
            guard case .lost = try await relay.replay("roles", after: Position(epoch: epoch, offset: 4)) else {
                Issue.record("four events were replayed where three are the limit")
                return
            }
            guard case .lost = try await relay.replay("roles", after: Position(epoch: "other", offset: 7)) else {
                Issue.record("a position of another epoch was taken")
                return
            }
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsOlderThanADayIsForgottenAndNotSkippedSilently(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let broker = MemoryBroker(epoch: "e", bounds: .init(events: 1))
            try await write(1...4, to: ["roles"], in: database)
            let relay = relay(database, broker, clock: now.adding(seconds: 24 * 3600 + 1))
            try await relay.begin()
            await relay.sweep()
            let count = try await database.read { try $0.row("SELECT COUNT(*) FROM outbox")?.int(0) }
            #expect(count == 0)
            let epoch = broker.position(of: "roles").epoch
            guard case .lost = try await relay.replay("roles", after: Position(epoch: epoch, offset: 2)) else {
                Issue.record("a gap was passed over")
                return
            }
            #expect(offsets(try await relay.replay("roles", after: Position(epoch: epoch, offset: 4))) == [])
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsSweptLeavesNoGap(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            try await write(1...3, to: ["roles"], in: database)
            // Another node's clock was ahead when it wrote the second.
            let later = now.adding(seconds: 3600)
            _ = try await database.write { try $0.execute("UPDATE outbox SET created_at = \(later) WHERE event_offset = 2") }
            await relay(database, MemoryBroker(epoch: "e"), clock: now.adding(seconds: 24 * 3600 + 1)).sweep()
            let left = try await database.read { try $0.rows("SELECT event_offset FROM outbox ORDER BY event_offset").map { $0.int64(0) } }
            #expect(left == [2, 3])
        }
    }

    @Test(arguments: TestDatabase.all) func aLongOutboxIsReadFromWhereOneWas(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            try await Crowd().fill(.outbox, in: database)
            _ = try await database.write { try $0.execute("UPDATE outbox_head SET next_offset = 20001") }
            let explained = ExplainedDatabase(database)
            let relay = relay(explained, MemoryBroker(epoch: "e"))
            try await relay.begin()
            try await write(20_001...20_002, to: ["roles"], in: explained)
            await relay.publishCommitted()
            let position = Position(epoch: "e", offset: 19_990)
            _ = try await relay.replay("roles", after: position)
            await relay.sweep()
            #expect(explained.plans.filter { $0.statement.contains("FROM outbox ") }.count >= 20)
            for plan in explained.plans { #expect(plan.scanned(["outbox"]) == [], "\(plan)") }
        }
    }
}
