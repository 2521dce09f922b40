package import Database
internal import Kernel

/// Imports and the rows of their files.
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

/// A row of `media_imports`.
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

    /// - Parameter faults: of the invalid rows, by number.
    static func insert(_ new: TitleImport, _ rows: [ImportRow], faults: [Int: JSON], in transaction: Transaction) throws {
        let columns = JSON.array(new.columns.map(JSON.string)).text
        try transaction.execute(
            """
            INSERT INTO media_imports (id, author_id, state, columns, mapping, language, total, created_at)
            VALUES (\(new.id), \(new.author), 'preview', \(columns), \(mappingJSON(new.mapping).text), \(new.language.rawValue), \(rows.count),
            \(new.createdAt))
            """)
        var batch = RowBatch("INSERT INTO media_import_rows (import_id, number, content, state, faults) VALUES ", in: transaction)
        for (place, row) in rows.enumerated() {
            let fault = faults[place + 1]
            try batch.add(
                "(\(new.id), \(place + 1), \(row.json.text), \(fault == nil ? "waiting" : "invalid"), \(fault?.text ?? ""))")
        }
        try batch.finish()
    }

    /// - Parameter faults: of the invalid rows, by number; all other rows are valid.
    static func replaceFaults(of id: RowID, by faults: [Int: JSON], in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE media_import_rows SET state = 'waiting', faults = '' WHERE import_id = \(id) AND state = 'invalid'")
        var batch = RowBatch(
            "INSERT INTO media_import_rows (import_id, number, content, state, faults) VALUES ",
            " ON CONFLICT (import_id, number) DO UPDATE SET state = excluded.state, faults = excluded.faults", in: transaction)
        for (number, fault) in faults.sorted(by: { $0.key < $1.key }) {
            try batch.add("(\(id), \(number), '', 'invalid', \(fault.text))")
        }
        try batch.finish()
    }

    /// The number of rows in each state.
    static func counts(of id: RowID, in transaction: Transaction) throws -> [String: Int] {
        let rows = try transaction.rows("SELECT state, COUNT(*) FROM media_import_rows WHERE import_id = \(id) GROUP BY state")
        return Dictionary(rows.map { ($0.text(0), $0.int(1)) }, uniquingKeysWith: +)
    }

    /// Rows after a number.
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

    /// A preview that is not committed within a day is deleted with the next import of its author.
    private static let previewSeconds: Int64 = 86_400

    /// The number of a person's imports that are in preview or running.
    static func open(of author: UserID, at now: Timestamp, in transaction: Transaction) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) FROM media_imports WHERE author_id = \(author)
                AND (state = 'running' OR (state = 'preview' AND created_at >= \(now.adding(seconds: -previewSeconds))))
            """)?.int(0) ?? 0
    }

    /// Deletes a person's stale previews, and their ended imports apart from the newest ones.
    static func deleteOld(of author: UserID, at now: Timestamp, keeping most: Int, in transaction: Transaction) throws {
        let stale = try transaction.rows(
            """
            SELECT id FROM media_imports WHERE author_id = \(author) AND state = 'preview'
                AND created_at < \(now.adding(seconds: -previewSeconds))
            """)
        let ended = try transaction.rows(
            "SELECT id FROM media_imports WHERE author_id = \(author) AND state IN ('done', 'cancelled') ORDER BY id DESC")
        for row in stale + ended.dropFirst(most) { try delete(row.id(0), in: transaction) }
    }

    static func deleteAll(of author: UserID, in transaction: Transaction) throws {
        for row in try transaction.rows("SELECT id FROM media_imports WHERE author_id = \(author)") {
            try delete(row.id(0), in: transaction)
        }
    }

    private static func delete(_ id: RowID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM media_import_rows WHERE import_id = \(id)")
        try transaction.execute("DELETE FROM media_imports WHERE id = \(id)")
    }
}
