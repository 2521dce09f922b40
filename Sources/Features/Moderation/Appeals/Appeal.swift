internal import Crypto
internal import Database
internal import Kernel
internal import Sanctions

enum AppealEntity {}
typealias AppealID = ID<AppealEntity>

/// One row of `appeals`: a person's objection to a sanction; one a sanction.
struct Appeal: Sendable {
    enum State: String, Sendable, CaseIterable { case open, accepted, rejected }

    let id: AppealID
    let sanction: SanctionID
    let user: UserID
    let caseID: CaseID
    let text: String
    let createdAt: Timestamp
    var state = State.open
    var decidedBy: UserID?
    var decidedAt: Timestamp?
    /// Shown to the sanctioned person.
    var answer: String?
    var version: Int64 = 1

    /// How long a sanction can be appealed, in seconds.
    static let term: Int64 = 30 * 86_400
    static let textLength = 2000

    /// Until when a sanction can be appealed; nil: it cannot.
    static func deadline(of sanction: Sanction) -> Timestamp? {
        switch sanction.end {
        case nil, .expired: sanction.issuedAt.adding(seconds: term)
        case .lifted, .replaced, .appealed: nil
        }
    }
}

/// The SQL of `appeals`; the texts are stored encrypted.
struct AppealTable: Sendable {
    let cipher: FieldCipher
    private static let column = "appeals.text"
    private static let columns: SQL =
        "id, sanction_id, user_id, case_id, text_cipher, created_at, state, decided_by, decided_at, answer, version"

    private func read(_ row: Row) throws -> Appeal {
        Appeal(
            id: row.id(0), sanction: row.id(1), user: row.id(2), caseID: row.id(3),
            text: try cipher.openText(row.blob(4), column: Self.column, id: row.int64(0)), createdAt: row.time(5),
            state: Appeal.State(rawValue: row.text(6)) ?? .open, decidedBy: row.optionalID(7), decidedAt: row.optionalTime(8),
            answer: row.optionalText(9), version: row.int64(10))
    }

    func find(_ id: AppealID, locked: Bool = false, in transaction: Transaction) throws -> Appeal? {
        let lock: SQL = locked && transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
        return try transaction.row("SELECT \(sql: Self.columns) FROM appeals WHERE id = \(id) \(sql: lock)").map(read)
    }

    func appeal(ofCase id: CaseID, in transaction: Transaction) throws -> Appeal? {
        try transaction.row("SELECT \(sql: Self.columns) FROM appeals WHERE case_id = \(id)").map(read)
    }

    func appeals(of sanctions: [SanctionID], in transaction: Transaction) throws -> [SanctionID: Appeal] {
        guard !sanctions.isEmpty else { return [:] }
        let found = try transaction.rows(
            "SELECT \(sql: Self.columns) FROM appeals WHERE sanction_id IN (SELECT value FROM json_each(\(ids: sanctions)))"
        ).map(read)
        return Dictionary(found.map { ($0.sanction, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Returns: false when there is one against the sanction.
    func insert(_ appeal: Appeal, in transaction: Transaction) throws -> Bool {
        let sealed = cipher.seal(appeal.text, column: Self.column, id: appeal.id.rawValue)
        return try transaction.execute(
            """
            INSERT INTO appeals (id, sanction_id, user_id, case_id, text_cipher, created_at, state, version)
            VALUES (\(appeal.id), \(appeal.sanction), \(appeal.user), \(appeal.caseID), \(sealed), \(appeal.createdAt), 'open', 1)
            ON CONFLICT DO NOTHING
            """) == 1
    }

    func decide(_ appeal: inout Appeal, in transaction: Transaction) throws {
        appeal.version += 1
        try transaction.execute(
            """
            UPDATE appeals SET state = \(appeal.state.rawValue), decided_by = \(appeal.decidedBy), decided_at = \(appeal.decidedAt),
                answer = \(appeal.answer), version = \(appeal.version)
            WHERE id = \(appeal.id)
            """)
    }
}
