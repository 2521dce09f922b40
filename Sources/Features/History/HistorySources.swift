package import Bus
internal import Database
internal import Kernel

/// Actions that follow from events of the site; each event is consumed exactly once.
extension HistoryFeature {
    private static let sources: Set<String> = [
        "role.assigned", "role.revoked", "status.changed", "auth.login", "friend.accepted", "friend.removed",
    ]

    package var consumers: [Consumer] {
        [
            Consumer("history", types: Self.sources) { [self] records, transaction in
                let actions = records.compactMap { record in Self.action(of: record).map { (record, $0) } }
                let known = try known(actions.map(\.1), in: transaction)
                for (record, action) in actions where known.isSuperset(of: action.people) {
                    guard let action = action.type == "status.changed" ? try Self.status(action, in: transaction) : action else { continue }
                    try history.record(action, at: record.at, in: transaction)
                }
            }
        ]
    }

    /// Nil for an event without an action.
    private static func action(of record: OutboxRecord) -> UserAction? {
        let members = record.members
        func id(_ name: String) -> Int64? { members[name]?.string.flatMap { RowID(uuid: $0) }?.rawValue }
        func kept(_ names: [(from: String, to: String)]) -> JSONObject {
            names.reduce(into: JSONObject()) { detail, name in
                if let value = members[name.from], !value.isNull { detail[name.to] = value }
            }
        }
        switch record.type {
        case "role.assigned", "role.revoked":
            guard let user = id("user_id"), let role = id("role_id") else { return nil }
            let detail = kept([("assigned_by", "by"), ("revoked_by", "by"), ("reason", "reason"), ("expires_at", "expires_at")])
            return UserAction(
                user: UserID(rawValue: user), type: record.type, target: UserAction.Target(kind: "role", id: role), detail: detail)
        case "status.changed":
            // A choice has two events; only the person's own has `status`, the chosen one.
            guard let user = id("user_id"), members["status"] != nil else { return nil }
            let names = ["status", "status_message", "status_emoji"]
            return UserAction(
                user: UserID(rawValue: user), type: record.type, target: UserAction.Target(kind: "user", id: user),
                detail: kept(names.map { ($0, $0) }), isPrivate: members["status"] == "invisible")
        case "auth.login":
            guard let user = id("user_id") else { return nil }
            return UserAction(
                user: UserID(rawValue: user), type: record.type, target: UserAction.Target(kind: "session", id: id("session_id")),
                detail: kept([("device", "device")]), isPrivate: true)
        case "friend.accepted", "friend.removed":
            // Each of the two friends has an event of their own.
            let other = id("user_id") ?? members["user"]?["id"]?.string.flatMap { UserID(uuid: $0) }?.rawValue
            guard let user = record.recipients.first, let other else { return nil }
            return UserAction(
                user: user, type: record.type == "friend.accepted" ? "friend.added" : record.type,
                target: UserAction.Target(kind: "user", id: other))
        default: return nil
        }
    }

    /// Nil when only the activity changed. The status after an invisible one is private, too: it would show that the person was invisible.
    private static func status(_ action: UserAction, in transaction: Transaction) throws -> UserAction? {
        let last = try ActionTable.last("status.changed", of: action.user, in: transaction)
        guard last != action.detail else { return nil }
        return UserAction(
            user: action.user, type: action.type, target: action.target, detail: action.detail,
            isPrivate: action.isPrivate || last?["status"] == "invisible")
    }

    /// The people of the actions who are not erased.
    private func known(_ actions: [UserAction], in transaction: Transaction) throws -> Set<UserID> {
        let people = Set(actions.flatMap(\.people))
        guard !people.isEmpty else { return [] }
        // Nobody is erased until their actions are committed.
        let lock: SQL = transaction.dialect == .postgres ? "FOR KEY SHARE" : ""
        return Set(
            try transaction.rows(
                "SELECT id FROM users WHERE id IN (SELECT value FROM json_each(\(ids: people))) ORDER BY id \(sql: lock)"
            ).map { $0.id(0) })
    }
}

extension UserAction {
    fileprivate var people: [UserID] { target.kind == "user" ? [user] + (target.id.map { [UserID(rawValue: $0)] } ?? []) : [user] }
}
