internal import Database
internal import Kernel

/// One row of `calls`.
struct CallRecord: Sendable {
    enum State: String, Sendable, CaseIterable {
        case ringing, active
        /// Nobody answered in time.
        case missed
        /// The person who was called refused.
        case declined
        /// The caller gave up before an answer.
        case cancelled
        /// The person who was called is in another call.
        case busy
        /// It was answered and is over.
        case ended

        var isLive: Bool { self == .ringing || self == .active }
    }

    let id: RowID
    let conversation: ConversationID
    let caller: UserID
    let callee: UserID
    var state: State
    let createdAt: Timestamp
    let ringsUntil: Timestamp
    var answeredAt: Timestamp?
    var endedAt: Timestamp?
    /// Null when a lease, a time limit or a lost right ended it.
    var endedBy: UserID?

    init(
        _ id: RowID, in conversation: ConversationID, from caller: UserID, to callee: UserID, _ state: State, at now: Timestamp,
        ringsUntil: Timestamp
    ) {
        (self.id, self.conversation, self.caller, self.callee, self.state) = (id, conversation, caller, callee, state)
        (createdAt, self.ringsUntil) = (now, ringsUntil)
        if !state.isLive { endedAt = now }
    }

    var people: [UserID] { [caller, callee] }

    /// The other person.
    func other(than user: UserID) -> UserID { user == caller ? callee : caller }

    static let columns: SQL = """
        calls.id, calls.conversation_id, calls.caller_id, calls.callee_id, calls.state, calls.created_at, calls.rings_until,
        calls.answered_at, calls.ended_at, calls.ended_by
        """

    init(_ row: Row) {
        (id, conversation, caller, callee) = (row.id(0), row.id(1), row.id(2), row.id(3))
        (state, createdAt, ringsUntil) = (State(rawValue: row.text(4)) ?? .ended, row.time(5), row.time(6))
        (answeredAt, endedAt, endedBy) = (row.optionalTime(7), row.optionalTime(8), row.optionalID(9))
    }
}

/// The statements on `calls`.
enum CallTable {
    static func call(_ id: RowID, in transaction: Transaction) throws -> CallRecord? {
        try transaction.row("SELECT \(sql: CallRecord.columns) FROM calls WHERE id = \(id)").map { CallRecord($0) }
    }

    static func keyed(_ key: String, by caller: UserID, in transaction: Transaction) throws -> CallRecord? {
        try transaction.row("SELECT \(sql: CallRecord.columns) FROM calls WHERE caller_id = \(caller) AND client_key = \(key)").map {
            CallRecord($0)
        }
    }

    /// The call that is on in a conversation.
    static func live(in conversation: ConversationID, _ transaction: Transaction) throws -> CallRecord? {
        try transaction.row(
            "SELECT \(sql: CallRecord.columns) FROM calls WHERE conversation_id = \(conversation) AND ended_at IS NULL"
        ).map { CallRecord($0) }
    }

    /// The calls that are on and concern a person: one that they take part in, one that rings at them.
    static func live(of user: UserID, in transaction: Transaction) throws -> [CallRecord] {
        try transaction.rows(
            """
            SELECT \(sql: CallRecord.columns) FROM calls WHERE ended_at IS NULL AND (caller_id = \(user) OR callee_id = \(user)) ORDER BY id
            """
        ).map { CallRecord($0) }
    }

    static func live(in transaction: Transaction) throws -> [CallRecord] {
        try transaction.rows("SELECT \(sql: CallRecord.columns) FROM calls WHERE ended_at IS NULL ORDER BY id").map { CallRecord($0) }
    }

    static func isRung(_ user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM calls WHERE callee_id = \(user) AND state = 'ringing'") != nil
    }

    /// Calls that have rung long enough, and those of a device whose lease is over.
    static func due(at now: Timestamp, leases: Bool, in transaction: Transaction) throws -> [RowID] {
        let rung = try transaction.rows("SELECT id FROM calls WHERE state = 'ringing' AND rings_until <= \(now) LIMIT 200")
        let lost =
            leases
            ? try transaction.rows("SELECT DISTINCT call_id FROM voice_sessions WHERE left_at IS NULL AND lease_until <= \(now) LIMIT 200")
            : []
        return Set((rung + lost).map { $0.id(0) as RowID }).sorted()
    }

    static func insert(_ call: CallRecord, key: String?, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO calls (id, conversation_id, caller_id, callee_id, client_key, state, created_at, rings_until, ended_at)
            VALUES (\(call.id), \(call.conversation), \(call.caller), \(call.callee), \(key), \(call.state.rawValue), \(call.createdAt),
                \(call.ringsUntil), \(call.endedAt))
            """)
    }

    /// - Returns: false when another change came first.
    static func update(_ call: CallRecord, from state: CallRecord.State, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            UPDATE calls SET state = \(call.state.rawValue), answered_at = \(call.answeredAt), ended_at = \(call.endedAt),
                ended_by = \(call.endedBy)
            WHERE id = \(call.id) AND state = \(state.rawValue)
            """) == 1
    }
}
