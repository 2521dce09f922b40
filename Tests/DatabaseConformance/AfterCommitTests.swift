import Database
import Synchronization
import TestSupport
import Testing

/// What a transaction keeps for the time after its COMMIT.
@Suite struct AfterCommitTests {
    private let tables = [Migration("0001_notes", ["CREATE TABLE notes (id BIGINT PRIMARY KEY)"])]

    private final class Calls: Sendable {
        private let list = Mutex<[Int]>([])
        func add(_ number: Int) { list.withLock { $0.append(number) } }
        var all: [Int] { list.withLock { $0 } }
    }

    private struct Refused: Error {}

    @Test(arguments: TestDatabase.all) func runsOnceBeforeTheAnswer(_ kind: TestDatabase) async throws {
        try await kind.with(tables) { database in
            let calls = Calls()
            let answer = try await database.write { transaction in
                try transaction.execute("INSERT INTO notes (id) VALUES (1)")
                transaction.afterCommit { calls.add(1) }
                transaction.afterCommit { calls.add(2) }
                return calls.all
            }
            #expect(answer.isEmpty && calls.all == [1, 2])
        }
    }

    @Test(arguments: TestDatabase.all) func seesWhatWasCommitted(_ kind: TestDatabase) async throws {
        try await kind.with(tables) { database in
            let (found, told) = AsyncStream<Int>.makeStream()
            try await database.write { transaction in
                try transaction.execute("INSERT INTO notes (id) VALUES (1)")
                transaction.afterCommit {
                    Task {
                        told.yield(try await database.read { try $0.row("SELECT COUNT(*) FROM notes")?.int(0) ?? -1 })
                        told.finish()
                    }
                }
            }
            #expect(await found.first { _ in true } == 1)
        }
    }

    /// Some of a group that is committed together fail: the others run their own, and theirs do not run.
    @Test(arguments: TestDatabase.all) func doesNotRunForWhatIsRolledBack(_ kind: TestDatabase) async throws {
        try await kind.with(tables) { database in
            let calls = Calls()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        _ = try? await database.write { transaction in
                            transaction.afterCommit { calls.add(number) }
                            try transaction.execute("INSERT INTO notes (id) VALUES (\(number))")
                            switch number % 3 {
                            case 1: throw Refused()
                            // A statement fails, and the body swallows its error.
                            case 2: _ = try? transaction.execute("INSERT INTO notes (id) VALUES (\(number))")
                            default: break
                            }
                        }
                    }
                }
            }
            let expected = (0..<200).filter { $0 % 3 == 0 }
            #expect(calls.all.sorted() == expected)
            let count = try await database.read { try $0.row("SELECT COUNT(*) FROM notes")?.int(0) }
            #expect(count == 67)
        }
    }

    /// A deferred write that fails undoes the whole group, whose bodies then run again one by one: what a first run kept is not run.
    @Test(arguments: TestDatabase.all) func runsOnceWhenAGroupIsRepeated(_ kind: TestDatabase) async throws {
        try await kind.with(tables) { database in
            let calls = Calls()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        _ = try? await database.write { transaction in
                            try transaction.execute("INSERT INTO notes (id) VALUES (\(number))")
                            transaction.afterCommit { calls.add(number) }
                            if number % 10 == 0 { transaction.atCommit(FailingWrite()) }
                        }
                    }
                }
            }
            let expected = (0..<60).filter { $0 % 10 != 0 }
            #expect(calls.all.sorted() == expected)
        }
    }

    /// Two transactions that take two rows in opposite orders: PostgreSQL ends one, which runs again.
    @Test(arguments: TestDatabase.all) func runsOnceAfterADeadlock(_ kind: TestDatabase) async throws {
        try await kind.with(tables) { database in
            _ = try await database.write { try $0.execute("INSERT INTO notes (id) VALUES (1), (2)") }
            let calls = Calls()
            for round in 0..<5 {
                await withTaskGroup(of: Void.self) { group in
                    for order in [[1, 2], [2, 1]] {
                        group.addTask {
                            _ = try? await database.write { transaction in
                                transaction.afterCommit { calls.add(round * 10 + order[0]) }
                                for id in order { try transaction.execute("UPDATE notes SET id = id WHERE id = \(id)") }
                            }
                        }
                    }
                }
            }
            #expect(calls.all.sorted() == [1, 2, 11, 12, 21, 22, 31, 32, 41, 42])
        }
    }
}

private struct FailingWrite: DeferredWrite {
    static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws {
        try transaction.execute("INSERT INTO notes (id) VALUES ('x')")
    }
}
