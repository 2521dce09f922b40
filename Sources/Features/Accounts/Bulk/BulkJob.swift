internal import Database
internal import Kernel

/// One row of `bulk_jobs`: an act upon many, prepared, under way or over. Whom it is for was fixed when it was prepared.
struct BulkJob: Sendable {
    enum State: String, Sendable {
        /// Nothing was done yet; it may be looked at and begun.
        case prepared
        case running
        case done
        /// Ended by its author; what was done stays.
        case cancelled
        /// Ended by itself, since its author may not act any more.
        case stopped
    }

    let id: RowID
    let author: UserID
    let order: BulkOrder
    /// The job whose changes this one takes back.
    let undoes: RowID?
    var state: State
    let total: Int
    var changed = 0
    var unchanged = 0
    var failed = 0
    let createdAt: Timestamp
    var endedAt: Timestamp?
    var undoneBy: RowID?
    /// Of the request that began it: its entries in the audit log say where it came from.
    let requestID: String
    let address: String
    let userAgent: String

    var settled: Int { changed + unchanged + failed }
    var isOver: Bool { state == .done || state == .cancelled || state == .stopped }
    var canBeUndone: Bool { isOver && changed > 0 && undoneBy == nil }

    var json: JSON {
        var object: JSONObject = ["id": JSON(id), "state": .string(state.rawValue)]
        for (name, value) in order.json { object.append(name, value) }
        object.append("total", JSON(total))
        object.append("settled", JSON(settled))
        object.append("changed", JSON(changed))
        object.append("unchanged", JSON(unchanged))
        object.append("failed", JSON(failed))
        object.append("undoes", JSON(undoes))
        object.append("undone_by", JSON(undoneBy))
        object.append("can_undo", .bool(canBeUndone))
        object.append("created_at", JSON(createdAt))
        object.append("ended_at", JSON(endedAt))
        return .object(object)
    }

    /// In the order of `init(_:)`.
    static let columns: SQL = """
        id, author_id, spec, undoes, state, total, changed, unchanged, failed, created_at, ended_at, undone_by, request_id, address, user_agent
        """

    init(_ row: Row) throws {
        (id, author, order, undoes) = (row.id(0), row.id(1), try BulkOrder(stored: row.text(2)), row.optionalID(3))
        (state, total) = (State(rawValue: row.text(4)) ?? .stopped, row.int(5))
        (changed, unchanged, failed) = (row.int(6), row.int(7), row.int(8))
        (createdAt, endedAt, undoneBy) = (row.time(9), row.optionalTime(10), row.optionalID(11))
        (requestID, address, userAgent) = (row.text(12), row.text(13), row.text(14))
    }

    init(
        _ id: RowID, by scope: Scope, author: UserID, _ order: BulkOrder, total: Int, undoes: RowID? = nil, _ state: State,
        at now: Timestamp
    ) {
        (self.id, self.author, self.order, self.undoes, self.state, self.total) = (id, author, order, undoes, state, total)
        (createdAt, requestID, address, userAgent) = (now, scope.requestID, scope.address, scope.userAgent)
    }
}

/// What came of one person of a job.
enum BulkOutcome: String, Sendable { case changed, unchanged, failed }

/// The tables `bulk_jobs` and `bulk_items`.
struct BulkStore: Sendable {
    /// People of one job.
    static let limit = 100_000

    func insert(_ job: BulkJob, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO bulk_jobs (\(sql: BulkJob.columns))
            VALUES (\(job.id), \(job.author), \(JSON.object(job.order.json).text), \(job.undoes), \(job.state.rawValue), \(job.total),
                0, 0, 0, \(job.createdAt), NULL, NULL, \(job.requestID), \(job.address), \(job.userAgent))
            """)
    }

    /// Fixes whom a job is for.
    ///
    /// - Returns: how many, at most one above the limit.
    func gather(_ job: RowID, where condition: SQL, in transaction: Transaction) throws -> Int {
        try transaction.execute(
            """
            INSERT INTO bulk_items (job_id, user_id)
            SELECT CAST(\(job) AS BIGINT), users.id FROM users WHERE \(sql: condition) ORDER BY users.id LIMIT \(Self.limit + 1)
            """)
    }

    /// - Throws: 404 for what is not the author's.
    func job(_ reference: String, of author: UserID, in transaction: Transaction) throws -> BulkJob {
        guard let id = RowID(uuid: reference), let job = try find(id, in: transaction), job.author == author else { throw Problem.notFound }
        return job
    }

    func find(_ id: RowID, in transaction: Transaction) throws -> BulkJob? {
        try transaction.row("SELECT \(sql: BulkJob.columns) FROM bulk_jobs WHERE id = \(id)").map { try BulkJob($0) }
    }

    /// The same, kept from others until the transaction ends: two nodes never work on one job at a time.
    func locked(_ id: RowID, in transaction: Transaction) throws -> BulkJob? {
        try transaction.execute("UPDATE bulk_jobs SET state = state WHERE id = \(id)")
        return try find(id, in: transaction)
    }

    func update(_ job: BulkJob, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE bulk_jobs SET state = \(job.state.rawValue), changed = \(job.changed), unchanged = \(job.unchanged), failed = \(job.failed),
                ended_at = \(job.endedAt), undone_by = \(job.undoneBy) WHERE id = \(job.id)
            """)
    }

    func running(in transaction: Transaction) throws -> [RowID] {
        try transaction.rows("SELECT id FROM bulk_jobs WHERE state = 'running' ORDER BY id").map { $0.id(0) }
    }

    func recent(of author: UserID, in transaction: Transaction) throws -> [BulkJob] {
        try transaction.rows(
            """
            SELECT \(sql: BulkJob.columns) FROM bulk_jobs WHERE author_id = \(author) AND state <> 'prepared' ORDER BY id DESC LIMIT 20
            """
        ).map { try BulkJob($0) }
    }

    /// Those of a job with whom nothing was tried yet, in the order of their ids.
    func waiting(_ job: RowID, limit: Int, in transaction: Transaction) throws -> [UserID] {
        try transaction.rows(
            "SELECT user_id FROM bulk_items WHERE job_id = \(job) AND outcome IS NULL ORDER BY user_id LIMIT \(limit)"
        ).map { $0.id(0) }
    }

    /// - Parameter former: what the person was before, for undoing.
    /// - Returns: false when it was settled before.
    func settle(
        _ job: RowID, _ user: UserID, _ outcome: BulkOutcome, _ problem: Problem? = nil, former: FormerState? = nil,
        in transaction: Transaction
    ) throws -> Bool {
        let fault: JSON? = problem.map {
            ["code": .string($0.code), "en": .string($0.detail(.english)), "fr": .string($0.detail(.french))]
        }
        return try transaction.execute(
            """
            UPDATE bulk_items SET outcome = \(outcome.rawValue), fault = \(fault?.text), former = \(former?.json.text)
            WHERE job_id = \(job) AND user_id = \(user) AND outcome IS NULL
            """) == 1
    }

    /// What somebody was before a job changed them; nil when it was not kept.
    func former(_ job: RowID, _ user: UserID, in transaction: Transaction) throws -> FormerState? {
        let row = try transaction.row("SELECT former FROM bulk_items WHERE job_id = \(job) AND user_id = \(user)")
        return try row?.optionalText(0).flatMap { FormerState(try JSONParser.parse(Array($0.utf8))) }
    }

    /// Forgets jobs that nobody began within a day, and those that are over for a month.
    func sweep(at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM bulk_items WHERE job_id NOT IN (SELECT id FROM bulk_jobs)")
        try transaction.execute(
            """
            DELETE FROM bulk_jobs WHERE (state = 'prepared' AND created_at < \(now.adding(seconds: -86_400)))
                OR (ended_at IS NOT NULL AND ended_at < \(now.adding(seconds: -2_592_000)))
            """)
    }
}
