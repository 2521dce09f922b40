package import Database
package import Directory
package import Kernel
internal import Synchronization

/// Friendships, blocks and privacy rules between people, for other features.
package final class Friendships: Sendable {
    /// Whether two people share a channel that both may read.
    package typealias ChannelMates = @Sendable (_ one: UserID, _ other: UserID, Transaction) throws -> Bool

    private let channelMates = Mutex<ChannelMates>({ _, _, _ in false })

    package typealias Listener = @Sendable (FriendNotice, Transaction) throws -> Void
    private let listener = Mutex<Listener>({ _, _ in })

    package init() {}

    /// Called in the transaction of each change between two people; set once, before the first request.
    package func onNotice(_ body: @escaping Listener) { listener.withLock { $0 = body } }

    func note(_ kind: FriendNotice.Kind, _ user: UserID, of other: UserID, scope: Scope, in transaction: Transaction) throws {
        try listener.withLock { $0 }(FriendNotice(kind: kind, user: user, other: other, requestID: scope.requestID), transaction)
    }

    /// Called for people who let channel mates write to them; set once, before the first request.
    package func onChannelMates(_ body: @escaping ChannelMates) { channelMates.withLock { $0 = body } }

    package func areFriends(_ one: UserID, _ other: UserID, in transaction: Transaction) throws -> Bool {
        guard one != other else { return false }
        return try FriendTable.since(UserPair(one, other), in: transaction) != nil
    }

    /// Whether either of the two blocks the other.
    package func isBlocked(by one: UserID, of other: UserID, in transaction: Transaction) throws -> Bool {
        try FriendTable.blocks(one, other, in: transaction) || FriendTable.blocks(other, one, in: transaction)
    }

    /// Whether `blocker` blocks `blocked`.
    package func blocks(_ blocker: UserID, _ blocked: UserID, in transaction: Transaction) throws -> Bool {
        try FriendTable.blocks(blocker, blocked, in: transaction)
    }

    /// Those of the people who block this one.
    package func blockers(among others: [UserID], of user: UserID, in transaction: Transaction) throws -> Set<UserID> {
        try FriendTable.blockers(others, of: user, in: transaction)
    }

    /// Those of the people whom this one blocks.
    package func blocked(among others: [UserID], by user: UserID, in transaction: Transaction) throws -> Set<UserID> {
        try FriendTable.blocked(others, by: user, in: transaction)
    }

    package func friends(of user: UserID, in transaction: Transaction) throws -> [UserID] {
        try FriendTable.list(of: user, in: transaction)
    }

    package func count(of user: UserID, in transaction: Transaction) throws -> Int { try FriendTable.count(of: user, in: transaction) }

    /// Those of the people who are friends with this one.
    package func friends(of user: UserID, among others: [UserID], in transaction: Transaction) throws -> Set<UserID> {
        try FriendTable.among(others, of: user, in: transaction)
    }

    package func privacy(of user: UserID, in transaction: Transaction) throws -> PrivacySettings {
        try PrivacyTable.settings(of: user, in: transaction)
    }

    /// Whose read receipts each reader sees: both people show theirs, and neither blocks the other.
    package func visibleReceipts(of people: [UserID], to readers: [UserID], in transaction: Transaction) throws -> [UserID: Set<UserID>] {
        let all = Set(people).union(readers).sorted()
        let settings = try PrivacyTable.settings(of: all, in: transaction)
        let showing = Set(people.filter { settings[$0]?.receipts ?? true })
        var visible: [UserID: Set<UserID>] = [:]
        for reader in readers where settings[reader]?.receipts ?? true { visible[reader] = showing.subtracting([reader]) }
        for pair in try FriendTable.blocks(among: all, in: transaction) {
            visible[pair.blocker]?.remove(pair.blocked)
            visible[pair.blocked]?.remove(pair.blocker)
        }
        return visible
    }

    /// Whether somebody may write to a person directly, or add them to a group; if not, answer with `FriendProblems.notAllowed`.
    package func mayWrite(from writer: UserID, to person: UserID, in transaction: Transaction) throws -> Bool {
        try mayReach(person, from: writer, by: \.write, in: transaction)
    }

    /// Whether somebody may call a person.
    package func mayCall(from caller: UserID, to person: UserID, in transaction: Transaction) throws -> Bool {
        try mayReach(person, from: caller, by: \.call, in: transaction)
    }

    private func mayReach(
        _ person: UserID, from other: UserID, by rule: KeyPath<PrivacySettings, PrivacySettings.Contact>, in transaction: Transaction
    ) throws -> Bool {
        guard other != person else { return true }
        if try isBlocked(by: person, of: other, in: transaction) { return false }
        switch try PrivacyTable.settings(of: person, in: transaction)[keyPath: rule] {
        case .everyone: return true
        case .nobody: return false
        case .friends: return try areFriends(other, person, in: transaction)
        case .channelMates:
            let mates = channelMates.withLock { $0 }
            return try areFriends(other, person, in: transaction) || mates(other, person, transaction)
        }
    }

    /// How much of each profile a reader without further permissions sees.
    package func profiles(of users: [UserID], for reader: UserID?, in transaction: Transaction) throws -> [UserID: ProfileAccess] {
        let settings = try PrivacyTable.settings(of: users, in: transaction)
        let guarded = settings.filter { $0.value.profile == .friends }.map(\.key)
        let friends = try reader.map { try FriendTable.among(guarded, of: $0, in: transaction) } ?? []
        let blockers = try reader.map { try FriendTable.blockers(users, of: $0, in: transaction) } ?? []
        var access: [UserID: ProfileAccess] = [:]
        for user in users {
            let isShown =
                switch settings[user]?.profile ?? .members {
                case .everyone: true
                case .members: reader != nil
                case .friends: friends.contains(user)
                case .nobody: false
                }
            // A blocked reader sees an offline person, so that the block does not show.
            access[user] = user == reader ? .whole : !isShown ? .hidden : blockers.contains(user) ? .withoutPresence : .whole
        }
        return access
    }

    /// Those of some friends whose profile and history a reader may see.
    package func showingHistory(among friends: [UserID], to reader: UserID, in transaction: Transaction) throws -> Set<UserID> {
        let settings = try PrivacyTable.settings(of: friends, in: transaction)
        let access = try profiles(of: friends, for: reader, in: transaction)
        return Set(friends.filter { (settings[$0]?.history ?? .members) != .nobody && access[$0] == .whole })
    }

    /// Whether a reader may see the history of a person.
    package func mayReadHistory(of person: UserID, by reader: UserID, in transaction: Transaction) throws -> Bool {
        guard reader != person else { return true }
        if try FriendTable.blocks(person, reader, in: transaction) { return false }
        return switch try PrivacyTable.settings(of: person, in: transaction).history {
        case .members: true
        case .friends: try areFriends(reader, person, in: transaction)
        case .nobody: false
        }
    }
}
