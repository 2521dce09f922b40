internal import Database
internal import Kernel
internal import Web

/// Whose requests a list holds.
enum RequestDirection: String, Sendable, CaseIterable {
    case received = "in"
    case sent = "out"
}

/// `GET /friend-requests`
extension FriendsFeature {
    func listRequests(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var query = try call.query
        let direction = query.choice("direction", RequestDirection.self)
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { RowID(uuid: $0) } } ?? RowID(rawValue: .max)
        let (scope, now) = (call.scope, clock.now())
        let condition: SQL =
            switch direction {
            case .received: FriendRequestTable.received(by: user)
            case .sent: FriendRequestTable.sent(by: user)
            case nil:
                "(\(sql: FriendRequestTable.received(by: user))) OR (\(sql: FriendRequestTable.sent(by: user)))"
            }
        return try await database.read { [self] transaction in
            let found = try requests.page(condition, before: before, limit: page.limit + 1, in: transaction)
            let shown = Array(found.prefix(page.limit))
            let next = found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil
            let total = page.wantsTotal ? try FriendRequestTable.count(condition, in: transaction) : nil
            return .page(try views(shown, for: scope, at: now, in: transaction), next: next, total: total)
        }
    }
}
