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
    private func live(_ database: any Database, from begin: Int64, to end: Int64) async throws -> (lease: NodeLease, id: RowID) {
        let lease = try await NodeLease.take(in: database, clock: clock(begin))
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
            let second = try await live(database, from: 0, to: 1)
            #expect(first.lease.node == 0 && second.lease.node == 1)
            #expect(first.id != second.id)
            // Cut off from the database perhaps, and then gone.
            #expect(try await NodeLease.take(in: database, clock: clock(300)).node == 2)
            #expect(try await NodeLease.take(in: database, clock: clock(631)).node == 0)
        }
    }
}
