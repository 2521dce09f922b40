internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Web

extension RolesFeature {
    /// Who can do this: everybody who has the permission, those who came first before, each with all that speaks for or against it.
    func listHolders(_ call: Call) async throws -> Reply {
        let key = call.parameter("key")
        var query = try call.query
        let page = query.page()
        try query.finish()
        try call.scope.require(.usersRead)
        guard let permission = Permission(key: key) else { throw Problem.notFound }
        let last = try page.key { $0.string.flatMap(UserID.init(uuid:)) }
        let now = call.clock.now()
        return try await database.read { [tools] transaction in
            let holders = PermissionHolders(
                permission: permission, graph: try tools.authorizer.graph(in: transaction), now: now, transaction: transaction)
            let users = try holders.page(after: last, limit: page.limit + 1)
            let shown = Array(users.prefix(page.limit))
            let members = try tools.directory.members(shown, in: transaction)
            let people = Dictionary(members.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            let holdings = try AssignmentStore.holdings(of: shown, in: transaction)
            let reasons = try OverrideStore.reasons(of: shown, permission, in: transaction)
            let items: [JSON] = shown.compactMap { user in
                guard let member = people[user] else { return nil }
                let explanation = holders.graph.explain(permission, of: holdings[user] ?? RoleGrants(), at: now)
                return [
                    "user_id": JSON(user), "username": .string(member.username), "display_name": .string(member.displayName),
                    "avatar_url": JSON(member.avatarURL), "is_banned": .bool(member.isBanned(at: now)),
                    "is_disabled": .bool(member.isDisabled),
                    "because": explanation.because(holders.graph, reason: reasons[user] ?? nil),
                ]
            }
            let total = page.wantsTotal ? try holders.count() : nil
            return .page(items, next: users.count > page.limit ? shown.last.map { Page.cursor([JSON($0)]) } : nil, total: total)
        }
    }
}

/// Everybody who has one permission, found from the roles that allow it instead of by a look at each person.
struct PermissionHolders {
    let permission: Permission
    let graph: RoleGraph
    let now: Timestamp
    let transaction: Transaction

    /// SQLite takes at most 500 parts of a `UNION`.
    private static let together = 100

    private var allowing: [RoleID] { graph.roles(allowing: permission) }
    private var denying: [RoleID] { graph.roles(denying: permission) }

    /// Those who are not deleted, by id: the first few of each role, of which the first few are the first of all.
    func page(after last: UserID?, limit: Int) throws -> [UserID] {
        var sources: [SQL] = allowing.map { source($0, after: last, limit) }
        sources.append(
            """
            SELECT user_id FROM (SELECT user_id FROM user_overrides WHERE permission = \(permission.key) AND effect = 'allow'
                AND user_id > \(last?.rawValue ?? -1) AND \(sql: counts("user_overrides", isOwner: false)) ORDER BY user_id LIMIT \(limit)) AS part
            """)
        var found: Set<UserID> = []
        for start in stride(from: 0, to: sources.count, by: Self.together) {
            let part = sources[start..<min(start + Self.together, sources.count)]
            let rows = try transaction.rows(.joined(Array(part), separator: " UNION ALL "))
            found.formUnion(rows.map { $0.id(0) })
        }
        return Array(found.sorted().prefix(limit))
    }

    private func source(_ role: RoleID, after last: UserID?, _ limit: Int) -> SQL {
        """
        SELECT user_id FROM (SELECT user_id FROM user_roles WHERE role_id = \(role) AND user_id > \(last?.rawValue ?? -1) AND \(sql: active)
            AND \(sql: counts("user_roles", isOwner: graph[role]?.system == .owner)) ORDER BY user_id LIMIT \(limit)) AS part
        """
    }

    /// Nothing denies it to whom `table.user_id` names, and they are there.
    ///
    /// Asked of each row by a subquery that gives a value: PostgreSQL would make a join of an `EXISTS` and read all of a table for one page.
    private func counts(_ table: SQL, isOwner: Bool) -> SQL {
        let isThere: SQL = "(SELECT users.deleted_at FROM users WHERE users.id = \(sql: table).user_id) IS NULL"
        guard !isOwner else { return isThere }
        var isFree: SQL = "(SELECT 1 FROM \(sql: override(.deny, table)) LIMIT 1) IS NULL"
        if !denying.isEmpty { isFree = "\(sql: isFree) AND (SELECT 1 FROM \(sql: assignment(denying, table)) LIMIT 1) IS NULL" }
        return "\(sql: isThere) AND (\(sql: isFree) OR (SELECT 1 FROM \(sql: assignment([.owner], table)) LIMIT 1) IS NOT NULL)"
    }

    /// How many they are: those of each set of roles that allows it, less those who are deleted, and those whose set does not tell.
    func count() throws -> Int { try sets().present(holding: rule, or: isAllowed(to:)) }

    /// A condition on `users.id` that names them, the deleted among them; nil where they are more than `most`.
    func condition(most: Int) throws -> SQL? {
        let (sets, rule) = (try sets(), rule)
        let groups = sets.groups.filter { $0.count > 0 && rule($0.roles) }
        let apart = sets.apart.filter { isAllowed(to: $0.value.holdings) }.map(\.key)
        guard groups.count <= Self.together, groups.reduce(apart.count, { $0 + $1.count }) <= most else { return nil }
        var users: SQL = "SELECT value FROM json_each(\(ids: apart))"
        if !groups.isEmpty {
            let keys = SQL.joined(groups.map { "\($0.key)" }, separator: ", ")
            users = """
                SELECT user_id FROM role_holders WHERE roles IN (\(sql: keys))
                    AND user_id NOT IN (SELECT value FROM json_each(\(ids: Array(sets.apart.keys)))) UNION ALL \(sql: users)
                """
        }
        return RoleAssignments.among(users, in: transaction)
    }

    private func sets() throws -> RoleSets { try RoleSets(settingApart: [permission], at: now, in: transaction) }

    /// Whether a set of roles allows it.
    private var rule: (Set<RoleID>) -> Bool {
        let (allowing, denying) = (Set(self.allowing), Set(self.denying))
        return { !$0.isDisjoint(with: allowing) && ($0.isDisjoint(with: denying) || $0.contains(.owner)) }
    }

    private func isAllowed(to holdings: RoleGrants) -> Bool { graph.rights(of: holdings, at: now).can(permission) }

    private var active: SQL { "user_roles.revoked_at IS NULL AND (user_roles.expires_at IS NULL OR user_roles.expires_at > \(now))" }

    private func assignment(_ roles: [RoleID], _ table: SQL) -> SQL {
        """
        user_roles AS held WHERE held.user_id = \(sql: table).user_id AND held.revoked_at IS NULL
            AND (held.expires_at IS NULL OR held.expires_at > \(now)) AND held.role_id IN (SELECT value FROM json_each(\(ids: roles)))
        """
    }

    private func override(_ effect: Effect, _ table: SQL) -> SQL {
        """
        user_overrides AS own WHERE own.user_id = \(sql: table).user_id AND own.permission = \(permission.key)
            AND own.effect = \(effect.rawValue)
        """
    }
}
