public import Database
public import Kernel
internal import Synchronization

/// Takes committed events from the outbox to the broker, in commit order; every node runs one, each with its own place in the table.
///
/// A crash after COMMIT delays an event until the next start, where readers find it by replay; nothing is lost.
public final class OutboxRelay: Sendable {
    public struct Options: Sendable {
        /// How often the outbox is looked at when no commit of this process wakes the relay, in milliseconds.
        public var poll: Int64 = 500
        /// How long events can be replayed.
        public var retention: Int64 = 24 * 3600 * 1000
        /// The longest replay; whoever missed more takes a new snapshot.
        public var maximumReplay = 5000

        public init() {}
    }

    private let database: any Database
    private let broker: any Broker
    private let clock: WallClock
    private let options: Options
    private let report: @Sendable (any Error) -> Void
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let head = Mutex<Int64>(0)
    private let observers = Mutex<[@Sendable (OutboxRecord) -> Void]>([])

    /// - Parameter report: hears of database errors; the relay goes on.
    public init(
        database: any Database, broker: any Broker, clock: WallClock = .system, options: Options = Options(),
        report: @escaping @Sendable (any Error) -> Void
    ) {
        (self.database, self.broker, self.clock, self.options, self.report) = (database, broker, clock, options, report)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        database.onCommit { [wake] in wake.yield() }
    }

    /// Calls `observer` with every event that is published from now on, before its readers get it. It must not block.
    public func observe(_ observer: @escaping @Sendable (OutboxRecord) -> Void) {
        observers.withLock { $0.append(observer) }
    }

    /// Reads the site's epoch and where the outbox stands; before the first reader.
    public func begin() async throws {
        let fresh = String(clock.now().milliseconds, radix: 36) + String(UInt32.random(in: .min ... .max), radix: 36)
        let (epoch, next) = try await database.write { transaction in
            try transaction.execute(
                "INSERT INTO outbox_epoch (id, epoch) SELECT 1, \(fresh) WHERE NOT EXISTS (SELECT 1 FROM outbox_epoch)")
            let epoch = try transaction.row("SELECT epoch FROM outbox_epoch WHERE id = 1")?.text(0)
            let next = try transaction.row("SELECT next_offset FROM outbox_head WHERE id = 1")?.int64(0)
            return (epoch ?? fresh, next ?? 1)
        }
        head.withLock { $0 = next - 1 }
        broker.begin(durableEpoch: epoch, head: next - 1)
    }

    /// Publishes what is committed until the task is cancelled.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    try await Task.sleep(for: .milliseconds(self.options.poll))
                    self.wake.yield()
                }
            }
            group.addTask { try await self.sweepPeriodically() }
            group.addTask { for await _ in self.wakes { await self.publishCommitted() } }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Publishes everything that is committed now.
    func publishCommitted() async {
        do {
            var count = 0
            repeat {
                let last = head.withLock { $0 }
                let records = try await read(after: last, limit: 500)
                let observers = observers.withLock { $0 }
                for record in records { for observer in observers { observer(record) } }
                if let end = records.last?.offset {
                    broker.publish(records)
                    head.withLock { $0 = end }
                }
                count = records.count
            } while count == 500
        } catch {
            report(error)
        }
    }

    /// What came on a topic after a position, from memory or from the table.
    public func replay(_ topic: String, after position: Position) async throws -> Replay {
        let replay = broker.replay(topic, after: position)
        guard case .beyondMemory = replay else { return replay }
        // Only what was published already: the rest arrives by the broker.
        let (head, limit) = (head.withLock { $0 }, options.maximumReplay)
        // One snapshot: what is swept meanwhile is missing from both or from none.
        let records: [OutboxRecord]? = try await database.read { transaction in
            let oldest = try transaction.row("SELECT event_offset FROM outbox ORDER BY event_offset LIMIT 1")?.int64(0)
            guard let oldest, oldest <= position.offset + 1 else { return nil }
            let rows = try Self.rows(after: position.offset, topic: topic, limit: limit + 1, in: transaction)
            // Counted before the topic is compared in full, since the rows that follow were not looked at.
            return rows.count > limit ? nil : rows.filter { $0.topics.contains(topic) }
        }
        guard let records else { return .lost }
        return .events(records.filter { $0.offset <= head }.map { $0.publication(on: topic, epoch: position.epoch) })
    }

    private func read(after offset: Int64, limit: Int) async throws -> [OutboxRecord] {
        try await database.read { try Self.rows(after: offset, topic: nil, limit: limit, in: $0) }
    }

    /// - Parameter topic: nil for all; else also those of topics that LIKE takes for it.
    private static func rows(after offset: Int64, topic: String?, limit: Int, in transaction: Transaction) throws -> [OutboxRecord] {
        let only: SQL = topic.map { "AND topics LIKE \("%" + JSON.string($0).text + "%")" } ?? ""
        return try transaction.rows(
            """
            SELECT event_offset, topics, type, members, request_id, created_at FROM outbox
            WHERE event_offset > \(offset) \(sql: only) ORDER BY event_offset LIMIT \(limit)
            """
        ).map(OutboxRecord.init)
    }

    private func sweepPeriodically() async throws {
        while true {
            await sweep()
            try await Task.sleep(for: .seconds(600))
        }
    }

    /// Forgets what is older than the retention, in steps that do not hold up the writer.
    ///
    /// From the front only: an event that stays keeps all behind it, so that what is left has no gap where clocks of nodes differ.
    func sweep() async {
        do {
            let limit = clock.now().adding(milliseconds: -options.retention)
            var count = 0
            repeat {
                count = try await database.write { transaction in
                    let front = try transaction.rows("SELECT event_offset, created_at FROM outbox ORDER BY event_offset LIMIT 1000")
                    let old = front.prefix { $0.time(1) < limit }
                    guard let first = old.first?.int64(0), let last = old.last?.int64(0) else { return 0 }
                    return try transaction.execute("DELETE FROM outbox WHERE event_offset BETWEEN \(first) AND \(last)")
                }
            } while count == 1000
        } catch {
            report(error)
        }
    }
}

extension OutboxRecord {
    init(_ row: Row) throws {
        let at = row.time(5)
        var members = try JSONParser.parse(Array(row.text(3).utf8)).object ?? [:]
        members["request_id"] = .string(row.text(4))
        members["at"] = JSON(at)
        let topics = try JSONParser.parse(Array(row.text(1).utf8)).array?.compactMap(\.string) ?? []
        self.init(offset: row.int64(0), topics: topics, type: row.text(2), members: members, at: at)
    }
}
