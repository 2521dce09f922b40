internal import Database
internal import Kernel
internal import Runtime

/// Looks at the start whether the server and the way to it are such that everything works later.
enum ServerCheck {
    /// - Throws: `unsuitable` with a sentence that says what to do.
    static func run(url: String, signal: AbortSignal) throws(DatabaseError) {
        let limit = TimeLimit(signal)
        limit.end = monotonicNanoseconds() + Worker.connectTime
        let first = try Connection(url: url, limit: limit, statementTimeout: 5000)
        let row = try first.unprepared(
            """
            SELECT current_setting('server_encoding'), current_setting('server_version_num')::bigint, current_schema(), current_user,
                COALESCE(has_schema_privilege(current_schema(), 'CREATE'), FALSE), current_database()
            """
        )[0]
        guard row.text(0) == "UTF8" else {
            throw .unsuitable(
                "the database \(row.text(5)) is in \(row.text(0)) and must be in UTF8: make it anew by CREATE DATABASE \(row.text(5)) ENCODING 'UTF8' TEMPLATE template0."
            )
        }
        guard row.int64(1) >= 130_000 else { throw .unsuitable("PostgreSQL 13 or newer is needed.") }
        guard !row.isNull(2), row.bool(4) else {
            let schema = row.optionalText(2) ?? "public"
            throw .unsuitable(
                "the role \(row.text(3)) may not create tables in the schema \(schema): as the owner of the database run GRANT CREATE, USAGE ON SCHEMA \(schema) TO \(row.text(3))."
            )
        }
        try requireOwnSession(first, url, limit)
    }

    /// Two open connections have a server process each, and the same one in every transaction; with a pooler in transaction mode they have not, and
    /// prepared statements, which belong to a server process, are another's.
    private static func requireOwnSession(_ first: Connection, _ url: String, _ limit: TimeLimit) throws(DatabaseError) {
        let before = try process(of: first)
        let second = try Connection(url: url, limit: limit, statementTimeout: 5000)
        try second.command("BEGIN")
        let other = try process(of: second)
        let after = try process(of: first)
        try second.command("COMMIT")
        guard before != other, before == after else {
            throw .unsuitable(
                "a connection pooler in transaction mode stands before PostgreSQL (PgBouncer: pool_mode = session, or connect to PostgreSQL itself)."
            )
        }
    }

    private static func process(of connection: Connection) throws(DatabaseError) -> Int64 {
        try connection.unprepared("SELECT pg_backend_pid()")[0].int64(0)
    }
}
