import Database
import DatabasePostgres
import Synchronization
import TestSupport
import Testing

@Suite struct FailureTests {
    /// A file that may not grow stands for a full disk: SQLITE_FULL either way.
    @Test func aFullDiskRefusesAndKeepsWhatWasAcknowledged() async throws {
        try await TestDatabase.sqlite.with(conformanceTables) { database in
            _ = try await database.write { try $0.rows("PRAGMA max_page_count = 80") }
            let block = [UInt8](repeating: 7, count: 4000)
            let acknowledged = await withTaskGroup(of: Int?.self) { group in
                for id in 1...200 {
                    group.addTask {
                        do {
                            _ = try await database.write { try $0.execute("INSERT INTO types (id, b) VALUES (\(id), \(block))") }
                            return id
                        } catch DatabaseError.diskFull { return nil } catch { return -1 }
                    }
                }
                return await group.reduce(into: Set<Int>()) { if let id = $1 { $0.insert(id) } }
            }
            let stored = try await database.read { Set(try $0.rows("SELECT id FROM types").map { $0.int(0) }) }
            #expect(stored == acknowledged)
            #expect(!stored.isEmpty && stored.count < 200)
            _ = try await database.write { try $0.rows("PRAGMA max_page_count = 100000") }
            _ = try await database.write { try $0.execute("INSERT INTO types (id, b) VALUES (\(1000), \(block))") }
            let integrity = try await database.read { try $0.row("PRAGMA integrity_check")?.text(0) }
            #expect(integrity == "ok")
        }
    }

    /// Two transactions that take two locks in opposite order: the server ends one, which runs again.
    @Test func deadlocksAreTriedAgain() async throws {
        try await TestDatabase.postgres.with(conformanceTables) { database in
            _ = try await database.write { try $0.execute("INSERT INTO counters (id, value) VALUES (2, 0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<2 {
                    group.addTask {
                        let order = index.isMultiple(of: 2) ? [1, 2] : [2, 1]
                        try await database.write { transaction in
                            for id in order {
                                try transaction.execute("UPDATE counters SET value = value + 1 WHERE id = \(id)")
                                try transaction.execute("SELECT 1 FROM pg_sleep(0.2)")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let values = try await database.read { try $0.rows("SELECT value FROM counters ORDER BY id").map { $0.int(0) } }
            #expect(values == [2, 2])
        }
    }

    /// The body ends its own connection: the first try fails there, the second on a new one.
    @Test func aLossBeforeCommitIsTriedAgain() async throws {
        try await TestDatabase.postgres.with(conformanceTables) { database in
            let attempts = Attempts()
            try await database.write { transaction in
                try transaction.execute("UPDATE counters SET value = value + 1 WHERE id = 1")
                if attempts.next() == 1 { try transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
            }
            let value = try await database.read { try $0.row("SELECT value FROM counters")?.int(0) }
            #expect(value == 1)
            #expect(attempts.next() == 3)
        }
    }

    @Test func saysWhatIsWrongWhenThereIsNoServer() async throws {
        await #expect { _ = try await PostgresDatabase.open(url: "postgres://nobody@127.0.0.1:1/none") } throws: {
            "\($0)".contains("cannot be reached")
        }
    }
}

/// Counts from 1.
private final class Attempts: Sendable {
    private let count = Atomic(0)
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
