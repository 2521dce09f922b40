internal import Database
internal import Kernel
internal import Web

/// `GET /notifications` and `POST /notifications/read`
extension NotificationsFeature {
    func listNotifications(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var query = try call.query
        let unreadOnly = query.bool("unread") ?? false
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { RowID(uuid: $0) } } ?? RowID(rawValue: .max)
        let scope = call.scope
        return try await database.read { [centre] transaction in
            let found = try centre.table.page(
                of: user, unreadOnly: unreadOnly, before: before, limit: page.limit + 1, in: transaction)
            let shown = Array(found.prefix(page.limit))
            let next = found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.place)]) } : nil
            var body: JSONObject = [
                "items": .array(try centre.views(shown, for: scope, in: transaction)), "next": JSON(next),
                "unread": JSON(try centre.unread(of: user, in: transaction)),
            ]
            if page.wantsTotal {
                body.append("total", JSON(try NotificationTable.count(of: user, unreadOnly: unreadOnly, in: transaction)))
            }
            return .json(200, .object(body))
        }
    }

    func markRead(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var input = try Input(try call.body())
        let texts = input.strings("ids", count: 1...200, length: 36...36)
        let all = input.bool("all") ?? false
        let ids = texts?.compactMap { RowID(uuid: $0) } ?? []
        if ids.count < texts?.count ?? 0 {
            input.fail("ids", "invalid", LocalizedText(en: "Ids are expected.", fr: "Des identifiants sont attendus."))
        }
        if all == (texts != nil) {
            input.fail("ids", "required", LocalizedText(en: "Either ids or all.", fr: "Soit ids, soit all."))
        }
        try input.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [centre] transaction in
            let condition: SQL = all ? "1 = 1" : "id IN (SELECT value FROM json_each(\(ids: ids)))"
            let read = try NotificationTable.markRead(condition, of: user, at: now, in: transaction)
            if all, !read.isEmpty {
                centre.signal(user, "notification.updated", ["all": true], scope.requestID, at: now, in: transaction)
            } else {
                centre.updated(user, read, scope.requestID, at: now, in: transaction)
            }
            return .json(200, ["unread": JSON(try centre.unread(of: user, in: transaction))])
        }
    }
}
