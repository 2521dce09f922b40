internal import Database
internal import Kernel

/// The tables `friends` and `blocks`.
enum FriendTable {
    /// The friends of a person, as a query of one column `friend_id`.
    static func friends(of user: UserID) -> SQL {
        """
        SELECT high AS friend_id FROM friends WHERE low = \(user) UNION ALL SELECT low AS friend_id FROM friends WHERE high = \(user)
        """
    }

    static func since(_ pair: UserPair, in transaction: Transaction) throws -> Timestamp? {
        try transaction.row("SELECT since FROM friends WHERE low = \(pair.low) AND high = \(pair.high)")?.time(0)
    }

    static func list(of user: UserID, in transaction: Transaction) throws -> [UserID] {
        try transaction.rows(friends(of: user)).map { $0.id(0) }
    }

    /// Those of the people who are friends with this one.
    static func among(_ others: [UserID], of user: UserID, in transaction: Transaction) throws -> Set<UserID> {
        guard !others.isEmpty else { return [] }
        let rows = try transaction.rows(
            """
            SELECT high FROM friends WHERE low = \(user) AND high IN (SELECT value FROM json_each(\(ids: others)))
            UNION ALL SELECT low FROM friends WHERE high = \(user) AND low IN (SELECT value FROM json_each(\(ids: others)))
            """)
        return Set(rows.map { $0.id(0) })
    }

    static func count(of user: UserID, in transaction: Transaction) throws -> Int {
        try transaction.row(
            "SELECT (SELECT COUNT(*) FROM friends WHERE low = \(user)) + (SELECT COUNT(*) FROM friends WHERE high = \(user))")?
            .int(0) ?? 0
    }

    /// Whether they have a friend in common.
    static func haveCommon(_ pair: UserPair, in transaction: Transaction) throws -> Bool {
        try transaction.row(
            """
            SELECT 1 FROM (\(sql: friends(of: pair.low))) AS one
            WHERE one.friend_id IN (\(sql: friends(of: pair.high))) LIMIT 1
            """) != nil
    }

    static func insert(_ pair: UserPair, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("INSERT INTO friends (low, high, since) VALUES (\(pair.low), \(pair.high), \(now))")
    }

    /// - Returns: false when they were none.
    static func delete(_ pair: UserPair, in transaction: Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM friends WHERE low = \(pair.low) AND high = \(pair.high)") > 0
    }

    // MARK: Blocks

    static func blocks(_ blocker: UserID, _ blocked: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM blocks WHERE blocker_id = \(blocker) AND blocked_id = \(blocked)") != nil
    }

    /// Those of the people who block this one.
    static func blockers(_ others: [UserID], of user: UserID, in transaction: Transaction) throws -> Set<UserID> {
        guard !others.isEmpty else { return [] }
        let rows = try transaction.rows(
            """
            SELECT blocker_id FROM blocks WHERE blocked_id = \(user) AND blocker_id IN (SELECT value FROM json_each(\(ids: others)))
            """)
        return Set(rows.map { $0.id(0) })
    }

    /// Those of the people whom this one blocks.
    static func blocked(_ others: [UserID], by user: UserID, in transaction: Transaction) throws -> Set<UserID> {
        guard !others.isEmpty else { return [] }
        let rows = try transaction.rows(
            """
            SELECT blocked_id FROM blocks WHERE blocker_id = \(user) AND blocked_id IN (SELECT value FROM json_each(\(ids: others)))
            """)
        return Set(rows.map { $0.id(0) })
    }

    /// Every block between two of the people.
    static func blocks(among people: [UserID], in transaction: Transaction) throws -> [(blocker: UserID, blocked: UserID)] {
        guard !people.isEmpty else { return [] }
        return try transaction.rows(
            """
            SELECT blocker_id, blocked_id FROM blocks WHERE blocker_id IN (SELECT value FROM json_each(\(ids: people)))
                AND blocked_id IN (SELECT value FROM json_each(\(ids: people)))
            """
        ).map { (blocker: $0.id(0), blocked: $0.id(1)) }
    }

    static func countBlocks(of user: UserID, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM blocks WHERE blocker_id = \(user)")?.int(0) ?? 0
    }

    /// - Returns: false when it was there.
    static func block(_ blocker: UserID, _ blocked: UserID, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "INSERT INTO blocks (blocker_id, blocked_id, since) VALUES (\(blocker), \(blocked), \(now)) ON CONFLICT DO NOTHING") > 0
    }

    /// - Returns: false when there was none.
    static func unblock(_ blocker: UserID, _ blocked: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM blocks WHERE blocker_id = \(blocker) AND blocked_id = \(blocked)") > 0
    }

    static func erase(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM friends WHERE low = \(user)")
        try transaction.execute("DELETE FROM friends WHERE high = \(user)")
        try transaction.execute("DELETE FROM blocks WHERE blocker_id = \(user)")
        try transaction.execute("DELETE FROM blocks WHERE blocked_id = \(user)")
    }
}
