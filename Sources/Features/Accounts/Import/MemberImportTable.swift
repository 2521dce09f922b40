internal import Crypto
internal import Database
internal import Kernel

/// The tables of imports of members.
struct MemberImportTable: Sendable {
    let keyring: Keyring

    /// Rows of one transaction.
    static let together = 500
    /// Imports of one person that are kept once they are over.
    private static let kept = 20
    private static let content = "user_import_rows.content"

    // MARK: Imports

    func insert(_ new: MemberImport, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO user_imports (\(sql: MemberImport.columns))
            VALUES (\(new.id), \(new.author), \(new.state.rawValue), \(new.name), \(new.encoding), \(new.separator),
                \(JSON.array(new.columns.map(JSON.string)).text), \(new.mappingJSON.text), \(new.roleNamesJSON.text),
                \(new.givenRolesJSON.text), \(new.total), \(new.invalid), \(new.settled), \(new.place), \(new.skipsInvalid), \(new.invites),
                \(new.failure?.stored.text), \(new.version), \(new.requestID), \(new.address), \(new.userAgent), \(new.createdAt),
                \(new.startedAt), \(new.endedAt))
            """)
    }

    func update(_ each: MemberImport, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE user_imports SET state = \(each.state.rawValue), mapping = \(each.mappingJSON.text),
                role_names = \(each.roleNamesJSON.text), given_roles = \(each.givenRolesJSON.text), total = \(each.total),
                invalid = \(each.invalid), settled = \(each.settled), place = \(each.place), skips_invalid = \(each.skipsInvalid),
                invites = \(each.invites), failure = \(each.failure?.stored.text), version = \(each.version),
                started_at = \(each.startedAt), ended_at = \(each.endedAt)
            WHERE id = \(each.id)
            """)
    }

    func find(_ id: RowID, in transaction: Transaction) throws -> MemberImport? {
        try transaction.row("SELECT \(sql: MemberImport.columns) FROM user_imports WHERE id = \(id)").map { try MemberImport($0) }
    }

    /// The same, kept from others until the transaction ends.
    func locked(_ id: RowID, in transaction: Transaction) throws -> MemberImport? {
        try transaction.execute("UPDATE user_imports SET state = state WHERE id = \(id)")
        return try find(id, in: transaction)
    }

    /// - Throws: 404 for what is not the author's.
    func find(_ reference: String, of author: UserID, in transaction: Transaction) throws -> MemberImport {
        guard let id = RowID(uuid: reference), let found = try find(id, in: transaction), found.author == author else {
            throw Problem.notFound
        }
        return found
    }

    func recent(of author: UserID, in transaction: Transaction) throws -> [MemberImport] {
        try transaction.rows(
            "SELECT \(sql: MemberImport.columns) FROM user_imports WHERE author_id = \(author) ORDER BY id DESC LIMIT \(Self.kept)"
        ).map { try MemberImport($0) }
    }

    /// How many of somebody's imports are not over.
    func open(of author: UserID, in transaction: Transaction) throws -> Int {
        try transaction.row(
            "SELECT COUNT(*) FROM user_imports WHERE author_id = \(author) AND state IN ('checking', 'preview', 'running')")?.int(0) ?? 0
    }

    /// Makes room for a new import of somebody: of those that are over, and whose members are all announced, the oldest goes with its rows.
    func forgetOldest(of author: UserID, in transaction: Transaction) throws {
        try transaction.execute(
            """
            DELETE FROM user_imports WHERE id IN (SELECT id FROM user_imports WHERE author_id = \(author)
                AND state IN ('done', 'failed', 'cancelled')
                AND NOT EXISTS (SELECT 1 FROM user_import_people WHERE user_import_people.import_id = user_imports.id)
                ORDER BY id DESC LIMIT 1 OFFSET \(Self.kept - 1))
            """)
    }

    /// Deletes one preview of a day, and one import of a week, with their rows.
    ///
    /// - Returns: whether there was one.
    func sweep(at now: Timestamp, in transaction: Transaction) throws -> Bool {
        let previews = try transaction.execute(
            """
            DELETE FROM user_imports WHERE id IN (SELECT id FROM user_imports WHERE state IN ('checking', 'preview')
                AND created_at < \(now.adding(seconds: -86_400)) LIMIT 1)
            """)
        let others = try transaction.execute(
            """
            DELETE FROM user_imports WHERE id IN (SELECT id FROM user_imports WHERE state IN ('done', 'failed', 'cancelled')
                AND created_at < \(now.adding(seconds: -7 * 86_400)) LIMIT 1)
            """)
        return previews + others > 0
    }

    // MARK: Rows

    func insert(_ rows: [ImportRow], of id: RowID, in transaction: Transaction) throws {
        var batch = RowBatch(
            "INSERT INTO user_import_rows (import_id, number, line, content, state, username, faults) VALUES ", in: transaction)
        for row in rows {
            let sealed = keyring.fields.seal(row.stored.bytes, column: Self.content, id: Self.place(of: row.number, id))
            try batch.add("(\(id), \(row.number), \(row.line), \(sealed), 'waiting', '', '')")
        }
        try batch.finish()
    }

    struct Found: Sendable {
        let row: ImportRow
        let isValid: Bool
        /// Empty before it is checked.
        let username: String
        let faults: [RowFault]
    }

    /// Rows after a number.
    func rows(of each: MemberImport, after number: Int, state: String? = nil, limit: Int, in transaction: Transaction) throws -> [Found] {
        let condition: SQL = state.map { "AND state = \($0)" } ?? ""
        return try transaction.rows(
            """
            SELECT number, line, content, state, username, faults FROM user_import_rows
            WHERE import_id = \(each.id) AND number > \(number) \(sql: condition) ORDER BY number LIMIT \(limit)
            """
        ).map { row in
            let number = row.int(0)
            let content = try keyring.fields.open(row.blob(2), column: Self.content, id: Self.place(of: number, each.id))
            let faults = row.text(5).isEmpty ? [] : try JSONParser.parse(own: Array(row.text(5).utf8)).array ?? []
            return Found(
                row: ImportRow(
                    stored: try JSONParser.parse(own: content), number: number, line: row.int(1), columns: each.columns),
                isValid: row.text(3) == "ready", username: row.text(4), faults: faults.map(RowFault.init))
        }
    }

    /// Stores the results of checking rows.
    func settle(_ rows: [(number: Int, username: String, faults: [RowFault])], of id: RowID, in transaction: Transaction) throws {
        var batch = RowBatch(
            "INSERT INTO user_import_rows (import_id, number, line, content, state, username, faults) VALUES ",
            """
             ON CONFLICT (import_id, number) DO UPDATE SET state = excluded.state, username = excluded.username, faults = excluded.faults
            """, in: transaction)
        let nothing: [UInt8] = []
        for row in rows {
            let faults = row.faults.isEmpty ? "" : JSON.array(row.faults.map(\.stored)).text
            try batch.add(
                "(\(id), \(row.number), 0, \(nothing), \(row.faults.isEmpty ? "ready" : "invalid"), \(row.username), \(faults))")
        }
        try batch.finish()
    }

    private static func place(of number: Int, _ id: RowID) -> Int64 { id.rawValue &+ Int64(number) }

    // MARK: Prepared people

    /// Deletes the prepared people, and so frees their names.
    func release(_ id: RowID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM user_import_roles WHERE import_id = \(id)")
        try transaction.execute("DELETE FROM user_import_people WHERE import_id = \(id)")
    }

    /// Whether an import that runs holds the name. After an import its names are names of members.
    static func holds(username: String, in transaction: Transaction) throws -> Bool {
        try holds("username = \(username)", in: transaction)
    }

    static func holds(emailBlind: [UInt8], in transaction: Transaction) throws -> Bool {
        try holds("email_blind = \(emailBlind)", in: transaction)
    }

    private static func holds(_ condition: SQL, in transaction: Transaction) throws -> Bool {
        try transaction.row(
            """
            SELECT 1 FROM user_import_people JOIN user_imports ON user_imports.id = user_import_people.import_id
            WHERE \(sql: condition) AND user_imports.state = 'running'
            """) != nil
    }

    /// Those of the names that a member, an applicant or another import has.
    static func taken(_ names: [String], besides id: RowID, in transaction: Transaction) throws -> Set<ByteKey> {
        var taken: Set<ByteKey> = []
        for start in stride(from: 0, to: names.count, by: 50) {
            let part = SQL.joined(names[start..<min(start + 50, names.count)].map { "\($0)" }, separator: ", ")
            let rows = try transaction.rows(
                """
                SELECT username FROM users WHERE username IN (\(sql: part))
                UNION ALL SELECT username FROM registrations WHERE state <> 'refused' AND username IN (\(sql: part))
                UNION ALL SELECT username FROM user_import_people WHERE import_id <> \(id) AND username IN (\(sql: part))
                """)
            for row in rows { taken.insert(ByteKey(row.text(0))) }
        }
        return taken
    }

    /// Those of the addresses that a member or another import has.
    static func taken(blinds: [[UInt8]], besides id: RowID, in transaction: Transaction) throws -> Set<[UInt8]> {
        var taken: Set<[UInt8]> = []
        for start in stride(from: 0, to: blinds.count, by: 50) {
            let part = SQL.joined(blinds[start..<min(start + 50, blinds.count)].map { "\($0)" }, separator: ", ")
            let rows = try transaction.rows(
                """
                SELECT email_blind FROM users WHERE email_blind IN (\(sql: part))
                UNION ALL SELECT email_blind FROM user_import_people WHERE import_id <> \(id) AND email_blind IN (\(sql: part))
                """)
            for row in rows { taken.insert(row.blob(0)) }
        }
        return taken
    }
}
