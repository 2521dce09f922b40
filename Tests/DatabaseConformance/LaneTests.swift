import Database
import DatabasePostgres
import Glibc
import Kernel
import Synchronization
import TestSupport
import Testing

@Suite struct LaneTests {
    /// Never ends by itself.
    private static let endless: SQL = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"

    private func value(in database: any Database, _ lane: ReadLane = .requests) async throws -> Int? {
        try await database.read(lane) { try $0.row("SELECT value FROM counters")?.int(0) }
    }

    /// Every connection of the heavy lane is held; the others answer, in any number.
    @Test(arguments: TestDatabase.all) func heavyReadsTakeNoOtherLane(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            let gate = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await database.read(.heavy) { _ in gate.wait() } } }
                for _ in 0..<20 {
                    #expect(try await value(in: database, .requests) == 0)
                    #expect(try await value(in: database, .system) == 0)
                }
                gate.open()
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: TestDatabase.all) func requestsDoNotHoldUpTheSystem(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            let gate = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { try await database.read { _ in gate.wait() } } }
                #expect(try await value(in: database, .system) == 0)
                gate.open()
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: TestDatabase.all, ReadLane.allCases)
    func aReadEndsAtItsDeadlineAndLeavesTheConnectionUsable(_ kind: TestDatabase, _ lane: ReadLane) async throws {
        let shorten = LimitsChange { limits in
            limits.requests.deadline = 300
            limits.system.deadline = 300
            limits.heavy.deadline = 300
        }
        try await kind.with(conformanceTables, limits: shorten) { database in
            for _ in 0..<3 {
                await #expect { _ = try await database.read(lane) { try $0.rows(Self.endless) } } throws: { $0.isTimedOut }
            }
            let value = try await database.read(lane) { try $0.row("SELECT value FROM counters")?.int(0) }
            #expect(value == 0)
        }
    }

    /// A body that runs many short statements is ended between two of them.
    @Test(arguments: TestDatabase.all) func aDeadlineCoversTheWholeBody(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables, limits: LimitsChange { $0.requests.deadline = 200 }) { database in
            _ = await #expect {
                try await database.read { (transaction) throws -> Void in
                    while true { _ = try transaction.rows("SELECT value FROM counters") }
                }
            } throws: { $0.isTimedOut }
        }
    }

    @Test(arguments: TestDatabase.all) func waitingCountsTowardsTheDeadline(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables, limits: LimitsChange { $0.heavy.deadline = 1000 }) { database in
            let (gate, isHeld) = (Gate(), Gate())
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Its own deadline passes, too, which does not matter here.
                group.addTask {
                    while !isHeld.isOpen {
                        try? await database.read(.heavy) { _ in
                            isHeld.open()
                            gate.wait()
                        }
                    }
                }
                while !isHeld.isOpen { await Task.yield() }
                group.addTask {
                    await #expect {
                        try await database.read(.heavy) { _ in Issue.record("it ran after its deadline") }
                    } throws: { $0.isTimedOut }
                    gate.open()
                }
                // Without a deadline the second read would wait for ever: it runs then, and fails the test.
                group.addTask {
                    try? await Task.sleep(for: .seconds(20))
                    gate.open()
                }
                _ = try await group.next()
                _ = try await group.next()
                group.cancelAll()
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aFullLaneRefusesAndLeavesTheOthersOpen(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables, limits: LimitsChange { $0.heavy.queue = 2 }) { database in
            let gate = Gate()
            let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do { try await database.read(.heavy) { _ in gate.wait() } } catch DatabaseError.unavailable { return true }
                        return false
                    }
                }
                var refused = 0
                while refused < 10, let isRefused = try await group.next() { refused += isRefused ? 1 : 0 }
                #expect(try await value(in: database) == 0)
                gate.open()
                try await group.waitForAll()
                return refused
            }
            #expect(refused == 10)
        }
    }

    /// A migration may take longer than a write may.
    @Test(arguments: TestDatabase.all) func aLiftedDeadlineIsNone(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables, limits: LimitsChange { $0.writes.deadline = 300 }) { database in
            try await database.write { transaction in
                try transaction.liftDeadline()
                usleep(1_500_000)
                try transaction.execute("UPDATE counters SET value = 7")
            }
            #expect(try await value(in: database) == 7)
            // Of that transaction alone.
            await #expect {
                try await database.write { (transaction) throws -> Void in
                    while true { try transaction.execute("UPDATE counters SET value = 8") }
                }
            } throws: { $0.isTimedOut }
            #expect(try await value(in: database) == 7)
        }
    }

    @Test(arguments: TestDatabase.all) func anAbortEndsWhatRunsAndWhatWaits(_ kind: TestDatabase) async throws {
        try await kind.with(conformanceTables) { database in
            let started = Tally()
            let failures = await withTaskGroup(of: Bool.self) { group in
                for lane in ReadLane.allCases {
                    for _ in 0..<6 {
                        group.addTask {
                            do {
                                _ = try await database.read(lane) { transaction in
                                    started.add()
                                    return try transaction.rows(Self.endless)
                                }
                                return false
                            } catch DatabaseError.unavailable { return true } catch { return false }
                        }
                    }
                }
                while started.count < 3 { await Task.yield() }
                database.abort()
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failures == 18)
        }
    }

    /// A socket that accepts and says nothing stands for a server that is frozen.
    @Test func aServerThatDoesNotAnswerIsGivenUp() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                #expect(bind(descriptor, generic, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, generic, &size) == 0)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        await #expect { _ = try await PostgresDatabase.open(url: "postgres://foyer@127.0.0.1:\(port)/foyer?sslmode=disable") } throws: {
            $0.isTimedOut && "\($0)".contains("does not answer")
        }
    }
}

private final class Tally: Sendable {
    private let value = Atomic(0)
    var count: Int { value.load(ordering: .relaxed) }
    func add() { value.add(1, ordering: .relaxed) }
}

extension Error {
    fileprivate var isTimedOut: Bool { if case .timedOut = self as? DatabaseError { true } else { false } }
}
