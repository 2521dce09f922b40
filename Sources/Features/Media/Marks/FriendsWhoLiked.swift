internal import Database
internal import Friends
internal import Kernel

/// The marks of a title by the reader’s friends, where privacy settings and blocks let the reader see them.
extension MediaMarks {
    private static let friendLimit = 50

    func friendsWhoLiked(_ title: MediaID, of user: UserID, _ scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSON]
    {
        let friends = try friendships.friends(of: user, in: transaction)
        guard !friends.isEmpty else { return [] }
        let rows = try transaction.rows(
            """
            SELECT media_marks.user_id, kind, value FROM media_marks JOIN users ON users.id = media_marks.user_id AND users.deleted_at IS NULL
            WHERE media_id = \(title) AND kind IN ('favorite', 'like', 'rating')
                AND media_marks.user_id IN (SELECT value FROM json_each(\(ids: friends)))
            ORDER BY at DESC, media_marks.user_id
            """)
        var (order, marks): ([UserID], [UserID: [MarkKind: Int?]]) = ([], [:])
        for row in rows {
            let friend: UserID = row.id(0)
            if marks[friend] == nil { order.append(friend) }
            guard let kind = MarkKind(rawValue: row.text(1)) else { continue }
            marks[friend, default: [:]][kind] = .some(row.optionalInt64(2).map(Int.init))
        }
        let shown = try friendships.showingHistory(among: order, to: user, in: transaction)
        let listed = Array(order.filter(shown.contains).prefix(Self.friendLimit))
        let cards = try cards.cards(of: listed, for: scope, at: now, in: transaction)
        return listed.compactMap { friend in
            guard let card = cards[friend], let own = marks[friend] else { return nil }
            return [
                "user": card, "favorite": .bool(own[.favorite] != nil), "like": .bool(own[.like] != nil),
                "rating": (own[.rating] ?? nil).map(MarkKind.stars) ?? .null,
            ]
        }
    }
}
