internal import Authorization
internal import Database
internal import Kernel

/// The holders of some roles, gathered by the roles that can make a difference: one evaluation tells for all of a group.
///
/// What a change does to a person depends on a few of their roles, so that tens of thousands of holders fall into a handful of groups, and are
/// counted without being read one by one. People with an override of their own that could matter stand apart.
struct HolderGroups {
    struct Group {
        /// As `groups` and `people` spell it in SQL.
        let signature: String
        /// Only the roles that were asked for.
        let roles: [RoleID]
        let count: Int
        /// The first of them by id.
        let first: UserID
    }

    private static let bits = 62

    /// Whose holders are meant.
    let concerned: [RoleID]
    /// The roles whose presence or absence tells groups apart; those concerned are among them.
    let telling: [RoleID]
    let permissions: [Permission]
    let now: Timestamp
    let transaction: Transaction

    /// - Parameters:
    ///   - telling: the roles that allow or deny what changes; `concerned` are added.
    ///   - permissions: what changes: overrides of these set their people apart.
    init(of concerned: [RoleID], telling: [RoleID], permissions: [Permission], at now: Timestamp, in transaction: Transaction) {
        self.concerned = concerned
        self.telling = concerned + telling.filter { !concerned.contains($0) }
        (self.permissions, self.now, self.transaction) = (permissions, now, transaction)
    }

    func all() throws -> [Group] {
        let rows = try transaction.rows(
            "SELECT signature, COUNT(*), MIN(user_id) FROM (\(sql: people)) AS people GROUP BY signature ORDER BY MIN(user_id)")
        return rows.map { row in
            Group(signature: row.text(0), roles: roles(in: row.text(0)), count: row.int(1), first: row.id(2))
        }
    }

    /// The first people of these groups, in the order of their ids.
    func people(of groups: [Group], limit: Int) throws -> [UserID] {
        // Each group has somebody before its second member: beyond the first so many groups nobody can be among the first so many people.
        let signatures = groups.sorted { $0.first < $1.first }.prefix(limit).map { "\($0.signature)" as SQL }
        guard !signatures.isEmpty else { return [] }
        return try transaction.rows(
            """
            SELECT user_id FROM (\(sql: people)) AS people WHERE signature IN (\(sql: .joined(signatures, separator: ", ")))
            ORDER BY user_id LIMIT \(limit)
            """
        ).map { $0.id(0) }
    }

    /// The holders whose overrides could matter: to be looked at one by one.
    func apart() throws -> [UserID] {
        guard !permissions.isEmpty else { return [] }
        return try transaction.rows(
            """
            SELECT DISTINCT user_id FROM user_overrides WHERE permission IN (\(sql: keys)) AND EXISTS (SELECT 1 FROM user_roles
                WHERE user_roles.user_id = user_overrides.user_id AND \(sql: active) AND role_id IN (SELECT value FROM json_each(\(ids: concerned))))
            ORDER BY user_id
            """
        ).map { $0.id(0) }
    }

    private var keys: SQL { .joined(permissions.map { "\($0.key)" }, separator: ", ") }
    private var active: SQL { "user_roles.revoked_at IS NULL AND (user_roles.expires_at IS NULL OR user_roles.expires_at > \(now))" }

    /// A row for each holder: `user_id`, and as `signature` a number for every 62 of the roles, a bit each.
    private var people: SQL {
        let numbers: [SQL] = stride(from: 0, to: telling.count, by: Self.bits).map { start in
            let cases: [SQL] = telling[start..<min(start + Self.bits, telling.count)].enumerated().map { offset, role in
                "WHEN \(role) THEN CAST(\(Int64(1) << Int64(offset)) AS BIGINT)"
            }
            return "CAST(CAST(SUM(CASE role_id \(sql: .joined(cases, separator: " ")) ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS TEXT)"
        }
        let apart: SQL =
            permissions.isEmpty ? "" : "AND user_id NOT IN (SELECT user_id FROM user_overrides WHERE permission IN (\(sql: keys)))"
        return """
            SELECT user_id, \(sql: .joined(numbers, separator: " || '.' || ")) AS signature FROM user_roles
            WHERE role_id IN (SELECT value FROM json_each(\(ids: telling))) AND \(sql: active) \(sql: apart) GROUP BY user_id
            HAVING MAX(CASE WHEN role_id IN (SELECT value FROM json_each(\(ids: concerned))) THEN 1 ELSE 0 END) = 1
            """
    }

    private func roles(in signature: String) -> [RoleID] {
        signature.split(separator: ".").enumerated().flatMap { column, text in
            let number = Int64(text) ?? 0
            return telling.dropFirst(column * Self.bits).prefix(Self.bits).enumerated()
                .filter { number >> Int64($0.offset) & 1 == 1 }.map(\.element)
        }
    }
}
