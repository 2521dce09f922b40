public import Database
public import Kernel
public import Runtime
internal import Synchronization

/// Hands the outbox to its consumers, each at its own pace: one that fails waits and stops no other.
public final class ConsumerService: Sendable {
    public struct Options: Sendable {
        /// How often the outbox is looked at when no commit of this process wakes the service, in milliseconds.
        public var poll: Int64 = 1000
        /// Milliseconds after a first failure; then twice as long each time.
        public var firstPause: Int64 = 1000
        public var longestPause: Int64 = 60_000

        public init() {}
    }

    private struct State: Sendable {
        var failures = 0
        var totalFailures = 0
        var waitsUntil = Timestamp(milliseconds: 0)
        /// Events behind its place.
        var lag: Int64 = 0
    }

    private let database: any Database
    private let table: DatabaseOutbox
    private let consumers: [Consumer]
    private let clock: WallClock
    private let log: Log
    private let options: Options
    private let states: Mutex<[String: State]>
    private let hasBegun = Mutex(false)
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    public init(
        database: any Database, cipher: (any EventCipher)? = nil, consumers: [Consumer], clock: WallClock = .system, log: Log,
        metrics: Metrics, options: Options = Options()
    ) {
        table = DatabaseOutbox(database: database, cipher: cipher)
        (self.database, self.consumers, self.clock, self.log, self.options) = (database, consumers, clock, log, options)
        states = Mutex(Dictionary(uniqueKeysWithValues: consumers.map { ($0.name, State()) }))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        database.onCommit { [wake] in wake.yield() }
        metrics.register("foyer_consumer_lag", "gauge", "Events that a consumer of the outbox has not read.") { [weak self] in
            self?.figures { Double($0.lag) } ?? []
        }
        metrics.register("foyer_consumer_failures_total", "counter", "Batches that a consumer of the outbox failed at.") { [weak self] in
            self?.figures { Double($0.totalFailures) } ?? []
        }
    }

    private func figures(_ value: (State) -> Double) -> [(labels: String, value: Double)] {
        states.withLock { $0.map { (labels: "consumer=\"\($0.key)\"", value: value($0.value)) } }.sorted { $0.labels < $1.labels }
    }

    /// Works until the task is cancelled.
    public func run() async throws {
        guard !consumers.isEmpty else { return }
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { [wake, options] in
                while true {
                    try await Task.sleep(for: .milliseconds(options.poll))
                    wake.yield()
                }
            }
            wake.yield()
            for await _ in wakes { await consumeCommitted() }
            group.cancelAll()
        }
    }

    /// Gives each consumer everything that is committed now, unless it waits after a failure.
    public func consumeCommitted() async {
        do {
            try await begin()
        } catch {
            if !Task.isCancelled { log.warning("the consumers of the outbox wait for the database", [("cause", .string("\(error)"))]) }
            return
        }
        await withDiscardingTaskGroup { group in
            for consumer in consumers where isDue(consumer) { group.addTask { await self.consume(consumer) } }
        }
    }

    private func isDue(_ consumer: Consumer) -> Bool {
        guard consumer.isOn() else { return false }
        return states.withLock { $0[consumer.name].map { $0.waitsUntil <= clock.now() } ?? false }
    }

    /// Gives new consumers their place, once; says which hold events back though this program does not know them.
    private func begin() async throws {
        guard !hasBegun.withLock({ $0 }) else { return }
        let (names, now) = (consumers.map(\.name), clock.now())
        let stored = try await database.write { transaction in
            try ConsumerTable.begin(names, at: now, in: transaction)
            return try ConsumerTable.positions(in: transaction)
        }
        for other in stored where !names.contains(other.name) {
            log.warning("a consumer of the outbox is not part of this program", [("consumer", .string(other.name))])
        }
        hasBegun.withLock { $0 = true }
    }

    /// All that waits for one consumer, batch by batch.
    private func consume(_ consumer: Consumer) async {
        while !Task.isCancelled, consumer.isOn() {
            do {
                let lag = try await step(consumer)
                states.withLock { states in
                    states[consumer.name]?.failures = 0
                    states[consumer.name]?.lag = lag ?? 0
                }
                guard let lag, lag > 0 else { return }
            } catch {
                if !Task.isCancelled { note(error, consumer) }
                return
            }
        }
    }

    private func note(_ error: any Error, _ consumer: Consumer) {
        let now = clock.now()
        let pause = states.withLock { states in
            var state = states[consumer.name] ?? State()
            let pause = min(options.longestPause, options.firstPause << Int64(min(state.failures, 20)))
            state.failures += 1
            state.totalFailures += 1
            state.waitsUntil = now.adding(milliseconds: pause)
            states[consumer.name] = state
            return pause
        }
        log.warning(
            "a consumer of the outbox failed",
            [("consumer", .string(consumer.name)), ("pause_ms", .integer(pause)), ("cause", .string("\(error)"))])
    }

    /// One batch and the new place, in one transaction.
    ///
    /// - Returns: how many events are behind the new place; nil when another process is at it.
    private func step(_ consumer: Consumer) async throws -> Int64? {
        let now = clock.now()
        let (lag, lost) = try await database.write { [table] transaction -> (Int64?, Int64) in
            guard let position = try ConsumerTable.lock(consumer.name, in: transaction) else { return (nil, 0) }
            guard let bounds = try ConsumerTable.bounds(in: transaction), bounds.last > position else { return (0, 0) }
            let records = try table.records(after: position, limit: consumer.batch, in: transaction)
            guard let end = records.last?.offset else { return (0, 0) }
            let wanted = consumer.types.map { types in records.filter { types.contains($0.type) } } ?? records
            if !wanted.isEmpty { try consumer.handle(wanted, transaction) }
            try ConsumerTable.move(consumer.name, to: end, at: now, in: transaction)
            return (bounds.last - end, max(0, bounds.first - position - 1))
        }
        if lost > 0 {
            log.error(
                "a consumer of the outbox missed events that are no longer kept",
                [("consumer", .string(consumer.name)), ("events", .integer(lost))])
        }
        return lag
    }
}
