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
        /// How far back events are in memory again after a start, in milliseconds.
        public var preload: Int64 = 10 * 60 * 1000

        public init() {}
    }

    private let table: any OutboxTable
    private let members: MembershipIndex
    private let broker: any Broker
    private let clock: WallClock
    private let options: Options
    private let report: @Sendable (any Error) -> Void
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let head = Mutex<Int64>(0)
    private let observers = Mutex<[@Sendable (OutboxRecord) -> Void]>([])

    /// - Parameter report: hears of database errors; the relay goes on.
    public convenience init(
        database: any Database, broker: any Broker, clock: WallClock = .system, options: Options = Options(),
        cipher: (any EventCipher)? = nil,
        report: @escaping @Sendable (any Error) -> Void
    ) {
        self.init(table: DatabaseOutbox(database: database, cipher: cipher), broker: broker, clock: clock, options: options, report: report)
        database.onCommit { [wake] in wake.yield() }
    }

    init(
        table: any OutboxTable, broker: any Broker, clock: WallClock, options: Options, report: @escaping @Sendable (any Error) -> Void
    ) {
        (self.table, self.broker, self.clock, self.options, self.report) = (table, broker, clock, options, report)
        members = MembershipIndex(table)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Calls `observer` with every event that is published from now on, before its readers get it. It must not block.
    public func observe(_ observer: @escaping @Sendable (OutboxRecord) -> Void) {
        observers.withLock { $0.append(observer) }
    }

    /// Reads the site's epoch and where the outbox stands; before the first reader.
    public func begin() async throws {
        let fresh = String(clock.now().milliseconds, radix: 36) + String(UInt32.random(in: .min ... .max), radix: 36)
        let (epoch, next) = try await table.begin(fresh: fresh)
        head.withLock { $0 = next - 1 }
        // Who was connected before the start comes back to what they missed without a look at the table.
        let latest = try await table.recent(since: clock.now().adding(milliseconds: -options.preload), limit: options.maximumReplay)
        let recent = try await members.resolve(latest.filter { $0.offset < next })
        broker.begin(durableEpoch: epoch, head: recent.first.map { $0.offset - 1 } ?? next - 1)
        if !recent.isEmpty { broker.publish(recent) }
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
                let records = try await members.resolve(table.records(after: last, limit: 500))
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

    /// What came on a topic after a position, or for the person whose own topic it is, from memory or from the table; of some people only, when they are named.
    public func replay(_ topic: String, after position: Position, of people: [UserID]? = nil) async throws -> Replay {
        let replay = broker.replay(topic, after: position, of: people)
        guard case .beyondMemory = replay else { return replay }
        // What was published already: the rest arrives by the broker, who alone knows which that is.
        let head = broker.position(of: topic)
        let records = try await table.records(of: topic, after: position.offset, limit: options.maximumReplay)
        guard let records else { return .lost }
        return .events(
            records.filter { $0.offset <= head.offset }.map { $0.publication(on: topic, epoch: position.epoch) }.of(people), upTo: head)
    }

    private func sweepPeriodically() async throws {
        while true {
            await sweep()
            try await Task.sleep(for: .seconds(600))
        }
    }

    /// Forgets what is older than the retention.
    func sweep() async {
        do {
            try await table.sweep(before: clock.now().adding(milliseconds: -options.retention))
        } catch {
            report(error)
        }
    }
}
