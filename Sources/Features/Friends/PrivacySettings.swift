internal import Database
internal import Kernel

/// What a person shows to others, and how others may contact them.
package struct PrivacySettings: Sendable, Hashable {
    /// Who sees the profile and status.
    package enum Profile: String, Sendable, CaseIterable { case everyone, members, friends, nobody }
    /// Who may send friend requests.
    package enum Befriend: String, Sendable, CaseIterable {
        case everyone, nobody
        case friendsOfFriends = "friends_of_friends"
    }
    /// Who may write to the person, add them to a group, or call them.
    package enum Contact: String, Sendable, CaseIterable {
        case everyone, friends, nobody
        case channelMates = "channel_mates"
    }
    /// Who sees the history.
    package enum History: String, Sendable, CaseIterable { case members, friends, nobody }

    package var profile = Profile.members
    package var befriend = Befriend.everyone
    package var write = Contact.everyone
    package var call = Contact.everyone
    package var history = History.members
    /// Whether others see the person's read receipts, and the person theirs.
    package var receipts = true
    package var version: Int64 = 0

    package init() {}
}

/// The table `privacy`.
enum PrivacyTable {
    private static let columns: SQL = "user_id, profile, befriend, write_to, call_to, history, receipts, version"

    static func settings(of user: UserID, in transaction: Transaction) throws -> PrivacySettings {
        try transaction.row("SELECT \(sql: columns) FROM privacy WHERE user_id = \(user)").map(read) ?? PrivacySettings()
    }

    /// Of the people who have a row; the others have the defaults.
    static func settings(of users: [UserID], in transaction: Transaction) throws -> [UserID: PrivacySettings] {
        var found: [UserID: PrivacySettings] = [:]
        for row in try transaction.rows(
            "SELECT \(sql: columns) FROM privacy WHERE user_id IN (SELECT value FROM json_each(\(ids: users)))")
        {
            found[row.id(0)] = read(row)
        }
        return found
    }

    static func put(_ settings: PrivacySettings, of user: UserID, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO privacy (user_id, profile, befriend, write_to, call_to, history, receipts, version)
            VALUES (\(user), \(settings.profile.rawValue), \(settings.befriend.rawValue), \(settings.write.rawValue),
                \(settings.call.rawValue), \(settings.history.rawValue), \(settings.receipts), \(settings.version))
            ON CONFLICT (user_id) DO UPDATE SET profile = excluded.profile, befriend = excluded.befriend, write_to = excluded.write_to,
                call_to = excluded.call_to, history = excluded.history, receipts = excluded.receipts, version = excluded.version
            """)
    }

    static func erase(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM privacy WHERE user_id = \(user)")
    }

    private static func read(_ row: Row) -> PrivacySettings {
        var settings = PrivacySettings()
        settings.profile = PrivacySettings.Profile(rawValue: row.text(1)) ?? .nobody
        settings.befriend = PrivacySettings.Befriend(rawValue: row.text(2)) ?? .nobody
        settings.write = PrivacySettings.Contact(rawValue: row.text(3)) ?? .nobody
        settings.call = PrivacySettings.Contact(rawValue: row.text(4)) ?? .nobody
        settings.history = PrivacySettings.History(rawValue: row.text(5)) ?? .nobody
        (settings.receipts, settings.version) = (row.bool(6), row.int64(7))
        return settings
    }
}

extension PrivacySettings {
    var json: JSONObject {
        [
            "profile": .string(profile.rawValue), "befriend": .string(befriend.rawValue), "write": .string(write.rawValue),
            "call": .string(call.rawValue), "history": .string(history.rawValue), "receipts": .bool(receipts),
            "version": .integer(version),
        ]
    }
}
