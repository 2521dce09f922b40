import Database
import Kernel
import Runtime
import Synchronization
import TestSupport
import Testing

@testable import Bus

/// Consumers of the outbox over a clock that stands still until a test moves it.
@Suite struct ConsumerTests {
    private struct Broken: Error {}

    private final class Stage: Sendable {
        let database: any Database
        private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))
        private let seen = Mutex<[String]>([])
        let isBroken = Mutex(false)
        let isOff = Mutex(false)

        init(_ database: any Database) { self.database = database }

        var clock: WallClock { WallClock { [self] in time.withLock { $0 } } }
        func pass(_ milliseconds: Int64) { time.withLock { $0 = $0.adding(milliseconds: milliseconds) } }
        func note(_ text: String) { seen.withLock { $0.append(text) } }
        var notes: [String] { seen.withLock { $0 } }

        func publish(_ types: String...) async throws {
            let now = clock.now()
            try await database.write { transaction in
                for type in types { transaction.atCommit(OutboxEvent(type, topics: ["t"], members: [:], requestID: "r", at: now)) }
            }
        }

        func service(_ consumers: Consumer..., metrics: Metrics = Metrics()) -> ConsumerService {
            ConsumerService(database: database, consumers: consumers, clock: clock, log: .silent, metrics: metrics)
        }

        /// Writes each event into a table, as an effect that must happen once.
        func writer(_ name: String, types: Set<String>? = nil, batch: Int = 200) -> Consumer {
            Consumer(name, types: types, batch: batch) { [self] events, transaction in
                for event in events {
                    try transaction.execute(
                        "INSERT INTO effects (consumer, event_offset, type) VALUES (\(name), \(event.offset), \(event.type))")
                }
                if isBroken.withLock({ $0 }) { throw Broken() }
            }
        }

        func effects(_ name: String) async throws -> [String] {
            try await database.read { transaction in
                try transaction.rows("SELECT type FROM effects WHERE consumer = \(name) ORDER BY event_offset").map { $0.text(0) }
            }
        }
    }

    private func with(_ kind: TestDatabase, _ body: (Stage) async throws -> Void) async throws {
        let effects = Migration(
            "9000_effects",
            [
                "CREATE TABLE effects (consumer TEXT NOT NULL, event_offset BIGINT NOT NULL, type TEXT NOT NULL, PRIMARY KEY (consumer, event_offset))"
            ])
        try await kind.with(outboxMigrations + [effects]) { try await body(Stage($0)) }
    }

    @Test(arguments: TestDatabase.all) func getsEverythingAfterItsFirstStartInOrder(_ kind: TestDatabase) async throws {
        try await with(kind) { stage in
            try await stage.publish("before")
            let service = stage.service(stage.writer("a"), stage.writer("b", types: ["two"]))
            await service.consumeCommitted()
            try await stage.publish("one", "two")
            try await stage.publish("three")
            await service.consumeCommitted()
            #expect(try await stage.effects("a") == ["one", "two", "three"])
            #expect(try await stage.effects("b") == ["two"])
        }
    }

    /// Another process goes on where the last transaction ended.
    @Test(arguments: TestDatabase.all) func goesOnAfterAProcessEnded(_ kind: TestDatabase) async throws {
        try await with(kind) { stage in
            await stage.service(stage.writer("a", batch: 2)).consumeCommitted()
            try await stage.publish("1", "2", "3", "4", "5")
            await stage.service(stage.writer("a", batch: 2)).consumeCommitted()
            try await stage.publish("6")
            await stage.service(stage.writer("a", batch: 2)).consumeCommitted()
            #expect(try await stage.effects("a") == ["1", "2", "3", "4", "5", "6"])
        }
    }

    /// What a batch wrote before it failed is undone with it; others go on; the next try waits longer each time.
    @Test(arguments: TestDatabase.all) func aFailureLeavesNothingAndStopsNobodyElse(_ kind: TestDatabase) async throws {
        try await with(kind) { stage in
            let metrics = Metrics()
            let other = Consumer("other") { events, _ in for event in events { stage.note(event.type) } }
            let service = stage.service(stage.writer("a"), other, metrics: metrics)
            await service.consumeCommitted()
            stage.isBroken.withLock { $0 = true }
            try await stage.publish("one")
            await service.consumeCommitted()
            #expect(try await stage.effects("a").isEmpty)
            #expect(stage.notes == ["one"])
            // It waits a second, then two.
            stage.pass(999)
            await service.consumeCommitted()
            #expect(metrics.render().contains("foyer_consumer_failures_total{consumer=\"a\"} 1"))
            stage.pass(1)
            await service.consumeCommitted()
            #expect(metrics.render().contains("foyer_consumer_failures_total{consumer=\"a\"} 2"))
            stage.isBroken.withLock { $0 = false }
            stage.pass(1999)
            await service.consumeCommitted()
            #expect(try await stage.effects("a").isEmpty)
            stage.pass(1)
            await service.consumeCommitted()
            #expect(try await stage.effects("a") == ["one"])
        }
    }

    /// Several nodes at once: the effect's own key would tell of a second time.
    @Test(arguments: TestDatabase.all) func severalNodesHandleEachEventOnce(_ kind: TestDatabase) async throws {
        try await with(kind) { stage in
            await stage.service(stage.writer("a")).consumeCommitted()
            for round in 0..<20 { try await stage.publish("\(round)") }
            let nodes = (0..<4).map { _ in stage.service(stage.writer("a", batch: 3)) }
            await withDiscardingTaskGroup { group in for node in nodes { group.addTask { await node.consumeCommitted() } } }
            await nodes[0].consumeCommitted()
            #expect(try await stage.effects("a") == (0..<20).map(String.init))
        }
    }

    /// What a consumer has not read is not swept, but for a bounded time.
    @Test(arguments: TestDatabase.all) func holdsBackTheSweepForABoundedTime(_ kind: TestDatabase) async throws {
        try await with(kind) { stage in
            let service = stage.service(stage.writer("a"))
            await service.consumeCommitted()
            try await stage.publish("one")
            let table = DatabaseOutbox(database: stage.database)
            func count() async throws -> Int { try await stage.database.read { try $0.row("SELECT COUNT(*) FROM outbox")?.int(0) ?? -1 } }
            stage.pass(2 * 86_400_000)
            let day = stage.clock.now().adding(milliseconds: -86_400_000)
            try await table.sweep(before: day)
            #expect(try await count() == 1)
            await service.consumeCommitted()
            try await table.sweep(before: day)
            #expect(try await count() == 0)
            #expect(try await stage.effects("a") == ["one"])
            // A consumer that nobody runs any more.
            try await stage.publish("two")
            stage.pass(DatabaseOutbox.longestHold)
            try await table.sweep(before: stage.clock.now().adding(milliseconds: -86_400_000))
            #expect(try await count() == 1)
            stage.pass(86_400_001)
            try await table.sweep(before: stage.clock.now().adding(milliseconds: -86_400_000))
            #expect(try await count() == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func aConsumerThatIsOffStaysWhereItIs(_ kind: TestDatabase) async throws {
        try await with(kind) { stage in
            let consumer = stage.writer("a").available { !stage.isOff.withLock { $0 } }
            let service = stage.service(consumer)
            await service.consumeCommitted()
            stage.isOff.withLock { $0 = true }
            try await stage.publish("one")
            await service.consumeCommitted()
            #expect(try await stage.effects("a").isEmpty)
            stage.isOff.withLock { $0 = false }
            await service.consumeCommitted()
            #expect(try await stage.effects("a") == ["one"])
        }
    }
}
