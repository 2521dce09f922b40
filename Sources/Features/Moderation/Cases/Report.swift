internal import Crypto
internal import Database
internal import Kernel

enum ReportEntity {}
typealias ReportID = ID<ReportEntity>

/// One row of `reports`: one person's complaint about a target.
struct Report: Sendable {
    let id: ReportID
    let caseID: CaseID
    let reporter: UserID?
    let target: CaseTarget
    let targetID: Int64
    let category: ReportCategory
    let text: String?
    let createdAt: Timestamp
    /// The filter that reported, where no person did.
    var filter: String?
}

/// The SQL of `reports`; the texts are stored encrypted.
struct ReportTable: Sendable {
    let cipher: FieldCipher
    private static let column = "reports.text"
    private static let columns: SQL = "id, case_id, reporter_id, target_type, target_id, category, text_cipher, created_at, filter_name"

    private func read(_ row: Row) throws -> Report {
        guard let target = CaseTarget(rawValue: row.text(3)), let category = ReportCategory(rawValue: row.text(5)) else {
            throw DatabaseError.other(code: 0, message: "a report holds “\(row.text(3))” and “\(row.text(5))”")
        }
        let text = try row.optionalBlob(6).map { try cipher.openText($0, column: Self.column, id: row.int64(0)) }
        return Report(
            id: row.id(0), caseID: row.id(1), reporter: row.optionalID(2), target: target, targetID: row.int64(4), category: category,
            text: text, createdAt: row.time(7), filter: row.optionalText(8))
    }

    func insert(_ report: Report, in transaction: Transaction) throws {
        let sealed = report.text.map { cipher.seal($0, column: Self.column, id: report.id.rawValue) }
        try transaction.execute(
            """
            INSERT INTO reports (id, case_id, reporter_id, target_type, target_id, category, text_cipher, created_at,
                filter_name)
            VALUES (\(report.id), \(report.caseID), \(report.reporter), \(report.target.rawValue), \(report.targetID),
                \(report.category.rawValue), \(sealed), \(report.createdAt), \(report.filter))
            """)
    }

    func report(in caseID: CaseID, by reporter: UserID, _ transaction: Transaction) throws -> Report? {
        try transaction.row("SELECT \(sql: Self.columns) FROM reports WHERE case_id = \(caseID) AND reporter_id = \(reporter)").map(read)
    }

    /// Of some cases, the oldest first.
    func reports(of cases: [CaseID], limit: Int, in transaction: Transaction) throws -> [Report] {
        try transaction.rows(
            """
            SELECT \(sql: Self.columns) FROM reports WHERE case_id IN (SELECT value FROM json_each(\(ids: cases))) ORDER BY id LIMIT \(limit)
            """
        ).map(read)
    }

    /// Whether a person reported one of some cases.
    static func hasReport(in cases: [CaseID], by reporter: UserID, _ transaction: Transaction) throws -> Bool {
        try transaction.row(
            "SELECT 1 FROM reports WHERE case_id IN (SELECT value FROM json_each(\(ids: cases))) AND reporter_id = \(reporter) LIMIT 1"
        ) != nil
    }

    /// Everybody who reported some cases, each once.
    static func reporters(of cases: [CaseID], in transaction: Transaction) throws -> [UserID] {
        try transaction.rows(
            """
            SELECT DISTINCT reporter_id FROM reports
            WHERE case_id IN (SELECT value FROM json_each(\(ids: cases))) AND reporter_id IS NOT NULL ORDER BY reporter_id
            """
        ).map { $0.id(0) }
    }

    /// How many reporters of a case had more reports acted on than dismissed before.
    static func reliableReporters(of caseID: CaseID, in transaction: Transaction) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) FROM (
                SELECT others.reporter_id FROM reports AS mine
                JOIN reports AS others ON others.reporter_id = mine.reporter_id JOIN cases ON cases.id = others.case_id
                WHERE mine.case_id = \(caseID) AND cases.outcome IS NOT NULL
                GROUP BY others.reporter_id
                HAVING SUM(CASE WHEN cases.outcome = 'acted' THEN 1 ELSE -1 END) > 0) AS reliable
            """)?.int(0) ?? 0
    }

    func page(of reporter: UserID, before: ReportID, limit: Int, in transaction: Transaction) throws -> [(Report, Case.State)] {
        try transaction.rows(
            """
            SELECT reports.id, case_id, reporter_id, reports.target_type, reports.target_id, reports.category, text_cipher, created_at,
                filter_name, COALESCE(heads.state, cases.state)
            FROM reports JOIN cases ON cases.id = case_id LEFT JOIN cases AS heads ON heads.id = cases.merged_into WHERE reporter_id = \(reporter) AND reports.id < \(before)
            ORDER BY reports.id DESC LIMIT \(limit)
            """
        ).map { (try read($0), Case.State(rawValue: $0.text(9)) ?? .open) }
    }
}
