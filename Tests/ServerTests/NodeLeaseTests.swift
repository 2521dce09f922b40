import Database
import Kernel
import TestSupport
import Testing

@testable import Server

@Suite struct NodeLeaseTests {
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func clock(_ seconds: Int64) -> WallClock {
        let time = Self.start.adding(seconds: seconds)
        return WallClock { time }
    }

    /// A life of a process: what it takes at one time, and the id that it gives at another.
    private func live(
        _ database: any Database, from begin: Int64, to end: Int64, place: String = "here"
    ) async throws -> (lease: NodeLease, id: RowID) {
        let lease = try await NodeLease.take(in: database, place: place, mayBeOneOfSeveral: true, clock: clock(begin))
        return (lease, IDGenerator(clock: clock(end), node: lease.node, highWater: lease.highWater).next())
    }

    /// Each life is killed before its lease is renewed once.
    @Test func idsGrowOverCrashesAndAClockThatIsSetBack() async throws {
        try await TestDatabase.sqlite.with(Site.migrations) { database in
            let first = try await live(database, from: 0, to: 4)
            let second = try await live(database, from: -3600, to: -3596)
            let third = try await live(database, from: -7200, to: -7196)
            let fourth = try await live(database, from: 60, to: 64)
            let fifth = try await live(database, from: 50, to: 54)
            let lives = [first, second, third, fourth, fifth]
            #expect(lives.map { $0.lease.node } == [0, 0, 0, 0, 0])
            let ids = lives.map { $0.id }
            #expect(ids == ids.sorted() && Set(ids).count == 5)
        }
    }

    @Test func nodesThatShareADatabaseHaveNumbersOfTheirOwn() async throws {
        try await TestDatabase.postgres.with(Site.migrations) { database in
            let first = try await live(database, from: 0, to: 1)
            let second = try await live(database, from: 0, to: 1, place: "there")
            #expect(first.lease.node == 0 && second.lease.node == 1)
            #expect(first.id != second.id)
            // Cut off from the database perhaps, and then gone.
            let third = try await live(database, from: 300, to: 301, place: "elsewhere")
            let fourth = try await live(database, from: 631, to: 632, place: "anywhere")
            #expect(third.lease.node == 2 && fourth.lease.node == 0)
        }
    }

    @Test func aSecondProcessIsRefusedOnPostgreSQL() async throws {
        try await TestDatabase.postgres.with(Site.migrations) { database in
            let first = try await NodeLease.take(in: database, place: "here", clock: clock(0))
            let failure = await #expect(throws: StartFailure.self) {
                _ = try await NodeLease.take(in: database, place: "there", clock: clock(10))
            }
            #expect(failure?.description.contains("Another foyer process serves this database (node 0)") ?? false)
            #expect(failure?.description.contains("in 20 s") ?? false)
            // Its successor on the same data folder, whose lock says that the first is gone, need not wait.
            let second = try await NodeLease.take(in: database, place: "here", clock: clock(11))
            #expect(second.node == first.node && second.holder != first.holder)
            // Nor does anybody after a stop that was in order.
            try await second.release(in: database, ids: IDGenerator(clock: clock(12), node: second.node, highWater: second.highWater))
            _ = try await NodeLease.take(in: database, place: "there", clock: clock(13))
        }
    }

    @Test func ofTwoThatStartAtOnceOneIsRefused() async throws {
        try await TestDatabase.postgres.with(Site.migrations) { database in
            let taken = await withTaskGroup(of: Bool.self) { group in
                for place in ["here", "there", "elsewhere"] {
                    group.addTask {
                        do {
                            _ = try await NodeLease.take(in: database, place: place, clock: clock(0))
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(taken == 1)
        }
    }
}
