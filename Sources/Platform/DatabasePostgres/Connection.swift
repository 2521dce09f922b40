internal import CPostgres
internal import Database
internal import Glibc

/// One libpq connection, made and used inside one thread. It waits for the server no longer than its limit, whether the server answers or not.
final class Connection: StatementRunner {
    private let handle: OpaquePointer
    private let limit: TimeLimit
    /// The names of the prepared statements, by text.
    private var prepared: [String: String] = [:]
    private var nextName = 0
    /// An answer was not waited for, so the next one would be taken for it.
    private var isAbandoned = false
    static let statementLimit = 256
    /// Milliseconds between two looks at whether the driver gives up.
    private static let wait = 100

    /// - Parameters:
    ///   - limit: until when the connection may be waited for, and later each statement.
    ///   - statementTimeout: milliseconds after which the server itself ends a statement.
    /// - Throws: `unavailable` when there is no server, or it refuses us; `timedOut` when it does not answer.
    init(url: String, limit: TimeLimit, statementTimeout: Int) throws(DatabaseError) {
        guard let opened = Self.begin(url) else { throw .unavailable("PostgreSQL: out of memory") }
        do throws(DatabaseError) {
            try Self.finish(opened, limit)
            // Answers are waited for here, by poll.
            guard PQsetnonblocking(opened, 1) == 0 else { throw .unavailable("PostgreSQL: \(String(cString: PQerrorMessage(opened)))") }
        } catch {
            PQfinish(opened)
            throw error
        }
        (handle, self.limit) = (opened, limit)
        // Notices ("already exists, skipping") are not errors.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        for setting in Self.settings { try command(setting) }
        try command("SET statement_timeout = \(statementTimeout)")
    }

    deinit { PQfinish(handle) }

    /// A server that vanished without a word is given up within half a minute, not the hours that the kernel would wait; what the URL says goes first.
    private static let patience = [
        ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "30000"),
    ]

    private static func begin(_ url: String) -> OpaquePointer? {
        let parameters = patience + [("dbname", url)]
        let names = parameters.map { strdup($0.0) }
        let values = parameters.map { strdup($0.1) }
        defer { for text in names + values { free(text) } }
        // The URL stands last and is taken apart: of two values of one name the later counts.
        return PQconnectStartParams(names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
    }

    private static func finish(_ handle: OpaquePointer, _ limit: TimeLimit) throws(DatabaseError) {
        // libpq: as though the last poll had asked to write.
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status != PGRES_POLLING_FAILED, PQstatus(handle) != CONNECTION_BAD else {
                throw .unavailable("PostgreSQL cannot be reached: \(String(cString: PQerrorMessage(handle)))")
            }
            guard wait(for: status == PGRES_POLLING_READING ? POLLIN : POLLOUT, on: handle, limit) else {
                throw .timedOut("PostgreSQL cannot be reached: it does not answer")
            }
            status = PQconnectPoll(handle)
        }
    }

    /// - Returns: false when the limit came first.
    private static func wait(for events: Int32, on handle: OpaquePointer, _ limit: TimeLimit) -> Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        while true {
            let left = limit.left(atMost: wait)
            guard left > 0 else { return false }
            // An interrupted wait is begun again.
            if poll(&descriptor, 1, Int32(left)) > 0 { return true }
        }
    }

    private static let settings = [
        "SET client_encoding = 'UTF8'", "SET standard_conforming_strings = on", "SET bytea_output = 'hex'", "SET extra_float_digits = 1",
        "SET application_name = 'foyer'", "SET lock_timeout = '10s'", "SET idle_in_transaction_session_timeout = '60s'",
        // A page is read in a millisecond; where its plan looks dear, to compile it first took up to seconds.
        "SET jit = off",
    ]

    /// The server or the way to it is gone; so is the transaction.
    var isLost: Bool { isAbandoned || PQstatus(handle) == CONNECTION_BAD }

    func rows(_ sql: SQL) throws(DatabaseError) -> [Row] { try result(sql).rows }

    func run(_ sql: SQL) throws(DatabaseError) -> Int { try result(sql).affected }

    /// BEGIN, COMMIT and the like.
    /// - Returns: the command's tag.
    @discardableResult
    func command(_ text: String) throws(DatabaseError) -> String {
        let result = try answer { PQsendQuery(handle, text) }
        guard result.isSuccess else { throw result.error }
        return result.tag
    }

    /// For this transaction there is no time limit, here or at the server.
    func liftDeadline() throws(DatabaseError) {
        try command("SET LOCAL statement_timeout = 0")
        try command("SET LOCAL lock_timeout = 0")
        limit.end = .max
    }

    /// Sends one statement and waits for what the server says of it.
    /// - Throws: `timedOut` at the limit; the connection is lost then.
    private func answer(to send: () -> Int32) throws(DatabaseError) -> ServerResult {
        guard !isAbandoned, !limit.isOver else { throw limit.error }
        guard send() == 1 else { throw .unavailable("PostgreSQL: \(String(cString: PQerrorMessage(handle)))") }
        try flush()
        let result = ServerResult(handle: try nextResult())
        // One statement has one result; nil behind it says that the server is done.
        while let more = try nextResult() { PQclear(more) }
        return result
    }

    private func nextResult() throws(DatabaseError) -> OpaquePointer? {
        while PQisBusy(handle) == 1 {
            try wait(for: POLLIN)
            // A failure shows in the result.
            if PQconsumeInput(handle) == 0 { break }
        }
        return PQgetResult(handle)
    }

    /// Sends what libpq has kept; a server that sends at the same time is read meanwhile.
    private func flush() throws(DatabaseError) {
        var state = PQflush(handle)
        while state == 1 {
            try wait(for: POLLIN | POLLOUT)
            guard PQconsumeInput(handle) == 1 else { return }
            state = PQflush(handle)
        }
    }

    private func wait(for events: Int32) throws(DatabaseError) {
        guard Self.wait(for: events, on: handle, limit) else {
            isAbandoned = true
            throw limit.error
        }
    }

    /// The rows of one statement that is not prepared: before it is known whether prepared ones can be used.
    func unprepared(_ text: String) throws(DatabaseError) -> [Row] {
        let result = try answer { PQsendQuery(handle, text) }
        guard result.isSuccess else { throw result.error }
        return result.rows
    }

    /// What was prepared may no longer fit the schema.
    func forgetStatements() throws(DatabaseError) {
        prepared = [:]
        try command("DEALLOCATE ALL")
    }

    private func result(_ sql: SQL) throws(DatabaseError) -> ServerResult {
        let name = try statement(sql.text)
        let parameters = try Parameters(sql.values)
        let result = try answer {
            parameters.withPointers { count, values, lengths, formats in
                PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
            }
        }
        guard result.isSuccess else { throw result.error }
        return result
    }

    private func statement(_ text: String) throws(DatabaseError) -> String {
        if let name = prepared[text] { return name }
        if prepared.count >= Self.statementLimit { try forgetStatements() }
        nextName += 1
        let name = "s\(nextName)"
        let result = try answer { PQsendPrepare(handle, name, text, 0, nil) }
        guard result.isSuccess else { throw result.error }
        prepared[text] = name
        return name
    }
}
