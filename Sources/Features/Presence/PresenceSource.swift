internal import Database
internal import Directory
internal import Kernel
internal import Roles

/// Where presence reads what outlives the process: a database; in the simulation, a dictionary.
protocol PresenceSource: Sendable {
    /// What these people chose, and their roles; those who are deleted are left out.
    func stored(_ users: [UserID]) async throws -> [UserID: StoredPresence]
    func roles(of users: [UserID]) async throws -> [UserID: Set<RoleID>]
}

struct StoredPresence: Sendable {
    let chosen: ChosenPresence
    let lastSeenAt: Timestamp?
    /// The offset of the outbox that the choice is up to.
    let asOf: Int64
    let roles: Set<RoleID>
}

struct DatabasePresence: PresenceSource {
    let database: any Database
    let assignments: RoleAssignments

    func stored(_ users: [UserID]) async throws -> [UserID: StoredPresence] {
        try await database.read { [self] transaction in
            let roles = try roles(of: users, in: transaction)
            // One statement, so that the choice and the offset it is up to are of one moment.
            let rows = try transaction.rows(
                """
                SELECT \(sql: Member.columns), (SELECT next_offset FROM outbox_head WHERE outbox_head.id = 1) FROM users
                WHERE users.id IN (SELECT value FROM json_each(\(ids: users))) AND users.deleted_at IS NULL
                """)
            var stored: [UserID: StoredPresence] = [:]
            for row in rows {
                let member = Member(row)
                stored[member.id] = StoredPresence(
                    chosen: member.presence, lastSeenAt: member.lastSeenAt, asOf: row.int64(Member.columnCount),
                    roles: roles[member.id] ?? [])
            }
            return stored
        }
    }

    func roles(of users: [UserID]) async throws -> [UserID: Set<RoleID>] {
        try await database.read { [self] transaction in try roles(of: users, in: transaction) }
    }

    private func roles(of users: [UserID], in transaction: Transaction) throws -> [UserID: Set<RoleID>] {
        try assignments.roles(of: users, in: transaction).mapValues { Set($0.map(\.id)) }
    }
}
