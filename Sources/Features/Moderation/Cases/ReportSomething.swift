internal import Conversations
internal import Database
internal import Directory
internal import Kernel
internal import Runtime
internal import Web

/// What can be reported.
enum Reportable: String, Sendable, CaseIterable { case user, message }

/// `POST /reports`, `POST /messages/{id}/report` and `GET /users/me/reports`
extension ModerationFeature {
    static let reportTextLength = 2000
    /// Reports of one person: 30 an hour.
    private static let budget = RateLimiter.Budget.steady("reports", burst: 30, perSecond: 30.0 / 3600)

    func reportSomething(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let type = input.choice("target_type", Reportable.self, required: true)
        let target = input.string("target_id", length: 1...200, required: true)
        let (category, text) = Self.complaint(&input)
        try input.finish()
        return try await report(
            try input.required(type), try input.required(target), try input.required(category), text, pointer: "/target_id", call)
    }

    func reportMessage(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let (category, text) = Self.complaint(&input)
        try input.finish()
        return try await report(.message, call.parameter("id"), try input.required(category), text, pointer: "/id", call)
    }

    private static func complaint(_ input: inout Input) -> (ReportCategory?, String?) {
        let category = input.choice("category", ReportCategory.self, required: true)
        let text = input.string("text", length: 0...reportTextLength)
        return (category, text.flatMap { $0.isEmpty ? nil : $0 })
    }

    private func report(
        _ type: Reportable, _ reference: String, _ category: ReportCategory, _ text: String?, pointer: String, _ call: Call
    ) async throws -> Reply {
        let user = try call.scope.requireUser()
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let evidence = try evidence(of: type, reference, for: scope, at: now, in: transaction)
            guard evidence.subject != user else {
                throw Problem.invalid(
                    pointer, "self",
                    LocalizedText(
                        en: "You cannot report yourself or your own messages.",
                        fr: "Vous ne pouvez pas signaler votre compte ni vos propres messages."))
            }
            var found = try openCase(of: evidence, category, at: now, in: transaction)
            if let report = try reports.report(in: found.id, by: user, transaction) { return .json(200, Self.view(report, .open)) }
            try spend(Self.budget, of: user)
            let report = Report(
                id: ids.next(), caseID: found.id, reporter: user, target: found.target, targetID: found.targetID, category: category,
                text: text,
                createdAt: now)
            try reports.insert(report, in: transaction)
            try keep(evidence, in: found, at: now, transaction)
            try add(category, to: &found, in: transaction)
            announceCase(found, isNew: found.reportCount == 1, scope: scope, at: now, in: transaction)
            return .json(201, Self.view(report, .open))
        }
    }

    private func spend(_ budget: RateLimiter.Budget, of user: UserID) throws {
        guard let limiter else { return }
        try limiter.spend(RateLimiter.Charge(budget, user.uuid))
    }

    /// The target's open case, locked; a new one when there is none.
    func openCase(of evidence: TakenEvidence, _ category: ReportCategory, at now: Timestamp, in transaction: Transaction) throws
        -> Case
    {
        for _ in 0..<5 {
            if let found = try CaseTable.lockedOpen(evidence.target, evidence.targetID, in: transaction) { return found }
            let new = Case(
                ids.next(), evidence.target, evidence.targetID, about: evidence.subject, severity: category.severity,
                category: category.rawValue, at: now)
            if try CaseTable.insert(new, in: transaction) { return new }
        }
        throw DatabaseError.retry
    }

    /// Counts a report, and raises severity and urgency of the case accordingly.
    func add(_ category: ReportCategory, to found: inout Case, in transaction: Transaction) throws {
        found.reportCount += 1
        let isGraver = category.severity > (ReportCategory(rawValue: found.category)?.severity ?? 0)
        if isGraver { found.category = category.rawValue }
        let base = ReportCategory(rawValue: found.category)?.severity ?? 1
        found.severity = max(found.severity, base)
        // Counting goes through all reports of all reporters: only while it can change anything.
        if found.reportCount >= 3, found.severity == base, base < 4, try ReportTable.reliableReporters(of: found.id, in: transaction) >= 3 {
            found.severity = base + 1
        }
        found.dueAt = min(found.dueAt, found.openedAt.adding(seconds: Case.seconds(found.severity)))
        try CaseTable.update(&found, in: transaction)
    }

    func listOwnReports(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var query = try call.query
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { ReportID(uuid: $0) } } ?? ReportID(rawValue: .max)
        return try await database.read { [reports] transaction in
            let found = try reports.page(of: user, before: before, limit: page.limit + 1, in: transaction)
            let shown = found.prefix(page.limit)
            let next = found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.0.id)]) } : nil
            let total =
                page.wantsTotal ? try transaction.row("SELECT COUNT(*) FROM reports WHERE reporter_id = \(user)")?.int(0) ?? 0 : nil
            return .page(shown.map { Self.view($0.0, $0.1) }, next: next, total: total)
        }
    }

    /// As the reporter sees it: whether it was decided, not how.
    static func view(_ report: Report, _ state: Case.State) -> JSON {
        [
            "id": JSON(report.id), "target_type": .string(report.target.rawValue),
            "target_id": .string(RowID(rawValue: report.targetID).uuid),
            "category": .string(report.category.rawValue), "text": JSON(report.text), "state": state == .decided ? "decided" : "open",
            "created_at": JSON(report.createdAt),
        ]
    }
}
