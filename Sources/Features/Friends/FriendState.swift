package import Database
package import Kernel

/// The relation of a reader to a person.
package enum FriendState: String, Sendable, CaseIterable {
    case none, friends
    /// The reader asked.
    case requested
    /// The reader is asked.
    case received
    /// The reader blocks the person; a block in the other direction is not shown.
    case blocked
}

extension Friendships {
    package func state(of person: UserID, for reader: UserID, in transaction: Transaction) throws -> FriendState {
        guard person != reader else { return .none }
        if try FriendTable.blocks(reader, person, in: transaction) { return .blocked }
        let pair = UserPair(reader, person)
        if try FriendTable.since(pair, in: transaction) != nil { return .friends }
        let open = try transaction.row(
            """
            SELECT from_id, state, is_hidden FROM friend_requests
            WHERE low = \(pair.low) AND high = \(pair.high) AND \(sql: FriendRequestTable.open)
            """)
        guard let open else { return .none }
        if open.id(0, User.self) == reader { return .requested }
        return open.text(1) == "pending" && !open.bool(2) ? .received : .none
    }

    /// Friends of both, by their ids; those who are deleted are left out.
    package func common(_ one: UserID, _ other: UserID, limit: Int, in transaction: Transaction) throws -> [UserID] {
        try transaction.rows(
            """
            SELECT users.id FROM (\(sql: FriendTable.friends(of: one))) AS mine JOIN users ON users.id = mine.friend_id
            WHERE mine.friend_id IN (\(sql: FriendTable.friends(of: other))) AND users.deleted_at IS NULL ORDER BY users.id LIMIT \(limit)
            """
        ).map { $0.id(0) }
    }
}
