internal import Database
internal import Directory
internal import Kernel
internal import Web

extension PresenceFeature {
    /// `GET /users/{id}/presence/history`: the automatic changes of one person, the newest first.
    func readHistory(_ call: Call) async throws -> Reply {
        var query = try call.query
        let from = query.time("from")
        let to = query.time("to")
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { RowID(uuid: $0) } } ?? RowID(rawValue: .max)
        let reference = call.parameter("id")
        let scope = call.scope
        return try await database.read { [directory] transaction in
            let user = try directory.resolve(reference, scope: scope, in: transaction)
            var filter: SQL = "user_id = \(user)"
            if let from { filter = "\(sql: filter) AND at >= \(from)" }
            if let to { filter = "\(sql: filter) AND at < \(to)" }
            let total = page.wantsTotal ? try transaction.row("SELECT COUNT(*) FROM presence_history WHERE \(sql: filter)")?.int(0) : nil
            let rows = try transaction.rows(
                """
                SELECT id, from_status, to_status, cause, at FROM presence_history
                WHERE \(sql: filter) AND id < \(before) ORDER BY id DESC LIMIT \(page.limit + 1)
                """)
            let items: [JSON] = rows.prefix(page.limit).map { row in
                [
                    "user_id": JSON(user), "from": .string(row.text(1)), "to": .string(row.text(2)), "cause": .string(row.text(3)),
                    "at": JSON(row.time(4)),
                ]
            }
            let next = rows.count > page.limit ? Page.cursor([JSON(rows[page.limit - 1].id(0, AnyEntity.self))]) : nil
            return .page(items, next: next, total: total)
        }
    }
}
