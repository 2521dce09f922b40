internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `GET /cases` and `GET /cases/{id}`
extension ModerationFeature {
    /// The gravest first, then those due first.
    func listCases(_ call: Call) async throws -> Reply {
        var query = try call.query
        let filter = CaseFilter(&query)
        let page = query.page()
        try query.finish()
        let after = try Self.place(of: page)
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            let visible = try visible(to: scope, in: transaction)
            let conditions = try [visible] + filter.conditions(scope, directory, at: now, in: transaction)
            let all = SQL.joined(conditions, separator: " AND ")
            var behind: SQL = "1 = 1"
            if let (severity, due, id) = after {
                behind = """
                    (severity < \(severity) OR severity = \(severity) AND (due_at > \(due) OR due_at = \(due) AND id > \(id)))
                    """
            }
            let rows = try transaction.rows(
                """
                SELECT \(sql: Case.columns) FROM cases WHERE \(sql: all) AND \(sql: behind)
                ORDER BY severity DESC, due_at, id LIMIT \(page.limit + 1)
                """
            ).map(Case.init)
            let found = Array(rows.prefix(page.limit))
            let next =
                rows.count > page.limit
                ? found.last.map { Page.cursor([.integer($0.severity), .integer($0.dueAt.milliseconds), JSON($0.id)]) } : nil
            let total = page.wantsTotal ? try transaction.row("SELECT COUNT(*) FROM cases WHERE \(sql: all)")?.int(0) ?? 0 : nil
            return .page(try views(of: found, for: scope, at: now, in: transaction).map { .object($0) }, next: next, total: total)
        }
    }

    /// The sort keys of the last case of the page before.
    private static func place(of page: Page) throws(Problem) -> (severity: Int64, due: Int64, id: CaseID)? {
        guard let keys = try page.keys(3) else { return nil }
        guard let severity = keys[0].integer, let due = keys[1].integer, let id = keys[2].string.flatMap({ CaseID(uuid: $0) }) else {
            throw .invalid(
                "?cursor", "invalid",
                LocalizedText(en: "This cursor is not one of this list.", fr: "Ce curseur n’appartient pas à cette liste."))
        }
        return (severity, due, id)
    }

    func readCase(_ call: Call) async throws -> Reply {
        let (scope, now, reference) = (call.scope, clock.now(), call.parameter("id"))
        return try await database.read { [self] transaction in
            let found = try caseToRead(reference, scope, in: transaction)
            return try detail(of: found, for: scope, at: now, in: transaction)
        }
    }
}

/// The filters of the queue.
struct CaseFilter: Sendable {
    enum Kind: String, Sendable, CaseIterable { case report, appeal }

    let state: Case.State
    let severity: Int?
    let category: ReportCategory?
    let assignee: String?
    let overdue: Bool?
    let person: String?
    let kind: Kind?

    init(_ query: inout Query) {
        state = query.choice("state", Case.State.self) ?? .open
        severity = query.integer("severity", 1...4)
        category = query.choice("category", ReportCategory.self)
        assignee = query.string("assignee")
        overdue = query.bool("overdue")
        person = query.string("user")
        kind = query.choice("kind", Kind.self)
    }

    func conditions(_ scope: Scope, _ directory: MemberDirectory, at now: Timestamp, in transaction: Transaction) throws -> [SQL] {
        var all: [SQL] = ["state = \(state.rawValue)"]
        if let severity { all.append("severity = \(severity)") }
        if let category { all.append("category = \(category.rawValue)") }
        if let kind { all.append(kind == .appeal ? "target_type = 'appeal'" : "target_type <> 'appeal'") }
        if let overdue { all.append(overdue ? "state = 'open' AND due_at < \(now)" : "(state <> 'open' OR due_at >= \(now))") }
        if let person {
            all.append("subject_id = \(try directory.resolve(person, scope: scope, includingDeleted: true, in: transaction))")
        }
        let since = now.adding(milliseconds: -Case.idleMilliseconds)
        switch assignee {
        case nil: break
        case "none": all.append("(assignee_id IS NULL OR taken_at <= \(since))")
        case let name?:
            let user = try directory.resolve(name, scope: scope, includingDeleted: true, in: transaction)
            all.append("assignee_id = \(user)")
            if state == .open { all.append("taken_at > \(since)") }
        }
        return all
    }
}
