package import Database
internal import Kernel

/// Files of titles that the team brings, row by row.
package let importMigrations = [
    Migration(
        "media_imports",
        [
            """
            CREATE TABLE media_imports (
                id BIGINT PRIMARY KEY,
                author_id BIGINT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('preview', 'running', 'done', 'cancelled')),
                columns TEXT NOT NULL,
                mapping TEXT NOT NULL,
                language TEXT NOT NULL,
                total BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                ended_at BIGINT)
            """,
            "CREATE INDEX media_imports_author ON media_imports (author_id, state)",
            """
            CREATE TABLE media_import_rows (
                import_id BIGINT NOT NULL REFERENCES media_imports (id),
                number BIGINT NOT NULL,
                content TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'invalid', 'added', 'updated', 'unchanged')),
                faults TEXT NOT NULL DEFAULT '',
                media_id BIGINT,
                PRIMARY KEY (import_id, number))
            """,
            "CREATE INDEX media_import_rows_state ON media_import_rows (import_id, state, number)",
        ])
]

/// An import as the table has it.
struct TitleImport: Sendable {
    enum State: String, CaseIterable, Sendable {
        case preview, running, done, cancelled
    }

    let id: RowID
    let author: UserID
    var state: State
    let columns: [String]
    var mapping: [ImportField: String]
    let language: Language
    let total: Int
    let createdAt: Timestamp
    let endedAt: Timestamp?
}

enum ImportTable {
    static func read(_ id: RowID, isLocked: Bool = false, in transaction: Transaction) throws -> TitleImport? {
        let lock: SQL = isLocked && transaction.dialect == .postgres ? "FOR UPDATE" : ""
        guard
            let row = try transaction.row(
                """
                SELECT id, author_id, state, columns, mapping, language, total, created_at, ended_at FROM media_imports
                WHERE id = \(id) \(sql: lock)
                """)
        else { return nil }
        let members = try JSONParser.parse(Array(row.text(4).utf8)).object ?? [:]
        let mapping = members.members.compactMap { member in
            ImportField(rawValue: member.name).flatMap { field in member.value.string.map { (field, $0) } }
        }
        return TitleImport(
            id: row.id(0), author: row.id(1), state: TitleImport.State(rawValue: row.text(2)) ?? .cancelled,
            columns: (try JSONParser.parse(Array(row.text(3).utf8)).array ?? []).compactMap(\.string),
            mapping: Dictionary(mapping, uniquingKeysWith: { first, _ in first }), language: Language(rawValue: row.text(5)) ?? .english,
            total: row.int(6), createdAt: row.time(7), endedAt: row.optionalTime(8))
    }

    static func mappingJSON(_ mapping: [ImportField: String]) -> JSON {
        var object = JSONObject()
        for field in ImportField.allCases { if let column = mapping[field] { object.append(field.rawValue, .string(column)) } }
        return .object(object)
    }

    static func insert(_ new: TitleImport, _ rows: [ImportRow], in transaction: Transaction) throws {
        let columns = JSON.array(new.columns.map(JSON.string)).text
        try transaction.execute(
            """
            INSERT INTO media_imports (id, author_id, state, columns, mapping, language, total, created_at)
            VALUES (\(new.id), \(new.author), 'preview', \(columns), \(mappingJSON(new.mapping).text), \(new.language.rawValue), \(rows.count),
            \(new.createdAt))
            """)
        var batch = RowBatch("INSERT INTO media_import_rows (import_id, number, content, state) VALUES ", in: transaction)
        for (place, row) in rows.enumerated() { try batch.add("(\(new.id), \(place + 1), \(row.json.text), 'waiting')") }
        try batch.finish()
    }

    /// How many rows are in each state.
    static func counts(of id: RowID, in transaction: Transaction) throws -> [String: Int] {
        let rows = try transaction.rows("SELECT state, COUNT(*) FROM media_import_rows WHERE import_id = \(id) GROUP BY state")
        return Dictionary(rows.map { ($0.text(0), $0.int(1)) }, uniquingKeysWith: +)
    }

    /// Rows from a number on.
    static func rows(of id: RowID, after number: Int, state: String?, limit: Int, in transaction: Transaction) throws
        -> [(number: Int, row: ImportRow, state: String, faults: JSON, title: MediaID?)]
    {
        let condition: SQL = state.map { "AND state = \($0)" } ?? ""
        return try transaction.rows(
            """
            SELECT number, content, state, faults, media_id FROM media_import_rows
            WHERE import_id = \(id) AND number > \(number) \(sql: condition) ORDER BY number LIMIT \(limit)
            """
        ).map { row in
            let faults = row.text(3).isEmpty ? JSON.array([]) : try JSONParser.parse(Array(row.text(3).utf8))
            return (row.int(0), ImportRow(stored: try JSONParser.parse(Array(row.text(1).utf8))), row.text(2), faults, row.optionalID(4))
        }
    }

    /// Forgets an import with its rows.
    static func delete(_ id: RowID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM media_import_rows WHERE import_id = \(id)")
        try transaction.execute("DELETE FROM media_imports WHERE id = \(id)")
    }
}
