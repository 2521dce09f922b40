internal import Database
internal import Kernel

/// One row of `voice_sessions`: a device in a call.
struct VoiceSession: Sendable {
    let id: RowID
    let call: RowID
    let conversation: ConversationID
    let user: UserID
    /// The session or the API key of the device.
    let device: SessionID
    let startedAt: Timestamp
    /// When the call was answered; nil while it rings.
    var joinedAt: Timestamp?
    var leftAt: Timestamp?
    var packetsLost: Int64 = 0
    var packetsReceived: Int64 = 0
    var jitterTotal: Int64 = 0
    var roundTripTotal: Int64 = 0
    var samples: Int64 = 0

    init(_ id: RowID, in call: CallRecord, of user: UserID, on device: SessionID, at now: Timestamp, joinedAt: Timestamp?) {
        (self.id, self.call, conversation) = (id, call.id, call.conversation)
        (self.user, self.device, startedAt, self.joinedAt) = (user, device, now, joinedAt)
    }

    static let columns: SQL = """
        voice_sessions.id, voice_sessions.call_id, voice_sessions.conversation_id, voice_sessions.user_id, voice_sessions.session_id,
        voice_sessions.started_at, voice_sessions.joined_at, voice_sessions.left_at, voice_sessions.packets_lost,
        voice_sessions.packets_received, voice_sessions.jitter_total_ms, voice_sessions.round_trip_total_ms, voice_sessions.samples
        """

    init(_ row: Row) {
        (id, call, conversation, user, device) = (row.id(0), row.id(1), row.id(2), row.id(3), row.id(4))
        (startedAt, joinedAt, leftAt) = (row.time(5), row.optionalTime(6), row.optionalTime(7))
        (packetsLost, packetsReceived, jitterTotal) = (row.int64(8), row.int64(9), row.int64(10))
        (roundTripTotal, samples) = (row.int64(11), row.int64(12))
    }

    /// The topic of signals to this device.
    var topic: String { Self.topic(of: device) }

    static func topic(of device: SessionID) -> String { "voice:\(device.uuid)" }
}

/// What a device measured of the media that it receives.
struct CallQuality: Sendable {
    /// Totals since the device joined.
    let packetsLost: Int64
    let packetsReceived: Int64
    /// Of this moment, in milliseconds.
    let jitter: Int64
    let roundTrip: Int64
}

/// The statements on `voice_sessions`.
enum VoiceSessionTable {
    static func session(_ id: RowID, in transaction: Transaction) throws -> VoiceSession? {
        try transaction.row("SELECT \(sql: VoiceSession.columns) FROM voice_sessions WHERE id = \(id)").map { VoiceSession($0) }
    }

    /// The devices that are in some calls.
    static func live(in calls: [RowID], _ transaction: Transaction) throws -> [VoiceSession] {
        try transaction.rows(
            """
            SELECT \(sql: VoiceSession.columns) FROM voice_sessions
            WHERE left_at IS NULL AND call_id IN (SELECT value FROM json_each(\(ids: calls))) ORDER BY id
            """
        ).map { VoiceSession($0) }
    }

    static func live(of user: UserID, in transaction: Transaction) throws -> VoiceSession? {
        try transaction.row("SELECT \(sql: VoiceSession.columns) FROM voice_sessions WHERE user_id = \(user) AND left_at IS NULL").map {
            VoiceSession($0)
        }
    }

    static func insert(_ session: VoiceSession, leaseUntil: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO voice_sessions (id, call_id, conversation_id, user_id, session_id, started_at, joined_at, lease_until)
            VALUES (\(session.id), \(session.call), \(session.conversation), \(session.user), \(session.device), \(session.startedAt),
                \(session.joinedAt), \(leaseUntil))
            """)
    }

    /// The call was answered.
    static func join(_ call: RowID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("UPDATE voice_sessions SET joined_at = \(now) WHERE call_id = \(call) AND left_at IS NULL")
    }

    /// A device says that it is there, from now on by renewals alone.
    ///
    /// - Returns: false when it has left.
    static func renew(_ id: RowID, until: Timestamp, _ quality: CallQuality?, in transaction: Transaction) throws -> Bool {
        guard let quality else {
            return try transaction.execute(
                "UPDATE voice_sessions SET lease_until = \(until), renews = TRUE WHERE id = \(id) AND left_at IS NULL") == 1
        }
        return try transaction.execute(
            """
            UPDATE voice_sessions SET lease_until = \(until), renews = TRUE, packets_lost = \(quality.packetsLost),
                packets_received = \(quality.packetsReceived), jitter_total_ms = jitter_total_ms + \(quality.jitter),
                round_trip_total_ms = round_trip_total_ms + \(quality.roundTrip), samples = samples + 1
            WHERE id = \(id) AND left_at IS NULL
            """) == 1
    }

    /// Devices that have never renewed: their open connections hold them.
    static func heldBySockets(in transaction: Transaction) throws -> [(id: RowID, device: SessionID)] {
        try transaction.rows("SELECT id, session_id FROM voice_sessions WHERE left_at IS NULL AND renews = FALSE").map {
            ($0.id(0), $0.id(1))
        }
    }

    static func hold(_ ids: [RowID], until: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE voice_sessions SET lease_until = \(until)
            WHERE left_at IS NULL AND renews = FALSE AND id IN (SELECT value FROM json_each(\(ids: ids)))
            """)
    }

    /// Everybody leaves; nothing stays of devices that nobody talked to.
    static func leave(_ call: RowID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM voice_sessions WHERE call_id = \(call) AND joined_at IS NULL")
        try transaction.execute("UPDATE voice_sessions SET left_at = \(now) WHERE call_id = \(call) AND left_at IS NULL")
    }

    static func page(of user: UserID, isLive: Bool?, before: RowID, limit: Int, in transaction: Transaction) throws -> [VoiceSession] {
        let state: SQL = isLive.map { $0 ? "AND left_at IS NULL" : "AND left_at IS NOT NULL" } ?? ""
        return try transaction.rows(
            """
            SELECT \(sql: VoiceSession.columns) FROM voice_sessions
            WHERE user_id = \(user) AND id < \(before) AND joined_at IS NOT NULL \(sql: state) ORDER BY id DESC LIMIT \(limit)
            """
        ).map { VoiceSession($0) }
    }

    static func count(of user: UserID, isLive: Bool?, in transaction: Transaction) throws -> Int {
        let state: SQL = isLive.map { $0 ? "AND left_at IS NULL" : "AND left_at IS NOT NULL" } ?? ""
        return try transaction.row(
            "SELECT COUNT(*) FROM voice_sessions WHERE user_id = \(user) AND joined_at IS NOT NULL \(sql: state)")?.int(0) ?? 0
    }
}
