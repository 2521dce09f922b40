internal import Audit
internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Mail
internal import Presence
internal import Roles

/// Everything that accounts ask of the features beside them.
extension AccountsFeature {
    func record(_ action: String, on user: UserID, payload: JSON, scope: Scope, in transaction: Transaction) throws {
        _ = try audit.record(action, target: ("user", user.uuid), payload: payload, result: .success, scope: scope, in: transaction)
    }

    func record(_ action: String, _ key: KeyRecord, before: JSON, after: JSON, scope: Scope, in transaction: Transaction) throws {
        _ = try audit.record(
            action, target: ("api_key", key.id.uuid), payload: ["user_id": JSON(key.userID), "before": before, "after": after],
            result: .success, scope: scope, in: transaction)
    }

    /// - Parameter refusal: why it was not done; nil for what was.
    func record(
        _ action: String, target: (type: String, id: String), payload: JSON, refusal: String? = nil, scope: Scope,
        in transaction: Transaction
    ) throws {
        _ = try audit.record(
            action, target: target, payload: payload, result: refusal.map { .fail($0) } ?? .success, scope: scope, in: transaction)
    }

    /// Whether mail can be sent.
    var sendsMail: Bool { mail.isOn }

    /// Whether somebody has a right at this moment of the transaction.
    func can(_ user: UserID?, _ permission: Permission, in transaction: Transaction) throws -> Bool {
        try authorizer.rights(of: user, in: transaction).can(permission)
    }

    func hasOwner(in transaction: Transaction) throws -> Bool { try roles.ownership.hasOwner(in: transaction) }

    /// The first statement of a transaction that will change rights, so that it waits before it holds anything that others wait for.
    func lockRights(in transaction: Transaction) throws {
        _ = try roles.authorizer.lockAuthorisation(in: transaction)
    }

    func shownRoles(of users: [UserID], in transaction: Transaction) throws -> [UserID: [JSON]] {
        try roles.assignments.roles(of: users, in: transaction).mapValues { $0.map { .object($0.summary) } }
    }

    /// Those who show this status at this moment.
    func shown(as status: ShownStatus) -> UserConditions.Shown {
        let present = presence.present()
        guard status != .offline else { return UserConditions.Shown(users: Array(present.keys), areMeant: false) }
        return UserConditions.Shown(users: present.filter { $0.value == status }.map(\.key), areMeant: true)
    }
}
