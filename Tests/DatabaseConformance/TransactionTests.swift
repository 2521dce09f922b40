import Database
import Kernel
import Synchronization
import TestSupport
import Testing

@Suite struct TransactionTests {
    @Test(arguments: TestDatabase.all) func aThrownErrorLeavesNothing(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            await #expect(throws: Refusal.self) {
                try await database.write { transaction in
                    try transaction.execute("UPDATE counters SET value = 5")
                    transaction.atCommit(Numbered(label: "lost"))
                    throw Refusal()
                }
            }
            let row = try await database.read {
                try $0.row("SELECT value, (SELECT COUNT(*) FROM sequence), (SELECT next FROM sequence_head) FROM counters")
            }
            #expect(row?.int(0) == 0 && row?.int(1) == 0 && row?.int(2) == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aSwallowedErrorCommitsNothing(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            await #expect(throws: DatabaseError.foreignKey) {
                try await database.write { transaction in
                    try transaction.execute("UPDATE counters SET value = 5")
                    do { try transaction.execute("INSERT INTO children (id, parent_id) VALUES (1, 1)") } catch {}
                }
            }
            let stored = try await database.read { try $0.row("SELECT value FROM counters")?.int(0) }
            #expect(stored == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func concurrentWritersLoseNothing(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<256 {
                    group.addTask {
                        _ = try await database.write { try $0.execute("UPDATE counters SET value = value + 1 WHERE id = 1") }
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await database.read { try $0.row("SELECT value FROM counters")?.int(0) }
            #expect(stored == 256)
        }
    }

    /// Every third fails by its body, by a constraint or by its deferred write; the others are all there, numbered without a gap.
    @Test(arguments: TestDatabase.all) func oneFailureTouchesNoNeighbour(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
                for index in 0..<240 {
                    group.addTask {
                        do {
                            try await database.write { transaction in
                                try transaction.execute("INSERT INTO parents (id, name) VALUES (\(index), \("p\(index)"))")
                                transaction.atCommit(Numbered(label: index % 12 == 3 ? "poison" : "p\(index)"))
                                if index % 12 == 0 { throw Refusal() }
                                if index % 12 == 6 {
                                    try transaction.execute("INSERT INTO children (id, parent_id) VALUES (\(index), 9999)")
                                }
                            }
                            return (index, true)
                        } catch { return (index, false) }
                    }
                }
                return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
            }
            let expected = Set((0..<240).filter { ![0, 3, 6].contains($0 % 12) })
            #expect(Set(outcomes.filter(\.value).keys) == expected)
            let (parents, sequence) = try await database.read { transaction in
                (
                    try transaction.rows("SELECT id FROM parents").map { $0.int(0) },
                    try transaction.rows("SELECT seq, label FROM sequence ORDER BY seq").map { ($0.int(0), $0.text(1)) }
                )
            }
            #expect(Set(parents) == expected)
            #expect(sequence.map(\.0) == Array(1...expected.count))
            #expect(Set(sequence.map(\.1)) == Set(expected.map { "p\($0)" }))
        }
    }

    @Test(arguments: TestDatabase.all) func whatWasAcknowledgedIsRead(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            for value in 1...100 {
                _ = try await database.write { try $0.execute("UPDATE counters SET value = \(value)") }
                let stored = try await database.read { try $0.row("SELECT value FROM counters")?.int(0) }
                #expect(stored == value)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aReadSeesOneMoment(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            _ = try await database.write { try $0.execute("INSERT INTO counters (id, value) VALUES (2, 0)") }
            let writers = Task {
                for _ in 0..<200 { _ = try await database.write { try $0.execute("UPDATE counters SET value = value + 1") } }
            }
            for _ in 0..<100 {
                let pair = try await database.read { transaction in
                    let first = try transaction.row("SELECT value FROM counters WHERE id = 1")?.int(0)
                    return (first, try transaction.row("SELECT value FROM counters WHERE id = 2")?.int(0))
                }
                #expect(pair.0 == pair.1)
            }
            try await writers.value
        }
    }

    @Test(arguments: TestDatabase.all) func aReadCannotWrite(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            await #expect(throws: DatabaseError.self) { try await database.read { try $0.execute("UPDATE counters SET value = 9") } }
            let stored = try await database.read { try $0.row("SELECT value FROM counters")?.int(0) }
            #expect(stored == 0)
        }
    }

    /// One body holds a thread until the queue is known to have refused.
    @Test(arguments: TestDatabase.all) func aFullQueueRefuses(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables, limits: LimitsChange { $0.writes.queue = 8 }) { database in
            let gate = Gate()
            let refusals = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        do {
                            try await database.write { transaction in
                                gate.wait()
                                try transaction.execute("UPDATE counters SET value = value + 1")
                            }
                            return 0
                        } catch DatabaseError.unavailable {
                            gate.open()
                            return 1
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            let done = try await database.read { try $0.row("SELECT value FROM counters")?.int(0) }
            #expect(refusals > 0)
            #expect(done == 100 - refusals)
        }
    }

    @Test(arguments: TestDatabase.all) func tellsListenersOfDeferredWrites(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            database.onCommit { continuation.yield() }
            _ = try await database.write { try $0.execute("UPDATE counters SET value = 1") }
            try await database.write { $0.atCommit(Numbered(label: "a")) }
            for await _ in stream.prefix(1) {}
            await database.close()
            continuation.finish()
            let more = await stream.reduce(0) { count, _ in count + 1 }
            #expect(more == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func finishesWhatWaitsThenRefuses(_ kind: TestDatabase) async throws {
        let place = try await kind.fresh()
        let database = try await place.open()
        try await Migrator(conformanceTables).run(on: database)
        let writes = Task {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        do {
                            _ = try await database.write { try $0.execute("UPDATE counters SET value = value + 1") }
                            return true
                        } catch DatabaseError.unavailable { return false }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
        }
        await database.close()
        await #expect(throws: DatabaseError.self) { try await database.write { try $0.execute("UPDATE counters SET value = 0") } }
        await #expect(throws: DatabaseError.self) { try await database.read { try $0.rows("SELECT 1") } }
        let done = try await writes.value
        let again = try await place.open()
        #expect(try await again.read { try $0.row("SELECT value FROM counters")?.int(0) } == done)
        await again.close()
        try await place.remove()
    }
}

/// Keeps a driver's thread until it is opened.
final class Gate: Sendable {
    private let flag = Atomic(false)
    var isOpen: Bool { flag.load(ordering: .acquiring) }
    func open() { flag.store(true, ordering: .releasing) }
    func wait() { while !isOpen {} }
}
