public import Database
internal import Kernel

/// The table of jobs.
public let jobMigrations = [
    Migration(
        "jobs",
        [
            """
            CREATE TABLE jobs (
                kind TEXT NOT NULL,
                job_key TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
                run_at BIGINT NOT NULL,
                again_at BIGINT,
                attempts BIGINT NOT NULL,
                lease_owner TEXT,
                lease_until BIGINT,
                payload TEXT NOT NULL,
                progress_done BIGINT,
                progress_total BIGINT,
                last_error TEXT,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (kind, job_key))
            """,
            // While a job runs, `run_at` is the end of its lease: one index finds what is due and what was left behind.
            "CREATE INDEX jobs_due ON jobs (run_at) WHERE state <> 'dead'",
            "CREATE INDEX jobs_dead ON jobs (run_at) WHERE state = 'dead'",
        ])
]

/// The SQL of `jobs`.
enum JobTable {
    /// Adds a job. One of the same kind and key that waits comes at the earlier of both times, with the new payload; one that runs is run again.
    static func add(_ kind: String, _ key: String, at time: Timestamp, _ payload: JSON, now: Timestamp, in transaction: Transaction) throws
    {
        try transaction.execute(
            """
            INSERT INTO jobs (kind, job_key, state, run_at, attempts, payload, created_at)
            VALUES (\(kind), \(key), 'waiting', \(time), 0, \(payload.text), \(now))
            ON CONFLICT (kind, job_key) DO UPDATE SET payload = excluded.payload,
                run_at = CASE WHEN jobs.state = 'dead' OR jobs.state = 'waiting' AND excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END,
                again_at = CASE WHEN jobs.state <> 'running' THEN NULL WHEN jobs.again_at < excluded.run_at THEN jobs.again_at ELSE excluded.run_at END,
                attempts = CASE WHEN jobs.state = 'dead' THEN 0 ELSE jobs.attempts END,
                state = CASE WHEN jobs.state = 'dead' THEN 'waiting' ELSE jobs.state END
            """)
    }

    /// Puts the one job of a schedule in the table, unless it is there.
    static func begin(_ kind: JobKind, at time: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO jobs (kind, job_key, state, run_at, attempts, payload, created_at)
            VALUES (\(kind.name), \(JobKind.scheduled), 'waiting', \(time), 0, '{}', \(time)) ON CONFLICT (kind, job_key) DO NOTHING
            """)
    }

    /// When the next job of these kinds is due; nil when there is none.
    static func next(_ kinds: [JobKind], in transaction: Transaction) throws -> Timestamp? {
        try transaction.row(
            """
            SELECT run_at FROM jobs WHERE state <> 'dead' AND kind IN (\(sql: names(kinds))) ORDER BY run_at LIMIT 1
            """)?.time(0)
    }

    /// Takes the job that has been due longest; of several processes each takes another.
    static func claim(_ kinds: [JobKind], by owner: String, at now: Timestamp, in transaction: Transaction) throws -> Job? {
        // SQLite has one writer anyway.
        let lock: SQL = transaction.dialect == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
        let found = try transaction.row(
            """
            SELECT kind, job_key, payload, attempts FROM jobs
            WHERE state <> 'dead' AND run_at <= \(now) AND kind IN (\(sql: names(kinds))) ORDER BY run_at LIMIT 1 \(sql: lock)
            """)
        guard let row = found, let kind = kinds.first(where: { $0.name == row.text(0) }) else { return nil }
        let end = now.adding(milliseconds: kind.lease)
        try transaction.execute(
            """
            UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_owner = \(owner), lease_until = \(end), run_at = \(end)
            WHERE kind = \(kind.name) AND job_key = \(row.text(1))
            """)
        return Job(
            kind: kind.name, key: row.text(1), payload: try JSONParser.parse(own: Array(row.text(2).utf8)), attempt: row.int(3) + 1,
            owner: owner
        )
    }

    /// Keeps the job for longer.
    ///
    /// - Returns: false when another process has it.
    static func renew(_ job: Job, until end: Timestamp, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "UPDATE jobs SET lease_until = \(end), run_at = \(end) WHERE \(sql: isHeld(job))") == 1
    }

    static func progress(_ job: Job, _ done: Int, of total: Int, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "UPDATE jobs SET progress_done = \(done), progress_total = \(total) WHERE \(sql: isHeld(job))") == 1
    }

    /// Writes down the end of a job: it is gone, or waits for its next time.
    ///
    /// - Returns: false when another process has it.
    static func finish(_ job: Job, next: Timestamp?, in transaction: Transaction) throws -> Bool {
        // What was added while it ran comes first.
        let lock: SQL = transaction.dialect == .postgres ? "FOR UPDATE" : ""
        let again = try transaction.row("SELECT again_at FROM jobs WHERE \(sql: isHeld(job)) \(sql: lock)")
        guard let again else { return false }
        let added = again.optionalTime(0)
        guard let time = [added, next].compactMap({ $0 }).min() else {
            return try transaction.execute("DELETE FROM jobs WHERE \(sql: isHeld(job)) AND again_at IS NULL") == 1
        }
        return try transaction.execute(
            """
            UPDATE jobs SET state = 'waiting', run_at = \(time), again_at = NULL, attempts = 0, lease_owner = NULL, lease_until = NULL,
                last_error = NULL WHERE \(sql: isHeld(job))
            """) == 1
    }

    /// Writes down a failure, and when the next attempt is; nil makes it a dead letter.
    static func fail(_ job: Job, because error: String, retryAt time: Timestamp?, at now: Timestamp, in transaction: Transaction) throws {
        // What was added while it ran is a job anew, whatever became of this one.
        try transaction.execute(
            """
            UPDATE jobs SET state = CASE WHEN again_at IS NULL THEN \(time == nil ? "dead" : "waiting") ELSE 'waiting' END,
                attempts = CASE WHEN again_at IS NULL THEN attempts ELSE 0 END, run_at = COALESCE(again_at, \(time ?? now)), again_at = NULL,
                lease_owner = NULL, lease_until = NULL, last_error = \(String(error.prefix(500)))
            WHERE \(sql: isHeld(job))
            """)
    }

    /// Gives a job back that was not done, as if it had not been taken.
    static func release(_ job: Job, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE jobs SET state = 'waiting', run_at = \(now), attempts = attempts - 1, lease_owner = NULL, lease_until = NULL
            WHERE \(sql: isHeld(job))
            """)
    }

    /// Forgets the dead letters from before a time.
    static func sweep(before limit: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM jobs WHERE state = 'dead' AND run_at < \(limit)")
    }

    private static func isHeld(_ job: Job) -> SQL {
        """
        kind = \(job.kind) AND job_key = \(job.key) AND state = 'running' AND lease_owner = \(job.owner) AND attempts = \(job.attempt)
        """
    }

    private static func names(_ kinds: [JobKind]) -> SQL { .joined(kinds.map { "\($0.name)" }, separator: ", ") }
}
