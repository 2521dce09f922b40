internal import Authorization
internal import Database
internal import Kernel

/// Everybody who holds a role, gathered by the roles that they hold: one evaluation tells for all of a set.
///
/// Tens of thousands of people fall into a handful of sets, which the database counts as roles come and go; nobody is read one by one but those whose
/// set does not tell what they may do.
struct RoleSets {
    struct Group {
        /// As the column `roles` spells it.
        let key: String
        let roles: Set<RoleID>
        /// How many hold these roles and no others, those of `apart` left out.
        var count: Int
    }

    struct Person {
        let key: String?
        let isGone: Bool
        var holdings = RoleGrants()
    }

    /// SQLite takes at most 500 parts of a `UNION`.
    private static let together = 100

    private let permissions: [Permission]
    private let now: Timestamp
    private let transaction: Transaction
    private(set) var groups: [Group]
    /// To be looked at one by one: those with an override of these permissions, with or without a role, and those who hold a role whose time is over.
    private(set) var apart: [UserID: Person] = [:]

    /// - Parameter permissions: what is asked about: overrides of these set their people apart.
    init(settingApart permissions: [Permission], at now: Timestamp, in transaction: Transaction) throws {
        (self.permissions, self.now, self.transaction) = (permissions, now, transaction)
        groups = try transaction.rows("SELECT roles, member_count FROM role_sets").map { row in
            let roles = row.text(0).split(separator: ",").compactMap { Int64($0).map { RoleID(rawValue: $0) } }
            return Group(key: row.text(0), roles: Set(roles), count: row.int(1))
        }
        try setApart()
    }

    private mutating func setApart() throws {
        var sources: [SQL] = ["SELECT user_id FROM user_roles WHERE revoked_at IS NULL AND expires_at <= \(now)"]
        if !permissions.isEmpty { sources.append("SELECT user_id FROM user_overrides WHERE permission IN (\(sql: keys))") }
        let users = try transaction.rows(.joined(sources, separator: " UNION ")).map { $0.id(0, User.self) }
        guard !users.isEmpty else { return }
        let rows = try transaction.rows(
            """
            SELECT users.id, role_holders.roles, users.deleted_at FROM users LEFT JOIN role_holders ON role_holders.user_id = users.id
            WHERE users.id IN (SELECT value FROM json_each(\(ids: users)))
            """)
        for row in rows { apart[row.id(0)] = Person(key: row.optionalText(1), isGone: !row.isNull(2)) }
        for (user, holdings) in try AssignmentStore.holdings(of: users, in: transaction) { apart[user]?.holdings = holdings }
        let counts = Dictionary(grouping: apart.values.compactMap(\.key), by: { $0 }).mapValues(\.count)
        for index in groups.indices { groups[index].count -= counts[groups[index].key] ?? 0 }
    }

    /// How many people there are in the groups that the first condition picks, and among those apart whom the second does; the deleted are left out.
    func present(holding isMeant: (Set<RoleID>) -> Bool, or isMeantToo: (RoleGrants) -> Bool) throws -> Int {
        let rows = try transaction.rows(
            """
            SELECT role_holders.roles, COUNT(*) FROM users JOIN role_holders ON role_holders.user_id = users.id
            WHERE users.deleted_at > 0 GROUP BY role_holders.roles
            """)
        var gone = Dictionary(uniqueKeysWithValues: rows.map { ($0.text(0), $0.int(1)) })
        for person in apart.values where person.isGone { if let key = person.key { gone[key, default: 0] -= 1 } }
        let together = groups.reduce(0) { $0 + (isMeant($1.roles) ? $1.count - (gone[$1.key] ?? 0) : 0) }
        return together + apart.values.count { !$0.isGone && isMeantToo($0.holdings) }
    }

    /// How many hold each of the roles at this moment, whatever the state of their accounts.
    func counts(of roles: [RoleID]) -> [RoleID: Int] {
        var counts = Dictionary(roles.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
        for group in groups {
            for role in group.roles { counts[role]? += group.count }
        }
        for person in apart.values {
            for assignment in person.holdings.assignments where assignment.isActive(at: now) { counts[assignment.role]? += 1 }
        }
        return counts
    }

    /// The first people of these groups, in the order of their ids.
    func people(of groups: [Group], limit: Int) throws -> [UserID] {
        // The largest first, so that most of the others have nobody to add.
        let keys = groups.sorted { ($0.count, $1.key) > ($1.count, $0.key) }.map(\.key)
        var found: [UserID] = []
        for start in stride(from: 0, to: keys.count, by: Self.together) {
            let bound = found.count == limit ? found.last : nil
            let parts = keys[start..<min(start + Self.together, keys.count)].map { people(of: $0, before: bound, limit: limit) }
            found += try transaction.rows(.joined(parts, separator: " UNION ALL ")).map { $0.id(0) }
            found = Array(found.sorted().prefix(limit))
        }
        return found
    }

    /// Each row is asked by subqueries that give a value: PostgreSQL would make joins of others, and read all of a table for one page.
    private func people(of key: String, before bound: UserID?, limit: Int) -> SQL {
        let overridden: SQL =
            permissions.isEmpty
            ? ""
            : """
            AND (SELECT 1 FROM user_overrides WHERE user_overrides.user_id = role_holders.user_id AND permission IN (\(sql: keys)) LIMIT 1) IS NULL
            """
        return """
            SELECT user_id FROM (SELECT user_id FROM role_holders WHERE roles = \(key) AND user_id < \(bound?.rawValue ?? Int64.max)
                AND (SELECT 1 FROM user_roles WHERE user_roles.user_id = role_holders.user_id AND revoked_at IS NULL
                    AND expires_at <= \(now) LIMIT 1) IS NULL \(sql: overridden) ORDER BY user_id LIMIT \(limit)) AS part
            """
    }

    private var keys: SQL { .joined(permissions.map { "\($0.key)" }, separator: ", ") }
}
