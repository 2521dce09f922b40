internal import Authorization
internal import Database
internal import Directory
internal import Kernel

extension RoleTransaction {
    /// How many people are looked at together.
    private static let chunk = 200

    /// - Throws: 409 `would_lock_out` when somebody besides owners can manage roles now and nobody could after the change.
    func requireNoLockOut(after: RoleGraph, isConfirmed: Bool) throws {
        guard !isConfirmed, try isManaged(graph), try !isManaged(after) else { return }
        throw Refusal.wouldLockOut.problem
    }

    /// Whether anybody besides owners can manage roles.
    private func isManaged(_ graph: RoleGraph) throws -> Bool {
        let allowing = graph.roles(allowing: .rolesManage).filter { graph[$0]?.system != .owner }
        var last: UserID?
        while true {
            let page = try AssignmentStore.holders(of: allowing, after: last, limit: Self.chunk, at: now, in: transaction)
            if try isHeld(graph, by: page) { return true }
            guard page.count == Self.chunk else { break }
            last = page.last
        }
        let overridden = try transaction.rows(
            "SELECT user_id FROM user_overrides WHERE permission = \(Permission.rolesManage.key) AND effect = 'allow' LIMIT 1000"
        ).map { $0.id(0, User.self) }
        return try isHeld(graph, by: overridden)
    }

    /// Those who are banned, disabled or deleted can manage nothing, whatever they hold.
    private func isHeld(_ graph: RoleGraph, by users: [UserID]) throws -> Bool {
        let members = try tools.directory.members(users, in: transaction)
        let able = members.filter { $0.deletedAt == nil && !$0.isDisabled && !$0.isBanned(at: now) }.map(\.id)
        let holdings = try AssignmentStore.holdings(of: able, in: transaction)
        return graph.isHeld(.rolesManage, besidesOwnersBy: holdings.values, at: now)
    }
}
