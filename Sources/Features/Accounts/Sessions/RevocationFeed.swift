internal import Database
internal import Kernel
internal import Synchronization

/// The sessions that ended while a token or a cached cookie of theirs could still be good.
///
/// Revocations of this process are put in at once, those of other nodes within the polling interval. Memory holds a quarter of an hour: longer than any token
/// lasts and than any cookie is believed without asking the database.
final class RevocationFeed: Sendable {
    static let retention: Int64 = 15 * 60 * 1000
    static let pollMilliseconds = 500
    /// How long the database may be out of reach before nobody is believed any more.
    static let patienceNanoseconds: UInt64 = 5_000_000_000

    private struct State {
        var revoked: [SessionID: Timestamp] = [:]
        /// A key's sockets may be ended more than once, and this process hears of its own revocations again.
        var told: Set<SessionRevocation> = []
        var lastSequence: Int64 = 0
        var isLoaded = false
        /// When the last of the regular polls answered; nil until they begin.
        var polledAt: UInt64?
    }

    private let state = Mutex(State())
    private let hooks = Mutex<[@Sendable (SessionRevocation) -> Void]>([])

    /// Called once a revocation and process, wherever it was made. Must not block.
    func onRevoked(_ hook: @escaping @Sendable (SessionRevocation) -> Void) { hooks.withLock { $0.append(hook) } }

    func isRevoked(_ session: SessionID) -> Bool { state.withLock { $0.revoked[session] != nil } }

    /// Whether what other nodes revoked may be unknown here.
    var isStale: Bool {
        state.withLock { state in
            guard let polledAt = state.polledAt else { return false }
            return monotonicNanoseconds() &- polledAt > Self.patienceNanoseconds
        }
    }

    /// Takes in what was committed; tells the hooks of what is new.
    func apply(_ revocations: [SessionRevocation]) {
        let fresh = state.withLock { state in
            revocations.filter {
                state.revoked[$0.sessionID] = $0.at
                return state.told.insert($0).inserted
            }
        }
        for revocation in fresh { for hook in hooks.withLock({ $0 }) { hook(revocation) } }
    }

    /// Reads what was revoked before this process began, unless that is known: nobody is believed before it is.
    func load(_ database: any Database, now: Timestamp) async throws {
        guard !state.withLock({ $0.isLoaded }) else { return }
        try await catchUp(database, now: now)
    }

    /// The regular look at what came since the last time, on this node or another.
    func poll(_ database: any Database, now: Timestamp) async throws {
        try await catchUp(database, now: now)
        state.withLock { $0.polledAt = monotonicNanoseconds() }
    }

    /// Takes in what was numbered since the last time.
    func catchUp(_ database: any Database, now: Timestamp) async throws {
        let last = state.withLock { $0.lastSequence }
        let oldest = now.adding(milliseconds: -Self.retention)
        let rows = try await database.read(.system) { transaction in
            try transaction.rows(
                """
                SELECT seq, session_id, user_id, reason, created_at FROM session_revocations
                WHERE seq > \(last) AND created_at > \(oldest) ORDER BY seq
                """)
        }
        apply(
            rows.map { row in
                SessionRevocation(
                    sessionID: row.id(1), userID: row.id(2), reason: SessionRevocation.Reason(rawValue: row.text(3)) ?? .revoked,
                    at: row.time(4))
            })
        state.withLock { state in
            state.lastSequence = max(state.lastSequence, rows.last?.int64(0) ?? 0)
            state.isLoaded = true
            if state.told.count > 1000 {
                state.revoked = state.revoked.filter { $0.value > oldest }
                state.told = state.told.filter { $0.at > oldest }
            }
        }
    }
}
