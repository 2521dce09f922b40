internal import Database
internal import Kernel

/// The titles that a run reads from the source.
enum SourceList: String, CaseIterable, Sendable {
    case popular
    case topRated = "top_rated"
    case upcoming
    /// Known titles that the source changed.
    case changes
    /// Known titles whose description is old.
    case refresh

    /// The lists that the team can ask for.
    enum Wanted: String, CaseIterable, Sendable {
        case popular
        case topRated = "top_rated"
        case upcoming

        var list: SourceList { SourceList(rawValue: rawValue) ?? .popular }
    }
}

/// A row of `media_runs`: one import from the source.
struct SourceRun: Sendable {
    enum State: String, CaseIterable, Sendable {
        case running
        /// Until the team sets a key that the source accepts.
        case paused
        case done, cancelled
    }

    let id: RowID
    let list: SourceList
    let kind: TitleKind
    let wanted: Int
    var state: State
    var page: Int
    var isListed: Bool
    var since: String?
    var misses: Int
    var fault: String?
    var faultAt: Timestamp?
    let createdAt: Timestamp
    let endedAt: Timestamp?

    var isOpen: Bool { state == .running || state == .paused }
}

enum RunTable {
    private static let columns: SQL =
        "id, list, kind, wanted, state, page, listed, since, misses, fault, fault_at, created_at, ended_at"

    private static func run(_ row: Row) -> SourceRun {
        SourceRun(
            id: row.id(0), list: SourceList(rawValue: row.text(1)) ?? .popular, kind: TitleKind(rawValue: row.text(2)) ?? .film,
            wanted: row.int(3), state: SourceRun.State(rawValue: row.text(4)) ?? .cancelled, page: row.int(5), isListed: row.bool(6),
            since: row.optionalText(7), misses: row.int(8), fault: row.optionalText(9), faultAt: row.optionalTime(10),
            createdAt: row.time(11), endedAt: row.optionalTime(12))
    }

    static func read(_ id: RowID, isLocked: Bool = false, in transaction: Transaction) throws -> SourceRun? {
        let lock: SQL = isLocked && transaction.dialect == .postgres ? "FOR UPDATE" : ""
        return try transaction.row("SELECT \(sql: columns) FROM media_runs WHERE id = \(id) \(sql: lock)").map(run)
    }

    static func runs(before id: RowID?, limit: Int, in transaction: Transaction) throws -> [SourceRun] {
        let last = id ?? RowID(rawValue: .max)
        return try transaction.rows("SELECT \(sql: columns) FROM media_runs WHERE id < \(last) ORDER BY id DESC LIMIT \(limit)").map(run)
    }

    static func open(in transaction: Transaction) throws -> [SourceRun] {
        try transaction.rows("SELECT \(sql: columns) FROM media_runs WHERE state IN ('running', 'paused') ORDER BY id").map(run)
    }

    /// - Returns: false while a run of the same list and kind is open.
    static func insert(
        _ id: RowID, _ list: SourceList, _ kind: TitleKind, wanted: Int, since: String? = nil, by author: UserID?, at now: Timestamp,
        in transaction: Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            INSERT INTO media_runs (id, list, kind, wanted, state, since, author_id, created_at)
            VALUES (\(id), \(list.rawValue), \(kind.rawValue), \(wanted), 'running', \(since), \(author), \(now)) ON CONFLICT DO NOTHING
            """) == 1
    }

    /// Adds titles to a run, each once.
    static func add(_ numbers: [String], to run: SourceRun, in transaction: Transaction) throws {
        let first = try transaction.row("SELECT COUNT(*) FROM media_run_items WHERE run_id = \(run.id)")?.int(0) ?? 0
        var rows = RowBatch(
            "INSERT INTO media_run_items (run_id, external_id, place, state) VALUES ", " ON CONFLICT DO NOTHING", in: transaction)
        for (place, number) in numbers.prefix(max(0, run.wanted - first)).enumerated() {
            try rows.add("(\(run.id), \(number), \(first + place), 'waiting')")
        }
        try rows.finish()
    }

    static func waiting(of run: RowID, limit: Int, in transaction: Transaction) throws -> [(number: String, attempts: Int)] {
        try transaction.rows(
            """
            SELECT external_id, attempts FROM media_run_items WHERE run_id = \(run) AND state = 'waiting' ORDER BY place LIMIT \(limit)
            """
        ).map { ($0.text(0), $0.int(1)) }
    }

    static func settle(_ number: String, of run: RowID, as state: String, fault: String? = nil, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE media_run_items SET state = \(state), fault = \(fault), attempts = attempts + 1
            WHERE run_id = \(run) AND external_id = \(number)
            """)
    }

    static func counts(of run: RowID, in transaction: Transaction) throws -> [String: Int] {
        let rows = try transaction.rows("SELECT state, COUNT(*) FROM media_run_items WHERE run_id = \(run) GROUP BY state")
        return Dictionary(rows.map { ($0.text(0), $0.int(1)) }, uniquingKeysWith: +)
    }

    static func end(_ run: SourceRun, as state: SourceRun.State, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("UPDATE media_runs SET state = \(state.rawValue), ended_at = \(now) WHERE id = \(run.id)")
    }

    /// Deletes ended runs apart from the newest ones.
    static func deleteOld(keeping most: Int, in transaction: Transaction) throws {
        let rows = try transaction.rows("SELECT id FROM media_runs WHERE state IN ('done', 'cancelled') ORDER BY id DESC")
        for row in rows.dropFirst(most) {
            let id: RowID = row.id(0)
            try transaction.execute("DELETE FROM media_run_items WHERE run_id = \(id)")
            try transaction.execute("DELETE FROM media_runs WHERE id = \(id)")
        }
    }
}
