internal import Database
internal import Directory
internal import Kernel
internal import Web

extension FriendsFeature {
    /// The newest friends whose own friends are read, and the candidates among those.
    private static let friendsAtMost = 100
    private static let candidatesAtMost = 60
    /// Common friends that are shown.
    private static let shownAtMost = 3

    /// `GET /friends/suggestions`: friends of friends whom the reader can ask, those with the most common friends first.
    ///
    /// Left out are people who hide from the reader, who accept no requests, and who have an open one. A common friend who hides is neither named nor counted.
    func listSuggestions(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var query = try call.query
        let limit = query.integer("limit", 1...50) ?? 10
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            let all = try candidates(for: user, in: transaction)
            let found = Array(try mayBeAsked(all, by: user, in: transaction).prefix(limit))
            var common: [UserID: [UserID]] = [:]
            for one in found { common[one] = try friendships.common(user, one, limit: Self.friendsAtMost, in: transaction) }
            let access = try friendships.profiles(of: Set(common.values.joined()).sorted(), for: user, in: transaction)
            common = common.mapValues { $0.filter { access[$0] != .hidden } }
            let people = found + common.values.flatMap { $0.prefix(Self.shownAtMost) }
            let cards = try cards.cards(of: people, for: scope, at: now, in: transaction)
            let items = found.compactMap { one -> JSON? in
                guard let card = cards[one], let friends = common[one], !friends.isEmpty else { return nil }
                return [
                    "user": card, "common_count": JSON(friends.count),
                    "common": .array(friends.prefix(Self.shownAtMost).compactMap { cards[$0] }),
                ]
            }
            return .page(items, next: nil, total: wantsTotal ? items.count : nil)
        }
    }

    private func candidates(for user: UserID, in transaction: Transaction) throws -> [UserID] {
        let mine: [UserID] = try transaction.rows(
            """
            SELECT id FROM (SELECT high AS id, since FROM friends WHERE low = \(user)
                UNION ALL SELECT low AS id, since FROM friends WHERE high = \(user)) AS mine
            ORDER BY since DESC, id LIMIT \(Self.friendsAtMost)
            """
        ).map { $0.id(0) }
        guard !mine.isEmpty else { return [] }
        let ids: SQL = "(SELECT value FROM json_each(\(ids: mine)))"
        return try transaction.rows(
            """
            SELECT pairs.other_id FROM (SELECT high AS other_id FROM friends WHERE low IN \(sql: ids)
                UNION ALL SELECT low AS other_id FROM friends WHERE high IN \(sql: ids)) AS pairs
            JOIN users ON users.id = pairs.other_id
            WHERE pairs.other_id <> \(user) AND users.deleted_at IS NULL AND NOT users.is_banned AND NOT users.is_disabled
                AND pairs.other_id NOT IN (\(sql: FriendTable.friends(of: user)))
            GROUP BY pairs.other_id ORDER BY COUNT(*) DESC, pairs.other_id LIMIT \(Self.candidatesAtMost)
            """
        ).map { $0.id(0) }
    }

    /// Those of the people whom the reader can ask, in the same order.
    private func mayBeAsked(_ people: [UserID], by user: UserID, in transaction: Transaction) throws -> [UserID] {
        let settings = try PrivacyTable.settings(of: people, in: transaction)
        // A profile is not whole for people whom its owner blocks.
        let access = try friendships.profiles(of: people, for: user, in: transaction)
        let blocked = try FriendTable.blocked(people, by: user, in: transaction)
        let asked = try FriendRequestTable.openVisible(among: people, to: user, in: transaction)
        return people.filter { person in
            access[person] == .whole && !blocked.contains(person) && !asked.contains(person)
                && (settings[person]?.befriend ?? .everyone) != .nobody
        }
    }
}
