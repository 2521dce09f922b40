internal import Database
internal import Kernel

/// One row of `user_actions`.
struct StoredAction: Sendable {
    let id: RowID
    let type: String
    let target: UserAction.Target
    let detail: JSONObject
    let at: Timestamp
}

/// The place of a row in a history: rows are ordered by time, then by id.
struct ActionPlace: Sendable {
    let at: Int64
    let id: Int64

    static let newest = ActionPlace(at: .max, id: .max)
}

/// The filter of a history.
struct ActionFilter: Sendable {
    let user: UserID
    /// Types by family; no types means the whole family. Empty for all rows.
    var wanted: [String: [String]] = [:]
    var from: Timestamp?
    /// Exclusive.
    var to: Timestamp?
    /// Whether private rows are left out.
    var isPublic = false

    fileprivate var condition: SQL {
        var condition: SQL = "user_id = \(user)"
        if let from { condition = "\(sql: condition) AND at >= \(from)" }
        if let to { condition = "\(sql: condition) AND at < \(to)" }
        if isPublic { condition = "\(sql: condition) AND is_private = \(false)" }
        return condition
    }

    /// One condition for each family, each of which is a range of an index.
    fileprivate var conditions: [SQL] {
        guard !wanted.isEmpty else { return [condition] }
        return wanted.sorted { $0.key < $1.key }.map { family, types in
            let part: SQL = "\(sql: condition) AND family = \(family)"
            guard !types.isEmpty else { return part }
            return "\(sql: part) AND type IN (\(sql: SQL.joined(types.map { "\($0)" }, separator: ", ")))"
        }
    }
}

/// The table `user_actions`.
enum ActionTable {
    private static let columns: SQL = "id, type, target_kind, target_id, detail, at"

    static func insert(_ action: UserAction, id: RowID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO user_actions (id, user_id, family, type, target_kind, target_id, detail, is_private, at)
            VALUES (\(id), \(action.user), \(action.family), \(action.type), \(action.target.kind), \(action.target.id),
                \(JSON.object(action.detail).text), \(action.isPrivate), \(now))
            """)
    }

    /// The newest first.
    static func page(_ filter: ActionFilter, before place: ActionPlace, limit: Int, in transaction: Transaction) throws -> [StoredAction] {
        let parts = filter.conditions.map { condition -> SQL in
            """
            SELECT * FROM (SELECT \(sql: columns) FROM user_actions WHERE \(sql: condition) AND (at, id) < (\(place.at), \(place.id))
                ORDER BY at DESC, id DESC LIMIT \(limit)) AS part
            """
        }
        return try transaction.rows(
            """
            SELECT \(sql: columns) FROM (\(sql: SQL.joined(parts, separator: " UNION ALL "))) AS every ORDER BY at DESC, id DESC LIMIT \(limit)
            """
        ).map(read)
    }

    static func count(_ filter: ActionFilter, in transaction: Transaction) throws -> Int {
        try filter.conditions.reduce(0) { sum, condition in
            sum + (try transaction.row("SELECT COUNT(*) FROM user_actions WHERE \(sql: condition)")?.int(0) ?? 0)
        }
    }

    /// The detail of a person's last action of a type.
    static func last(_ type: String, of user: UserID, in transaction: Transaction) throws -> JSONObject? {
        try transaction.row(
            """
            SELECT \(sql: columns) FROM user_actions WHERE user_id = \(user) AND family = \(UserAction.family(of: type)) AND type = \(type)
            ORDER BY at DESC, id DESC LIMIT 1
            """
        ).map(read)?.detail
    }

    /// Deletes a person's actions, and the actions of others about them.
    static func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM user_actions WHERE user_id = \(person)")
        try transaction.execute("DELETE FROM user_actions WHERE target_kind = 'user' AND target_id = \(person)")
    }

    private static func read(_ row: Row) throws -> StoredAction {
        StoredAction(
            id: row.id(0), type: row.text(1), target: UserAction.Target(kind: row.text(2), id: row.optionalInt64(3)),
            detail: try JSONParser.parse(own: Array(row.text(4).utf8)).object ?? [:], at: row.time(5))
    }
}
