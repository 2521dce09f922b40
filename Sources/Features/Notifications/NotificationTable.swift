internal import Crypto
internal import Database
package import Kernel

/// One row of `notifications`.
struct StoredNotification: Sendable {
    let id: RowID
    let user: UserID
    let kind: String
    let count: Int
    let actor: UserID?
    let url: String
    let arguments: JSONObject
    /// Its position in the person's list.
    let place: RowID
    let createdAt: Timestamp
    let updatedAt: Timestamp
    let readAt: Timestamp?
}

/// A notification without its words.
package struct ToldNotification: Sendable {
    package let id: RowID
    package let user: UserID
    package let kind: String
    package let groupKey: String
    package let url: String
    package let count: Int
    package let isUnread: Bool
}

/// The table `notifications`; arguments are encrypted, bound to the place of the row.
struct NotificationTable: Sendable {
    let cipher: FieldCipher

    /// Unread notifications of a person; beyond that the oldest are deleted.
    static let unreadLimit = 1000
    private static let columns: SQL =
        "id, user_id, kind, count, actor_id, url, arguments_cipher, place, created_at, updated_at, read_at"
    private static let column = "notifications.arguments"

    /// Counts up the unread row of the group, or inserts a new one.
    func put(_ draft: NotificationDraft, id: RowID, at now: Timestamp, in transaction: Transaction) throws -> StoredNotification {
        // The id of the draft is also the place of the row.
        let sealed = cipher.seal(JSON.object(draft.arguments).bytes, column: Self.column, id: id.rawValue)
        let row = try transaction.row(
            """
            INSERT INTO notifications (id, user_id, kind, group_key, count, actor_id, url, arguments_cipher, place, created_at, updated_at)
            VALUES (\(id), \(draft.to), \(draft.kind), \(draft.groupKey), \(draft.count), \(draft.actor), \(draft.url), \(sealed), \(id), \(now), \(now))
            ON CONFLICT (user_id, group_key) WHERE read_at IS NULL DO UPDATE SET kind = excluded.kind, count = notifications.count + excluded.count,
                actor_id = excluded.actor_id, url = excluded.url, arguments_cipher = excluded.arguments_cipher, place = excluded.place,
                updated_at = excluded.updated_at
            RETURNING \(sql: Self.columns)
            """)
        guard let row else { throw DatabaseError.other(code: 0, message: "a notification was not written") }
        return try read(row)
    }

    /// Changes the content of a notification, not its place.
    ///
    /// - Returns: nil when it was removed meanwhile.
    func amend(_ id: RowID, to draft: NotificationDraft, in transaction: Transaction) throws -> StoredNotification? {
        guard let place: RowID = try transaction.row("SELECT place FROM notifications WHERE id = \(id)")?.id(0) else { return nil }
        let sealed = cipher.seal(JSON.object(draft.arguments).bytes, column: Self.column, id: place.rawValue)
        return try transaction.row(
            """
            UPDATE notifications SET count = \(draft.count), actor_id = \(draft.actor), url = \(draft.url), arguments_cipher = \(sealed)
            WHERE id = \(id) RETURNING \(sql: Self.columns)
            """
        ).map(read)
    }

    /// The notifications of some groups, of all people.
    static func told(_ groupKeys: [String], in transaction: Transaction) throws -> [ToldNotification] {
        let keys = SQL.joined(groupKeys.map { "\($0)" }, separator: ", ")
        return try transaction.rows(
            """
            SELECT id, user_id, kind, group_key, url, count, read_at FROM notifications
            WHERE group_key IN (\(sql: keys)) ORDER BY user_id, id
            """
        ).map { row in
            ToldNotification(
                id: row.id(0), user: row.id(1), kind: row.text(2), groupKey: row.text(3), url: row.text(4), count: row.int(5),
                isUnread: row.isNull(6))
        }
    }

    func page(of user: UserID, unreadOnly: Bool, before: RowID, limit: Int, in transaction: Transaction) throws -> [StoredNotification] {
        try transaction.rows(
            """
            SELECT \(sql: Self.columns) FROM notifications WHERE user_id = \(user) AND place < \(before)
                AND \(sql: unreadOnly ? "read_at IS NULL" : "1 = 1")
            ORDER BY place DESC LIMIT \(limit)
            """
        ).map(read)
    }

    static func count(of user: UserID, unreadOnly: Bool, in transaction: Transaction) throws -> Int {
        try transaction.row(
            "SELECT COUNT(*) FROM notifications WHERE user_id = \(user) AND \(sql: unreadOnly ? "read_at IS NULL" : "1 = 1")")?.int(0) ?? 0
    }

    /// - Returns: those that were unread.
    static func markRead(_ condition: SQL, of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> [RowID] {
        try transaction.rows(
            """
            UPDATE notifications SET read_at = \(now) WHERE user_id = \(user) AND read_at IS NULL AND \(sql: condition) RETURNING id
            """
        ).map { $0.id(0) }
    }

    /// - Returns: those that were there.
    static func remove(_ condition: SQL, of user: UserID, in transaction: Transaction) throws -> [RowID] {
        try transaction.rows("DELETE FROM notifications WHERE user_id = \(user) AND \(sql: condition) RETURNING id").map { $0.id(0) }
    }

    /// Drops the oldest unread ones beyond the limit.
    static func trim(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute(
            """
            DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE user_id = \(user) AND read_at IS NULL
                ORDER BY place DESC LIMIT 1000000 OFFSET \(unreadLimit))
            """)
    }

    /// Deletes up to 1000 old notifications.
    ///
    /// - Returns: how many.
    static func sweep(before time: Timestamp, in transaction: Transaction) throws -> Int {
        try transaction.execute(
            """
            DELETE FROM notifications WHERE id IN
                (SELECT id FROM notifications WHERE updated_at < \(time) ORDER BY updated_at LIMIT 1000)
            """)
    }

    static func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM notifications WHERE user_id = \(person)")
        try transaction.execute("DELETE FROM notifications WHERE actor_id = \(person)")
        try transaction.execute("DELETE FROM notification_preferences WHERE user_id = \(person)")
    }

    private func read(_ row: Row) throws -> StoredNotification {
        let place: RowID = row.id(7)
        let arguments = try JSONParser.parse(own: try cipher.open(row.blob(6), column: Self.column, id: place.rawValue))
        return StoredNotification(
            id: row.id(0), user: row.id(1), kind: row.text(2), count: row.int(3), actor: row.optionalID(4), url: row.text(5),
            arguments: arguments.object ?? [:], place: place, createdAt: row.time(8), updatedAt: row.time(9), readAt: row.optionalTime(10))
    }
}

/// The table `notification_preferences`.
enum PreferenceTable {
    /// Of the kinds that the person changed.
    static func preferences(of user: UserID, in transaction: Transaction) throws -> [String: NotificationPreference] {
        var found: [String: NotificationPreference] = [:]
        for row in try transaction.rows("SELECT kind, in_app, browser FROM notification_preferences WHERE user_id = \(user)") {
            found[row.text(0)] = NotificationPreference(inApp: row.bool(1), browser: row.bool(2))
        }
        return found
    }

    static func preference(of user: UserID, _ kind: String, in transaction: Transaction) throws -> NotificationPreference? {
        try transaction.row("SELECT in_app, browser FROM notification_preferences WHERE user_id = \(user) AND kind = \(kind)").map {
            NotificationPreference(inApp: $0.bool(0), browser: $0.bool(1))
        }
    }

    static func put(_ preference: NotificationPreference, of user: UserID, _ kind: String, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO notification_preferences (user_id, kind, in_app, browser)
            VALUES (\(user), \(kind), \(preference.inApp), \(preference.browser))
            ON CONFLICT (user_id, kind) DO UPDATE SET in_app = excluded.in_app, browser = excluded.browser
            """)
    }
}
