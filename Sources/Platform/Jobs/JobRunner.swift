internal import Database
internal import Kernel
public import Runtime
internal import Synchronization

/// Runs the jobs of the kinds that it knows; every node has one, and no job runs on two of them at once.
public final class JobRunner: Sendable {
    public struct Options: Sendable {
        /// How often the table is looked at when nothing of this process wakes the runner, in milliseconds.
        public var poll: Int64 = 500
        /// Jobs at once in all.
        public var parallel = 4
        /// How long a dead letter is kept, in milliseconds; nil for ever.
        public var memory: Int64? = 30 * 24 * 3_600_000
        /// From 0 to 1: how much of half a pause is taken away.
        public var random: @Sendable () -> Double = { Double.random(in: 0...1) }

        public init() {}
    }

    let queue: JobQueue
    let kinds: [String: JobKind]
    let log: Log
    let options: Options
    private let owner = String(UInt64.random(in: .min ... .max), radix: 36)
    let (done, failed, dead): (Counter, Counter, Counter)
    private let running = Mutex<[String: Int]>([:])
    private let hasBegun = Mutex(false)

    public init(_ queue: JobQueue, kinds: [JobKind], log: Log, metrics: Metrics, options: Options = Options()) {
        let sweep = options.memory.map { memory in
            JobKind(transactional: "jobs.sweep", schedule: .every(3_600_000)) { [clock = queue.clock] _, transaction in
                try JobTable.sweep(before: clock.now().adding(milliseconds: -memory), in: transaction)
                return .done
            }
        }
        self.kinds = Dictionary(uniqueKeysWithValues: (kinds + [sweep].compactMap { $0 }).map { ($0.name, $0) })
        (self.queue, self.log, self.options) = (queue, log, options)
        done = metrics.counter("foyer_jobs_done_total", "Jobs that were done.")
        failed = metrics.counter("foyer_job_failures_total", "Attempts at a job that failed.")
        dead = metrics.counter("foyer_jobs_dead_total", "Jobs that were given up.")
    }

    /// Runs what is due until the task is cancelled; what is under way then is given back.
    public func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { [queue, options] in
                while true {
                    try await Task.sleep(for: .milliseconds(options.poll))
                    queue.wake()
                }
            }
            queue.wake()
            for await _ in queue.wakes {
                while let job = await claim() {
                    group.addTask { [self] in
                        await perform(job)
                        running.withLock { $0[job.kind, default: 1] -= 1 }
                        queue.wake()
                    }
                }
            }
            group.cancelAll()
        }
    }

    /// Runs what is due now, one after the other, and what that makes due.
    ///
    /// - Returns: how many jobs were run.
    @discardableResult
    public func runDue() async -> Int {
        var count = 0
        while let job = await claim() {
            await perform(job)
            running.withLock { $0[job.kind, default: 1] -= 1 }
            count += 1
        }
        return count
    }

    /// Takes the next job for which there is room; nil when none is due, or the database cannot say.
    private func claim() async -> Job? {
        let free = running.withLock { running in
            running.values.reduce(0, +) >= options.parallel
                ? [] : kinds.values.filter { running[$0.name, default: 0] < $0.parallel }.sorted { $0.name < $1.name }
        }
        guard !free.isEmpty, !Task.isCancelled else { return nil }
        do {
            try await begin()
            let now = queue.clock.now()
            guard let next = try await queue.database.read({ try JobTable.next(free, in: $0) }), next <= now else { return nil }
            let job = try await queue.database.write { [owner] in try JobTable.claim(free, by: owner, at: now, in: $0) }
            if let job { running.withLock { $0[job.kind, default: 0] += 1 } }
            return job
        } catch {
            if !Task.isCancelled { log.warning("jobs wait for the database", [("cause", .string("\(error)"))]) }
            return nil
        }
    }

    /// Puts the jobs of all schedules in the table, once.
    private func begin() async throws {
        guard !hasBegun.withLock({ $0 }) else { return }
        let now = queue.clock.now()
        let scheduled = kinds.values.filter { $0.schedule != nil }.sorted { $0.name < $1.name }
        try await queue.database.write { transaction in
            for kind in scheduled {
                if let schedule = kind.schedule { try JobTable.begin(kind, at: schedule.first(at: now), in: transaction) }
            }
        }
        hasBegun.withLock { $0 = true }
    }
}
