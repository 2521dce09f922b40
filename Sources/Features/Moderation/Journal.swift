internal import Audit
internal import HTTP
internal import Kernel
internal import Web

/// `GET /moderation/journal`: the audit log's entries of moderation, refused acts too.
extension ModerationFeature {
    enum JournalFormat: String, Sendable, CaseIterable { case json, csv }

    func readJournal(_ call: Call) async throws -> Reply {
        var query = try call.query
        let format = query.choice("format", JournalFormat.self) ?? .json
        let page = try await auditFeature.entries(call, &query, within: journalActions)
        guard format == .csv, page.status == 200 else { return page }
        let found = try JSONParser.parse(own: page.body)
        var lines = [Self.line(Self.columns)]
        for item in found["items"]?.array ?? [] { lines.append(Self.line(Self.cells(item))) }
        var reply = Reply(
            status: 200,
            headers: [
                "Content-Type": "text/csv; charset=utf-8", "Content-Disposition": "attachment; filename=\"journal.csv\"",
            ], body: Array(lines.joined().utf8))
        // A file has no members: the next page is told beside it.
        if let next = found["next"]?.string { reply.headers["X-Next-Cursor"] = next }
        return reply
    }

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

    /// RFC 4180; what a spreadsheet would take for a formula is led by an apostrophe.
    private static func line(_ cells: [String]) -> String {
        cells.map { cell in
            let isFormula = cell.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
            return "\"" + (isFormula ? "'" : "") + cell.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",") + "\r\n"
    }

    static let journalShape = RouteShape(
        "Read the journal of moderation, the newest entry first; as CSV with `format=csv`, whose next page `X-Next-Cursor` names.",
        query: [
            "format": Shape.choice(JournalFormat.self).optional, "actor": .text.described("A person, or `system`.").optional,
            "action": .text.optional, "exclude": .text.optional,
            "person": Shape.userReference.described("By them or about them.").optional, "target": .text.optional,
            "target_id": .text.optional, "target_type": .text.optional, "result": .choice("success", "fail").optional,
            "from": .timestamp.optional, "to": .timestamp.optional, "ip": .text.optional, "text": .text.optional,
            "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional, "count": .bool.optional,
        ], answers: [.ok(.page(of: AuditShapes.entry)), .bytes("text/csv")])
}
