internal import Database
internal import Kernel

enum CaseEntity {}
typealias CaseID = ID<CaseEntity>

/// What a case is about.
enum CaseTarget: String, Sendable, CaseIterable { case user, message, media, review, list, appeal }

/// Why somebody reports something, the gravest first.
enum ReportCategory: String, Sendable, CaseIterable {
    case threat
    case selfHarm = "self_harm"
    case illegal, harassment, hate, shocking, impersonation, spam, spoiler, other

    /// From 1 to 4; 4 is the gravest.
    var severity: Int64 {
        switch self {
        case .threat, .selfHarm, .illegal: 4
        case .harassment, .hate, .shocking: 3
        case .impersonation, .spam: 2
        case .spoiler, .other: 1
        }
    }
}

/// One row of `cases`: all open reports of one target, decided together; or an appeal.
struct Case: Sendable {
    enum State: String, Sendable, CaseIterable { case open, decided, merged }
    enum Outcome: String, Sendable, CaseIterable { case acted, dismissed }

    let id: CaseID
    let target: CaseTarget
    let targetID: Int64
    /// The person it is about; nil when the target belongs to nobody.
    let subject: UserID?
    var state = State.open
    var severity: Int64
    /// The gravest of its reports.
    var category: String
    var reportCount: Int64 = 0
    var assignee: UserID?
    var takenAt: Timestamp?
    let openedAt: Timestamp
    var dueAt: Timestamp
    var decidedAt: Timestamp?
    var decidedBy: UserID?
    var outcome: Outcome?
    var reason: String?
    var mergedInto: CaseID?
    var version: Int64 = 1

    init(
        _ id: CaseID, _ target: CaseTarget, _ targetID: Int64, about subject: UserID?, severity: Int64, category: String, at now: Timestamp
    ) {
        (self.id, self.target, self.targetID, self.subject, self.severity, self.category) = (
            id, target, targetID, subject, severity, category
        )
        (openedAt, dueAt) = (now, now.adding(seconds: Self.seconds(severity)))
    }

    /// How long the team has to decide, in seconds.
    static func seconds(_ severity: Int64) -> Int64 {
        let hours: Int64 =
            switch severity {
            case 4...: 1
            case 3: 4
            case 2: 24
            default: 72
            }
        return hours * 3600
    }

    /// An assignee who does nothing on the case for so long loses it.
    static let idleMilliseconds: Int64 = 30 * 60 * 1000

    /// The assignee, unless they have been idle for too long.
    func holder(at now: Timestamp) -> UserID? {
        guard state == .open, let assignee, let takenAt, now.milliseconds - takenAt.milliseconds < Self.idleMilliseconds else { return nil }
        return assignee
    }

    func isOverdue(at now: Timestamp) -> Bool { state == .open && dueAt < now }

    static let columns: SQL = """
        id, target_type, target_id, subject_id, state, severity, category, report_count, assignee_id, taken_at, opened_at, due_at, decided_at,
        decided_by, outcome, reason, merged_into, version
        """

    init(_ row: Row) throws {
        guard let target = CaseTarget(rawValue: row.text(1)), let state = State(rawValue: row.text(4)) else {
            throw DatabaseError.other(code: 0, message: "a case holds “\(row.text(1))” and “\(row.text(4))”")
        }
        (id, self.target, targetID, subject, self.state) = (row.id(0), target, row.int64(2), row.optionalID(3), state)
        (severity, category, reportCount) = (row.int64(5), row.text(6), row.int64(7))
        (assignee, takenAt, openedAt, dueAt) = (row.optionalID(8), row.optionalTime(9), row.time(10), row.time(11))
        (decidedAt, decidedBy) = (row.optionalTime(12), row.optionalID(13))
        outcome = row.optionalText(14).flatMap { Outcome(rawValue: $0) }
        (reason, mergedInto, version) = (row.optionalText(15), row.optionalID(16), row.int64(17))
    }
}

/// The SQL of `cases`.
enum CaseTable {
    /// - Parameter condition: on `cases`; what does not fulfil it is not found.
    static func find(_ id: CaseID, where condition: SQL = "1 = 1", locked: Bool = false, in transaction: Transaction) throws -> Case? {
        try first("id = \(id) AND \(sql: condition)", locked: locked, in: transaction)
    }

    static func find(_ ids: [CaseID], in transaction: Transaction) throws -> [CaseID: Case] {
        let found = try transaction.rows("SELECT \(sql: Case.columns) FROM cases WHERE id IN (SELECT value FROM json_each(\(ids: ids)))")
            .map(Case.init)
        return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The open case of a target, locked until the transaction ends.
    static func lockedOpen(_ target: CaseTarget, _ id: Int64, in transaction: Transaction) throws -> Case? {
        try first("target_type = \(target.rawValue) AND target_id = \(id) AND state = 'open'", locked: true, in: transaction)
    }

    private static func first(_ condition: SQL, locked: Bool, in transaction: Transaction) throws -> Case? {
        let lock: SQL = locked && transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
        return try transaction.row("SELECT \(sql: Case.columns) FROM cases WHERE \(sql: condition) \(sql: lock)").map(Case.init)
    }

    static func merged(into id: CaseID, in transaction: Transaction) throws -> [Case] {
        try transaction.rows("SELECT \(sql: Case.columns) FROM cases WHERE merged_into = \(id) ORDER BY id LIMIT 200").map(Case.init)
    }

    /// - Returns: false when the target has an open case.
    static func insert(_ found: Case, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            INSERT INTO cases (id, target_type, target_id, subject_id, state, severity, category, report_count, opened_at, due_at, version)
            VALUES (\(found.id), \(found.target.rawValue), \(found.targetID), \(found.subject), \(found.state.rawValue), \(found.severity),
                \(found.category), \(found.reportCount), \(found.openedAt), \(found.dueAt), 1)
            ON CONFLICT DO NOTHING
            """) == 1
    }

    /// Writes what can change, and raises the version.
    static func update(_ changed: inout Case, in transaction: Transaction) throws {
        changed.version += 1
        try transaction.execute(
            """
            UPDATE cases SET state = \(changed.state.rawValue), severity = \(changed.severity), category = \(changed.category),
                report_count = \(changed.reportCount), assignee_id = \(changed.assignee), taken_at = \(changed.takenAt),
                due_at = \(changed.dueAt), decided_at = \(changed.decidedAt), decided_by = \(changed.decidedBy),
                outcome = \(changed.outcome?.rawValue), reason = \(changed.reason), merged_into = \(changed.mergedInto),
                version = \(changed.version)
            WHERE id = \(changed.id)
            """)
    }
}
