public import Database
internal import Kernel

/// What is done for all jobs of one name, and within which limits.
public struct JobKind: Sendable {
    /// How often and when a job is tried again; times in milliseconds.
    public struct Retries: Sendable {
        public var attempts = 20
        public var first: Int64 = 1000
        public var longest: Int64 = 3_600_000

        public init(attempts: Int = 20, first: Int64 = 1000, longest: Int64 = 3_600_000) {
            (self.attempts, self.first, self.longest) = (attempts, first, longest)
        }

        /// Twice as long after each attempt, and a random half of it less, so that those that failed together do not come back together.
        func pause(after attempt: Int, random: Double) -> Int64 {
            let whole = min(longest, first << Int64(min(max(attempt - 1, 0), 30)))
            return max(1, Int64(Double(whole) * (1 - random / 2)))
        }
    }

    enum Work: Sendable {
        /// Outside of any transaction; may run again after it was done, when the process ends before that is written down.
        case free(@Sendable (JobContext) async throws -> JobResult)
        /// In the transaction that writes down that it is done: its effect happens exactly once.
        case transactional(@Sendable (Job, Transaction) throws -> JobResult)
    }

    /// `mail.send`
    public let name: String
    public let schedule: JobSchedule?
    public let retries: Retries
    /// Milliseconds that a process which says nothing keeps a job; it is renewed while the job runs.
    public let lease: Int64
    /// How many of the kind one process runs at once.
    public let parallel: Int
    let work: Work

    /// Work that may touch other things than the database.
    public init(
        _ name: String, schedule: JobSchedule? = nil, retries: Retries = Retries(), lease: Int64 = 60_000, parallel: Int = 1,
        run: @escaping @Sendable (JobContext) async throws -> JobResult
    ) {
        (self.name, self.schedule, self.retries, self.lease, self.parallel) = (name, schedule, retries, lease, parallel)
        work = .free(run)
    }

    /// Work that touches the database alone.
    public init(
        transactional name: String, schedule: JobSchedule? = nil, retries: Retries = Retries(), lease: Int64 = 60_000, parallel: Int = 1,
        run: @escaping @Sendable (Job, Transaction) throws -> JobResult
    ) {
        (self.name, self.schedule, self.retries, self.lease, self.parallel) = (name, schedule, retries, lease, parallel)
        work = .transactional(run)
    }

    /// The key of the one job of a kind that has a schedule.
    static let scheduled = "schedule"
}

/// A job while it runs.
public struct JobContext: Sendable {
    public let job: Job
    let queue: JobQueue

    /// Writes down how far it is.
    ///
    /// - Throws: `JobLost` when another process has the job by now.
    public func progress(_ done: Int, of total: Int) async throws {
        let kept = try await queue.database.write { [job] in try JobTable.progress(job, done, of: total, in: $0) }
        if !kept { throw JobLost() }
    }
}

/// The lease ended before the work did: another process has the job.
public struct JobLost: Error, Sendable {}
