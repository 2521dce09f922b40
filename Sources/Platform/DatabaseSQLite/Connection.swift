internal import CSQLite
internal import Database

/// One SQLite connection, made and used inside one thread.
final class Connection: StatementRunner {
    enum Access {
        case readWrite
        case readOnly
    }

    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    private var uses = 0
    /// Pages in the write-ahead log after the last commit.
    private let logPages: UnsafeMutablePointer<Int32>
    /// Ends statements that take too long.
    let limit: TimeLimit
    static let statementLimit = 256
    /// Between two looks at the time limit: some ten microseconds of SQLite's virtual machine.
    private static let instructionsBetweenLooks: Int32 = 1000

    init(path: String, access: Access, limit: TimeLimit) throws(DatabaseError) {
        var opened: OpaquePointer?
        let flags = access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            let error = DatabaseError(code, on: opened, statement: "open \(path)")
            sqlite3_close_v2(opened)
            throw error
        }
        logPages = .allocate(capacity: 1)
        logPages.initialize(to: 0)
        handle = opened
        self.limit = limit
        try configure(access)
        // The connection holds the limit for as long as the handle that the callback belongs to is open.
        sqlite3_progress_handler(
            handle, Self.instructionsBetweenLooks,
            { context in context.map { Unmanaged<TimeLimit>.fromOpaque($0).takeUnretainedValue().isOver } ?? false ? 1 : 0 },
            Unmanaged.passUnretained(limit).toOpaque())
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
        logPages.deallocate()
    }

    private func configure(_ access: Access) throws(DatabaseError) {
        // A text in double quotes that names no column is an error, not a string; the schema cannot be written as a table.
        for option in [SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL] {
            try check(foyer_sqlite3_db_config_flag(handle, option, 0), "configure")
        }
        try check(foyer_sqlite3_db_config_flag(handle, SQLITE_DBCONFIG_DEFENSIVE, 1), "configure")
        try check(sqlite3_busy_timeout(handle, 5000), "busy_timeout")
        for pragma in Self.pragmas(access) { _ = try rows(SQL(trusted: pragma)) }
        statements.removeAll()
        guard access == .readWrite else { return }
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                context?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, logPages)
    }

    private static func pragmas(_ access: Access) -> [String] {
        let shared = [
            "PRAGMA foreign_keys = ON", "PRAGMA recursive_triggers = ON", "PRAGMA trusted_schema = OFF", "PRAGMA temp_store = MEMORY",
            "PRAGMA mmap_size = 268435456", "PRAGMA cache_size = -8192",
        ]
        guard access == .readWrite else { return shared }
        return ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA journal_size_limit = 67108864"] + shared
    }

    // MARK: Statements

    func rows(_ sql: SQL) throws(DatabaseError) -> [Row] {
        guard !limit.isOver else { throw limit.error }
        let statement = try prepared(sql.text)
        defer { statement.reset() }
        try statement.bind(sql.values, on: handle)
        var rows: [Row] = []
        var code = sqlite3_step(statement.handle)
        while code == SQLITE_ROW {
            rows.append(statement.row())
            code = sqlite3_step(statement.handle)
        }
        guard code != SQLITE_INTERRUPT else { throw limit.error }
        guard code == SQLITE_DONE else { throw DatabaseError(code, on: handle, statement: sql.text) }
        return rows
    }

    func run(_ sql: SQL) throws(DatabaseError) -> Int {
        guard !limit.isOver else { throw limit.error }
        let statement = try prepared(sql.text)
        defer { statement.reset() }
        try statement.bind(sql.values, on: handle)
        var code = sqlite3_step(statement.handle)
        while code == SQLITE_ROW { code = sqlite3_step(statement.handle) }
        guard code != SQLITE_INTERRUPT else { throw limit.error }
        guard code == SQLITE_DONE else { throw DatabaseError(code, on: handle, statement: sql.text) }
        return sqlite3_stmt_readonly(statement.handle) == 0 ? Int(sqlite3_changes64(handle)) : 0
    }

    private func prepared(_ text: String) throws(DatabaseError) -> Statement {
        uses += 1
        if let statement = statements[text] {
            statement.lastUse = uses
            return statement
        }
        let statement = try Statement(text, on: handle)
        statement.lastUse = uses
        if statements.count >= Self.statementLimit {
            let oldest = statements.values.map(\.lastUse).sorted()[Self.statementLimit / 4]
            statements = statements.filter { $0.value.lastUse > oldest }
        }
        statements[text] = statement
        return statement
    }

    func liftDeadline() throws(DatabaseError) { limit.end = .max }

    // MARK: The transaction's frame

    /// Whether BEGIN is in force; some errors (a full disk) roll back on their own.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    func rollBack() {
        // The rollback can only fail where there is none to do, which is what was wanted.
        if isInTransaction { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
    }

    // MARK: The write-ahead log

    var pagesInLog: Int { Int(logPages.pointee) }

    /// Copies the log into the file as far as readers allow.
    /// - Parameter restart: waits for the readers of the log, so that it starts anew however many come: they read the file by then.
    func checkpoint(restart: Bool) {
        var (log, copied): (Int32, Int32) = (0, 0)
        let mode = restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE
        let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, &log, &copied)
        // SQLITE_BUSY: a long read holds the log; the next turn tries again. A disk's error shows at the next write.
        if code == SQLITE_OK, log == copied { logPages.pointee = 0 }
    }

    private func check(_ code: Int32, _ what: String) throws(DatabaseError) {
        guard code == SQLITE_OK else { throw DatabaseError(code, on: handle, statement: what) }
    }
}
