internal import Database
internal import Directory
internal import Kernel
internal import Roles

/// Where presence reads what outlives the process: a database; in the simulation, a dictionary.
protocol PresenceSource: Sendable {
    /// What these people chose, and their roles; those who are deleted are left out.
    func stored(_ users: [UserID]) async throws -> [UserID: StoredPresence]
    func memberAttributes(of users: [UserID]) async throws -> [UserID: MemberAttributes]
}

/// What of a person a filter may ask beside what they show.
struct MemberAttributes: Sendable, Hashable {
    private(set) var roles: Set<RoleID>
    /// Their ids, as a filter compares them.
    private(set) var roleTexts: [String]
    /// One text with both names, as a search compares them.
    let names: [String]

    var name: String { names[0] }

    init(roles: Set<RoleID> = [], name: String = "") { self.init(roles: roles, names: [name]) }

    private init(roles: Set<RoleID>, names: [String]) {
        (self.roles, self.names) = (roles, names)
        roleTexts = roles.sorted().map(\.uuid)
    }

    /// The same person without a role.
    var withoutRoles: MemberAttributes { MemberAttributes(roles: [], names: names) }

    /// Takes the place of what is the same of another person: most of a site hold one of a few sets of roles.
    mutating func share(_ sets: inout [Set<RoleID>: [String]]) {
        if let index = sets.index(forKey: roles) {
            (roles, roleTexts) = sets[index]
            return
        }
        // Of sets that nobody holds any more as well; those who have them keep theirs.
        if sets.count >= 1000 { sets = [:] }
        sets[roles] = roleTexts
    }
}

struct StoredPresence: Sendable {
    let chosen: ChosenPresence
    let lastSeenAt: Timestamp?
    /// The offset of the outbox that the choice is up to.
    let asOf: Int64
    let memberAttributes: MemberAttributes
}

struct DatabasePresence: PresenceSource {
    let database: any Database
    let assignments: RoleAssignments
    private let directory = MemberDirectory()

    init(database: any Database, assignments: RoleAssignments) { (self.database, self.assignments) = (database, assignments) }

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
                    memberAttributes: MemberAttributes(roles: roles[member.id] ?? [], name: member.searchName))
            }
            return stored
        }
    }

    func memberAttributes(of users: [UserID]) async throws -> [UserID: MemberAttributes] {
        try await database.read { [self] transaction in
            let roles = try roles(of: users, in: transaction)
            let members = try directory.members(users, in: transaction).map {
                ($0.id, MemberAttributes(roles: roles[$0.id] ?? [], name: $0.searchName))
            }
            return Dictionary(uniqueKeysWithValues: members)
        }
    }

    private func roles(of users: [UserID], in transaction: Transaction) throws -> [UserID: Set<RoleID>] {
        try assignments.roles(of: users, in: transaction).mapValues { Set($0.map(\.id)) }
    }
}
