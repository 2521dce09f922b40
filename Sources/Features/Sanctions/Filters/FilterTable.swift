package import Database
package import Kernel

/// The SQL of `text_filters` and `text_filter_versions`.
package enum FilterTable {
    private static let columns: SQL = "id, name, kind, body, author_id, version"

    package static func all(in transaction: Transaction) throws -> [TextFilter] {
        try transaction.rows("SELECT \(sql: columns) FROM text_filters ORDER BY folded").map(read)
    }

    package static func filter(named name: String, locked: Bool = false, in transaction: Transaction) throws -> TextFilter? {
        let lock: SQL = locked && transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
        return try transaction.row("SELECT \(sql: columns) FROM text_filters WHERE folded = \(folded(name)) \(sql: lock)").map(read)
    }

    /// Names that differ in case and accents alone are one.
    package static func folded(_ name: String) -> String { name.searchFold }

    private static func read(_ row: Row) throws -> TextFilter {
        guard let kind = TextFilter.Kind(rawValue: row.text(2)) else {
            throw DatabaseError.other(code: 0, message: "a filter holds “\(row.text(2))”")
        }
        let body = try JSONParser.parse(own: Array(row.text(3).utf8))
        var filter = TextFilter(
            id: row.id(0), name: row.text(1), kind: kind, actions: [], category: body["category"]?.string ?? "other",
            author: row.optionalID(4))
        filter.take(body)
        filter.version = row.int64(5)
        return filter
    }

    package static func insert(_ filter: TextFilter, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO text_filters (id, name, folded, kind, body, author_id, version, created_at, updated_at)
            VALUES (\(filter.id), \(filter.name), \(folded(filter.name)), \(filter.kind.rawValue), \(filter.stored.text), \(filter.author),
                \(filter.version), \(now), \(now))
            """)
        try changed(filter, at: now, in: transaction)
    }

    package static func update(_ filter: TextFilter, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE text_filters SET name = \(filter.name), kind = \(filter.kind.rawValue), body = \(filter.stored.text),
                author_id = \(filter.author), version = \(filter.version), updated_at = \(now) WHERE id = \(filter.id)
            """)
        try changed(filter, at: now, in: transaction)
    }

    package static func delete(_ filter: TextFilter, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM text_filters WHERE id = \(filter.id)")
        try transaction.execute("DELETE FROM text_filter_versions WHERE filter_id = \(filter.id)")
        try bump(in: transaction)
    }

    private static func changed(_ filter: TextFilter, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO text_filter_versions (filter_id, version, author_id, at, kind, body)
            VALUES (\(filter.id), \(filter.version), \(filter.author), \(now), \(filter.kind.rawValue), \(filter.stored.text))
            """)
        try transaction.execute(
            "DELETE FROM text_filter_versions WHERE filter_id = \(filter.id) AND version <= \(filter.version - Int64(TextFilter.Limits.history))"
        )
        try bump(in: transaction)
    }

    /// The former versions of a filter, the newest first.
    package static func versions(of id: TextFilterID, in transaction: Transaction) throws -> [FilterVersion] {
        try transaction.rows(
            "SELECT version, author_id, at, body FROM text_filter_versions WHERE filter_id = \(id) ORDER BY version DESC"
        ).map { row in
            FilterVersion(
                version: row.int64(0), author: row.optionalID(1), at: row.time(2), body: try JSONParser.parse(own: Array(row.text(3).utf8)))
        }
    }

    package static func bump(in transaction: Transaction) throws {
        try transaction.execute("UPDATE text_filter_set SET version = version + 1 WHERE id = 1")
    }

    /// Changes with every change of a filter; 0 before the first.
    static func version(in transaction: Transaction) throws -> Int64 {
        try transaction.row("SELECT version FROM text_filter_set WHERE id = 1")?.int64(0) ?? 0
    }
}

/// A filter as it was.
package struct FilterVersion: Sendable {
    package let version: Int64
    package let author: UserID?
    package let at: Timestamp
    package let body: JSON
}

extension TextFilter {
    /// All but name, kind and author.
    package var stored: JSON {
        [
            "enabled": .bool(isEnabled), "actions": .array(actions.map { .string($0.rawValue) }), "duration_s": .integer(seconds),
            "category": .string(category), "exempt_roles": .array(exemptRoles.map { JSON($0) }),
            "exempt_channels": .array(exemptChannels.map { JSON($0) }), "list": .array(list.map { .string($0) }),
            "mode": .string(mode.rawValue), "count": .integer(count), "within_s": .integer(within),
        ]
    }

    /// Takes what `stored` wrote.
    package mutating func take(_ body: JSON) {
        isEnabled = body["enabled"]?.bool ?? false
        actions = (body["actions"]?.array ?? []).compactMap { $0.string.flatMap { Action(rawValue: $0) } }
        seconds = body["duration_s"]?.integer ?? seconds
        exemptRoles = (body["exempt_roles"]?.array ?? []).compactMap { $0.string.flatMap { RowID(uuid: $0) } }
        exemptChannels = (body["exempt_channels"]?.array ?? []).compactMap { $0.string.flatMap { ConversationID(uuid: $0) } }
        list = (body["list"]?.array ?? []).compactMap(\.string)
        mode = body["mode"]?.string.flatMap { Mode(rawValue: $0) } ?? mode
        count = body["count"]?.integer ?? count
        within = body["within_s"]?.integer ?? within
    }
}

/// Filters with their former versions, and one number that changes with any of them.
let filterMigrations = [
    Migration(
        "text_filters",
        [
            """
            CREATE TABLE text_filters (
                id BIGINT PRIMARY KEY,
                name TEXT NOT NULL,
                folded TEXT NOT NULL UNIQUE,
                kind TEXT NOT NULL CHECK (kind IN ('words', 'links', 'mentions', 'repeats', 'rate', 'files')),
                body TEXT NOT NULL,
                author_id BIGINT,
                version BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL)
            """,
            """
            CREATE TABLE text_filter_versions (filter_id BIGINT NOT NULL, version BIGINT NOT NULL, author_id BIGINT, at BIGINT NOT NULL,
                kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (filter_id, version))
            """,
            "CREATE TABLE text_filter_set (id BIGINT PRIMARY KEY, version BIGINT NOT NULL)",
            "INSERT INTO text_filter_set (id, version) VALUES (1, 0)",
        ])
]
