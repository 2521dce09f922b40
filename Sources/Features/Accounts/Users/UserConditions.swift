internal import Database
internal import Directory
internal import Kernel

/// What of `users` a filter lets through, in the parts that are counted apart.
struct UserConditions: Sendable {
    /// People, and whether it is they who are meant or everybody else.
    struct Shown: Sendable {
        let users: [UserID]
        let areMeant: Bool
    }

    /// Whether the deleted are asked for; otherwise they are left out.
    let areDeleted: Bool
    var names: NameMatches?
    var others: [SQL]
    var shown: Shown?

    /// All of them as one condition.
    var sql: SQL { .joined(parts + [areDeleted ? "users.deleted_at IS NOT NULL" : "users.deleted_at IS NULL"], separator: " AND ") }

    private static let gone: SQL = "users.id IN (SELECT gone.id FROM users AS gone WHERE gone.deleted_at > 0)"

    private var parts: [SQL] {
        let parts = (names.map { [$0.condition] } ?? []) + others
        guard let shown else { return parts }
        let listed: SQL = "users.id IN (SELECT value FROM json_each(\(ids: shown.users)))"
        return parts + [shown.areMeant ? listed : "NOT \(sql: listed)"]
    }

    /// Of a name and nothing else, when they are many.
    private var manyNamed: Int? {
        guard let names, !names.areListed, others.isEmpty, shown == nil else { return nil }
        return names.count
    }

    /// Those whom they let through, when they are few: then they are looked up and sorted. Many are met soon enough in the order that is asked for.
    ///
    /// Whether somebody is deleted stands far back in the row: it is read of those alone whom the rest lets through.
    func smallResult(in transaction: Transaction) throws -> [UserID]? {
        if manyNamed != nil, !areDeleted { return nil }
        let condition = Self.joined(areDeleted ? parts + [Self.gone] : parts)
        let rows = try transaction.rows("SELECT users.id, users.deleted_at FROM users \(sql: condition) LIMIT 1001")
        return rows.count <= 1000 ? rows.filter { $0.isNull(1) != areDeleted }.map { $0.id(0) } : nil
    }

    /// How many they are. An index alone tells most of it where nobody asks who is deleted, so that these, few as they are, are counted apart.
    ///
    /// - Parameter everybody: knows how many there are without a look at them.
    func count(of everybody: NameIndex, in transaction: Transaction) throws -> Int {
        let gone = try Self.count(parts + [Self.gone], in: transaction)
        if areDeleted { return gone }
        let known = try parts.isEmpty ? everybody.count(in: transaction) : manyNamed
        return try (known ?? Self.count(parts, in: transaction)) - gone
    }

    private static func count(_ parts: [SQL], in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM users \(sql: joined(parts))")?.int(0) ?? 0
    }

    private static func joined(_ parts: [SQL]) -> SQL { parts.isEmpty ? "" : "WHERE \(sql: .joined(parts, separator: " AND "))" }
}
