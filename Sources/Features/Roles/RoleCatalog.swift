internal import Authorization
internal import Database
internal import Kernel

/// All live roles as of one change of roles, compiled.
struct RoleCatalog: Sendable {
    /// `authz_state.roles_version`: the change of rights that last touched a role.
    let version: Int64
    let records: [RoleID: RoleRecord]
    let graph: RoleGraph

    init(version: Int64, in transaction: Transaction) throws {
        let live = try RoleStore.live(in: transaction)
        self.version = version
        records = Dictionary(uniqueKeysWithValues: live.map { ($0.id, $0) })
        graph = RoleGraph(live.map(\.definition))
    }
}

/// The one row of `authz_state`.
struct AuthorizationState: Sendable {
    let version: Int64
    let rolesVersion: Int64

    static func read(in transaction: Transaction) throws -> AuthorizationState {
        try AuthorizationState(transaction.row("SELECT version, roles_version FROM authz_state WHERE id = 1"))
    }

    static func lock(in transaction: Transaction) throws -> AuthorizationState {
        try AuthorizationState(
            transaction.row("UPDATE authz_state SET version = version + 1 WHERE id = 1 RETURNING version, roles_version"))
    }

    /// Part of every change of a role, under the lock.
    static func markRolesChanged(in transaction: Transaction) throws {
        try transaction.execute("UPDATE authz_state SET roles_version = version WHERE id = 1")
    }

    private init(_ row: Row?) throws {
        guard let row else { throw DatabaseError.other(code: 0, message: "authz_state has lost its row") }
        (version, rolesVersion) = (row.int64(0), row.int64(1))
    }
}
