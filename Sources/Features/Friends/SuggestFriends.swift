internal import Database
internal import Directory
internal import Kernel
internal import Web

extension FriendsFeature {
    /// Friends of one's own who are looked at, the newest first, and people who come into question.
    private static let friendsAtMost = 100
    private static let candidatesAtMost = 60
    /// Friends in common that are shown.
    private static let shownAtMost = 3

    /// `GET /friends/suggestions`: friends of friends whom one can ask, those with the most friends in common first.
    ///
    /// Whoever hides from the reader, lets nobody ask, or is asked already is left out, and nobody is named as a common friend who hides from the reader.
    func listSuggestions(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var query = try call.query
        let limit = query.integer("limit", 1...50) ?? 10
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            let found = try candidates(for: user, in: transaction).filter { try mayBeAsked($0.user, by: user, in: transaction) }.prefix(
                limit)
            let common = try Dictionary(
                uniqueKeysWithValues: found.map { one in
                    let all = try friendships.common(user, one.user, limit: Self.friendsAtMost, in: transaction)
                    let access = try friendships.profiles(of: all, for: user, in: transaction)
                    return (one.user, all.filter { access[$0] != .hidden })
                })
            let people = found.map(\.user) + common.values.flatMap { $0.prefix(Self.shownAtMost) }
            let cards = try cards.cards(of: people, for: scope, at: now, in: transaction)
            let items = found.compactMap { one -> JSON? in
                guard let card = cards[one.user], let friends = common[one.user], !friends.isEmpty else { return nil }
                return [
                    "user": card, "common_count": JSON(friends.count),
                    "common": .array(friends.prefix(Self.shownAtMost).compactMap { cards[$0] }),
                ]
            }
            return .page(items, next: nil, total: wantsTotal ? items.count : nil)
        }
    }

    private func candidates(for user: UserID, in transaction: Transaction) throws -> [(user: UserID, count: Int)] {
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
            SELECT pairs.other_id, COUNT(*) FROM (SELECT high AS other_id FROM friends WHERE low IN \(sql: ids)
                UNION ALL SELECT low AS other_id FROM friends WHERE high IN \(sql: ids)) AS pairs
            JOIN users ON users.id = pairs.other_id
            WHERE pairs.other_id <> \(user) AND users.deleted_at IS NULL AND NOT users.is_banned AND NOT users.is_disabled
                AND pairs.other_id NOT IN (\(sql: FriendTable.friends(of: user)))
            GROUP BY pairs.other_id ORDER BY COUNT(*) DESC, pairs.other_id LIMIT \(Self.candidatesAtMost)
            """
        ).map { (user: $0.id(0), count: $0.int(1)) }
    }

    private func mayBeAsked(_ person: UserID, by user: UserID, in transaction: Transaction) throws -> Bool {
        guard try friendships.state(of: person, for: user, in: transaction) == .none,
            try !friendships.blocks(person, user, in: transaction),
            try friendships.privacy(of: person, in: transaction).befriend != .nobody
        else { return false }
        return try friendships.profiles(of: [person], for: user, in: transaction)[person] == .whole
    }
}
