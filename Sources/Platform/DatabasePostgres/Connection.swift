internal import CPostgres
internal import Database
internal import Glibc

/// One libpq connection, made and used inside one thread.
final class Connection: StatementRunner {
    private let handle: OpaquePointer
    /// The names of the prepared statements, by text.
    private var prepared: [String: String] = [:]
    private var nextName = 0
    static let statementLimit = 256

    /// - Throws: `unavailable` when there is no server, or it refuses us.
    init(url: String) throws(DatabaseError) {
        guard let opened = Self.open(url) else { throw .unavailable("PostgreSQL: out of memory") }
        guard PQstatus(opened) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(opened))
            PQfinish(opened)
            throw .unavailable("PostgreSQL cannot be reached: \(message)")
        }
        handle = opened
        // Notices ("already exists, skipping") are not errors.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        for setting in Self.settings { try command(setting) }
    }

    deinit { PQfinish(handle) }

    /// A server that vanished without a word is given up within half a minute, not the hours that the kernel would wait; what the URL says goes first.
    private static let patience = [
        ("connect_timeout", "10"), ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
        ("tcp_user_timeout", "30000"),
    ]

    private static func open(_ url: String) -> OpaquePointer? {
        let parameters = patience + [("dbname", url)]
        let names = parameters.map { strdup($0.0) }
        let values = parameters.map { strdup($0.1) }
        defer { for text in names + values { free(text) } }
        // The URL stands last and is taken apart: of two values of one name the later counts.
        return PQconnectdbParams(names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
    }

    private static let settings = [
        "SET client_encoding = 'UTF8'", "SET standard_conforming_strings = on", "SET bytea_output = 'hex'", "SET extra_float_digits = 1",
        "SET application_name = 'foyer'", "SET statement_timeout = '30s'", "SET lock_timeout = '10s'",
        "SET idle_in_transaction_session_timeout = '60s'",
        // A page is read in a millisecond; where its plan looks dear, to compile it first took up to seconds.
        "SET jit = off",
    ]

    /// The server or the way to it is gone; so is the transaction.
    var isLost: Bool { PQstatus(handle) == CONNECTION_BAD }

    func rows(_ sql: SQL) throws(DatabaseError) -> [Row] { try result(sql).rows }

    func run(_ sql: SQL) throws(DatabaseError) -> Int { try result(sql).affected }

    /// BEGIN, COMMIT and the like.
    /// - Returns: the command's tag.
    @discardableResult
    func command(_ text: String) throws(DatabaseError) -> String {
        let result = ServerResult(handle: PQexec(handle, text))
        guard result.isSuccess else { throw result.error }
        return result.tag
    }

    /// What was prepared may no longer fit the schema.
    func forgetStatements() throws(DatabaseError) {
        prepared = [:]
        try command("DEALLOCATE ALL")
    }

    private func result(_ sql: SQL) throws(DatabaseError) -> ServerResult {
        let name = try statement(sql.text)
        let parameters = try Parameters(sql.values)
        let result = ServerResult(
            handle: parameters.withPointers { count, values, lengths, formats in
                PQexecPrepared(handle, name, count, values, lengths, formats, 0)
            })
        guard result.isSuccess else { throw result.error }
        return result
    }

    private func statement(_ text: String) throws(DatabaseError) -> String {
        if let name = prepared[text] { return name }
        if prepared.count >= Self.statementLimit { try forgetStatements() }
        nextName += 1
        let name = "s\(nextName)"
        let result = ServerResult(handle: PQprepare(handle, name, text, 0, nil))
        guard result.isSuccess else { throw result.error }
        prepared[text] = name
        return name
    }
}
