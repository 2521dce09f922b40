internal import Audit
internal import Database
internal import HTTP
internal import Kernel
internal import Roles
internal import Web

/// `GET /moderation/journal`: the audit log's entries of moderation, refused acts too.
extension ModerationFeature {
    enum JournalFormat: String, Sendable, CaseIterable { case json, csv }

    func readJournal(_ call: Call) async throws -> Reply {
        var query = try call.query
        let format = query.choice("format", JournalFormat.self) ?? .json
        let scope = call.scope
        let page = try await auditFeature.entries(call, &query) { [self] in try journalConditions(scope, in: $0) }
        guard format == .csv, page.status == 200 else { return page }
        let found = try JSONParser.parse(own: page.body)
        var file = CSV.byteOrderMark + CSV.row(Self.columns)
        for item in found["items"]?.array ?? [] { file += CSV.row(Self.cells(item)) }
        var reply = Reply(
            status: 200,
            headers: [
                "Content-Type": "text/csv; charset=utf-8", "Content-Disposition": "attachment; filename=\"journal.csv\"",
            ], body: file)
        // A CSV file has no place for the cursor.
        if let next = found["next"]?.string { reply.headers["X-Next-Cursor"] = next }
        return reply
    }

    /// The entries of moderation, without those about the caller or about a case that the caller may not see.
    private func journalConditions(_ scope: Scope, in transaction: Transaction) throws -> [SQL] {
        let subjects = try roles.assignments.notBelow(scope, in: transaction)
        let hidden = try transaction.rows(
            """
            SELECT id, target_type, target_id FROM cases
            WHERE subject_id IN (\(sql: subjects))
                OR id IN (SELECT merged_into FROM cases WHERE merged_into IS NOT NULL AND subject_id IN (\(sql: subjects)))
            """)
        var targets = [scope.userID?.uuid].compactMap { $0 }
        for row in hidden {
            targets.append(row.id(0, CaseEntity.self).uuid)
            if row.text(1) == CaseTarget.appeal.rawValue { targets.append(row.id(2, AppealEntity.self).uuid) }
        }
        return [
            "action IN (\(sql: Self.list(journalActions)))", "(target_id IS NULL OR target_id NOT IN (\(sql: Self.list(targets))))",
        ]
    }

    private static func list(_ texts: [String]) -> SQL { SQL.joined(texts.map { "\($0)" as SQL }, separator: ", ") }

    private static let columns = [
        "id", "timestamp", "actor_user_id", "actor", "action", "target_type", "target_id", "target", "result", "reason", "payload",
    ]

    private static func cells(_ item: JSON) -> [String] {
        columns.map { name in
            switch name {
            case "actor", "target": item[name]?["username"]?.string ?? ""
            case "payload": item[name]?.text ?? ""
            default: item[name]?.string ?? ""
            }
        }
    }

    static let journalShape = RouteShape(
        "Read the journal of moderation, the newest entry first; as CSV with `format=csv`, with the cursor of the next page in `X-Next-Cursor`.",
        query: [
            "format": Shape.choice(JournalFormat.self).optional, "actor": .text.described("A person, or `system`.").optional,
            "action": .text.optional, "exclude": .text.optional,
            "person": Shape.userReference.described("By them or about them.").optional, "target": .text.optional,
            "target_id": .text.optional, "target_type": .text.optional, "result": .choice("success", "fail").optional,
            "from": .timestamp.optional, "to": .timestamp.optional, "ip": .text.optional, "text": .text.optional,
            "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional, "count": .bool.optional,
        ], answers: [.ok(.page(of: AuditShapes.entry)), .bytes("text/csv")])
}
