import Database
import Kernel
import TestSupport
import Testing

@testable import Bus

/// What lies in the outbox of an event that is sealed, and what is in memory after a start.
@Suite struct SealedEventTests {
    /// Not a cipher: it tells the two forms apart, and binds what it seals to its event.
    private struct Mirror: EventCipher {
        struct Wrong: Error {}
        func seal(_ members: [UInt8], offset: Int64) -> [UInt8] { Array("\(offset):".utf8) + members.reversed() }
        func open(_ sealed: [UInt8], offset: Int64) throws -> [UInt8] {
            let head = Array("\(offset):".utf8)
            guard sealed.starts(with: head) else { throw Wrong() }
            return sealed.dropFirst(head.count).reversed()
        }
    }

    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func publish(_ type: String, at time: Timestamp = now, isSealed: Bool = false, in database: any Database) async throws {
        try await database.write { transaction in
            let event = OutboxEvent(type, topics: ["t"], members: ["text": "a secret"], requestID: "r", at: time)
            transaction.atCommit(isSealed ? event.sealed(by: Mirror()) : event)
        }
    }

    @Test(arguments: TestDatabase.all) func aSealedEventDoesNotLieInClear(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            try await publish("open", in: database)
            try await publish("sealed", isSealed: true, in: database)
            let rows = try await database.read { try $0.rows("SELECT members, sealed FROM outbox ORDER BY event_offset") }
            #expect(rows[0].text(0).contains("a secret") && rows[0].isNull(1))
            #expect(rows[1].text(0) == "{}" && !String(decoding: rows[1].blob(1), as: UTF8.self).contains("a secret"))
            let records = try await DatabaseOutbox(database: database, cipher: Mirror()).records(after: 0, limit: 10)
            #expect(records.map { $0.members["text"] } == ["a secret", "a secret"])
        }
    }

    /// A lost key, or bytes of another event: the others are read all the same.
    @Test(arguments: TestDatabase.all) func whatCannotBeOpenedHoldsUpNothing(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            try await publish("sealed", isSealed: true, in: database)
            try await publish("open", in: database)
            let unopened = try await DatabaseOutbox(database: database).records(after: 0, limit: 10)
            #expect(unopened.map { $0.members["unreadable"] } == [true, nil])
            _ = try await database.write { try $0.execute("UPDATE outbox SET event_offset = 9 WHERE event_offset = 1") }
            let moved = try await DatabaseOutbox(database: database, cipher: Mirror()).records(after: 0, limit: 10)
            #expect(moved.map { $0.members["unreadable"] } == [nil, true])
        }
    }

    /// Who comes back after a start is served from memory, as far as the last minutes go.
    @Test(arguments: TestDatabase.all) func theLastMinutesAreInMemoryAfterAStart(_ kind: TestDatabase) async throws {
        try await kind.with(outboxMigrations) { database in
            let now = Self.now
            for minutes: Int64 in [30, 20, 9, 5, 1] {
                try await publish("before \(minutes)", at: now.adding(milliseconds: -minutes * 60_000), in: database)
            }
            let broker = MemoryBroker(epoch: "e", clock: WallClock { now })
            let relay = OutboxRelay(database: database, broker: broker, clock: WallClock { now }) { _ in }
            try await relay.begin()
            let head = broker.position(of: "t")
            #expect(head.offset == 5)
            guard case .events(let recent, upTo: let end) = broker.replay("t", after: Position(epoch: head.epoch, offset: 2), of: nil)
            else {
                Issue.record("not in memory")
                return
            }
            #expect(recent.map(\.position.offset) == [3, 4, 5] && end == head)
            guard case .beyondMemory = broker.replay("t", after: Position(epoch: head.epoch, offset: 1), of: nil) else {
                Issue.record("more is in memory than the last minutes")
                return
            }
            // What is committed from now on follows without a gap.
            try await publish("after", at: now, in: database)
            await relay.publishCommitted()
            #expect(broker.position(of: "t").offset == 6)
        }
    }
}
