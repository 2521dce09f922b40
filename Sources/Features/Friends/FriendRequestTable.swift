internal import Crypto
internal import Database
internal import Kernel

/// One row of `friend_requests`.
struct FriendRequest: Sendable {
    enum State: String, Sendable, CaseIterable {
        case pending, ignored, accepted, refused, cancelled

        var isOpen: Bool { self == .pending || self == .ignored }
    }

    let id: RowID
    let from: UserID
    let to: UserID
    var state: State
    /// The person who was asked never learns of it.
    let isHidden: Bool
    /// Only while it is open.
    var note: String?
    let createdAt: Timestamp
    var decidedAt: Timestamp?

    var pair: UserPair { UserPair(from, to) }

    /// The state as this person may know it: who is ignored does not learn it.
    func state(for reader: UserID) -> State { state == .ignored && reader == from ? .pending : state }

    /// Whether this person may know of it.
    func isVisible(to reader: UserID) -> Bool { reader == from || (reader == to && !isHidden) }
}

/// The table `friend_requests`; notes are sealed.
struct FriendRequestTable: Sendable {
    let cipher: FieldCipher

    static let open: SQL = "friend_requests.state IN ('pending', 'ignored')"
    private static let columns: SQL = "id, from_id, to_id, state, is_hidden, note_cipher, created_at, decided_at"
    private static let noteColumn = "friend_requests.note"

    func request(_ id: RowID, in transaction: Transaction) throws -> FriendRequest? {
        try transaction.row("SELECT \(sql: Self.columns) FROM friend_requests WHERE id = \(id)").map(read)
    }

    /// Those of the people with whom this one has an open request that they know of, in either direction.
    static func openVisible(among people: [UserID], to user: UserID, in transaction: Transaction) throws -> Set<UserID> {
        guard !people.isEmpty else { return [] }
        let others: SQL = "(SELECT value FROM json_each(\(ids: people)))"
        let rows = try transaction.rows(
            """
            SELECT to_id FROM friend_requests WHERE from_id = \(user) AND to_id IN \(sql: others) AND \(sql: open)
            UNION ALL SELECT from_id FROM friend_requests WHERE to_id = \(user) AND from_id IN \(sql: others)
                AND friend_requests.state = 'pending' AND NOT is_hidden
            """)
        return Set(rows.map { $0.id(0) })
    }

    func openRequest(of pair: UserPair, in transaction: Transaction) throws -> FriendRequest? {
        try transaction.row(
            "SELECT \(sql: Self.columns) FROM friend_requests WHERE low = \(pair.low) AND high = \(pair.high) AND \(sql: Self.open)"
        ).map(read)
    }

    /// Open requests that a person sent, or that they may answer; the newest first.
    func page(_ condition: SQL, before: RowID, limit: Int, in transaction: Transaction) throws -> [FriendRequest] {
        try transaction.rows(
            """
            SELECT \(sql: Self.columns) FROM friend_requests WHERE (\(sql: condition)) AND id < \(before)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(read)
    }

    static func count(_ condition: SQL, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM friend_requests WHERE \(sql: condition)")?.int(0) ?? 0
    }

    static func sent(by user: UserID) -> SQL { "from_id = \(user) AND \(sql: open)" }

    /// What a person sees as asked of them; what they ignore is there no more.
    static func received(by user: UserID) -> SQL {
        "to_id = \(user) AND \(sql: open) AND state = 'pending' AND is_hidden = \(false)"
    }

    /// When each of the requests of a person since a time was sent, the oldest first.
    func sent(by user: UserID, since: Timestamp, limit: Int, in transaction: Transaction) throws -> [Timestamp] {
        try transaction.rows(
            """
            SELECT created_at FROM friend_requests WHERE from_id = \(user) AND created_at > \(since) ORDER BY created_at LIMIT \(limit)
            """
        ).map { $0.time(0) }
    }

    func refusals(from: UserID, to: UserID, in transaction: Transaction) throws -> Int {
        let pair = UserPair(from, to)
        return try Self.count(
            "low = \(pair.low) AND high = \(pair.high) AND from_id = \(from) AND state = 'refused'", in: transaction)
    }

    func insert(_ request: FriendRequest, in transaction: Transaction) throws {
        let note = request.note.map { cipher.seal($0, column: Self.noteColumn, id: request.id.rawValue) }
        let pair = request.pair
        try transaction.execute(
            """
            INSERT INTO friend_requests (id, from_id, to_id, low, high, state, is_hidden, note_cipher, created_at, decided_at)
            VALUES (\(request.id), \(request.from), \(request.to), \(pair.low), \(pair.high), \(request.state.rawValue),
                \(request.isHidden), \(note), \(request.createdAt), \(request.decidedAt))
            """)
    }

    /// Writes a decision; with the end of a request its note is gone.
    func decide(_ request: FriendRequest, _ state: FriendRequest.State, at now: Timestamp, in transaction: Transaction) throws
        -> FriendRequest
    {
        var decided = request
        (decided.state, decided.decidedAt) = (state, now)
        if state == .ignored {
            try transaction.execute(
                "UPDATE friend_requests SET state = \(state.rawValue), decided_at = \(now) WHERE id = \(request.id)")
        } else {
            decided.note = nil
            try transaction.execute(
                """
                UPDATE friend_requests SET state = \(state.rawValue), decided_at = \(now), note_cipher = NULL WHERE id = \(request.id)
                """)
        }
        return decided
    }

    /// Refusals of before count no more: they are friends now.
    func forgetRefusals(of pair: UserPair, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM friend_requests WHERE low = \(pair.low) AND high = \(pair.high) AND state = 'refused'")
    }

    func erase(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM friend_requests WHERE from_id = \(user)")
        try transaction.execute("DELETE FROM friend_requests WHERE to_id = \(user)")
    }

    /// Removes requests that ended long ago; refusals stay, because three are final.
    ///
    /// - Returns: how many.
    static func sweep(before time: Timestamp, in transaction: Transaction) throws -> Int {
        try transaction.execute(
            """
            DELETE FROM friend_requests WHERE id IN (SELECT id FROM friend_requests WHERE state IN ('accepted', 'cancelled')
                AND decided_at < \(time) ORDER BY decided_at LIMIT 1000)
            """)
    }

    private func read(_ row: Row) throws -> FriendRequest {
        let id: RowID = row.id(0)
        return FriendRequest(
            id: id, from: row.id(1), to: row.id(2), state: FriendRequest.State(rawValue: row.text(3)) ?? .cancelled, isHidden: row.bool(4),
            note: try row.optionalBlob(5).map { try cipher.openText($0, column: Self.noteColumn, id: id.rawValue) },
            createdAt: row.time(6), decidedAt: row.optionalTime(7))
    }
}
