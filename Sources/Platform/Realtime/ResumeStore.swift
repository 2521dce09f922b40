internal import Kernel
internal import Synchronization

/// What sessions were subscribed to, for those who come back within some minutes: in memory, bounded in all and for each person.
final class ResumeStore: Sendable {
    struct Record: Sendable {
        let user: UserID?
        /// The one whose subscriptions these are: an older one of the same session, that ends late, changes nothing.
        let connection: ConnectionID
        var subscriptions: [GatewaySession.Subscription]
        /// Nil while the session is connected.
        var endedAt: Uptime?

        var watched: Int { subscriptions.reduce(0) { $0 + $1.filter.watchedCount } }
    }

    fileprivate struct State {
        var records: [String: Record] = [:]
        /// Each person's sessions that have ended, the oldest first.
        var ended: [UserID: [String]] = [:]
    }

    /// Of one person, kept after their end: sessions, and the people that their subscriptions name.
    static let (maximumEnded, maximumWatched) = (50, 20_000)

    private let state = Mutex(State())
    private let keep: Int64 = 5 * 60 * 1000
    private let limit = 100_000

    /// An unguessable name for a new session.
    func newSession() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// Makes a session a connection's own.
    func begin(_ session: String, user: UserID?, connection: ConnectionID, subscriptions: [GatewaySession.Subscription]) {
        state.withLock { state in
            if state.records[session] == nil && state.records.count >= limit { return }
            state.leave(session)
            state.records[session] = Record(user: user, connection: connection, subscriptions: subscriptions, endedAt: nil)
        }
    }

    /// Keeps what a connection listens to now, so that it can be taken up even before its end is noticed.
    /// - Parameter endedAt: nil while the session is connected.
    func update(_ session: String, connection: ConnectionID, subscriptions: [GatewaySession.Subscription], endedAt: Uptime?) {
        state.withLock { state in
            guard var record = state.records[session], record.connection == connection else { return }
            state.leave(session)
            (record.subscriptions, record.endedAt) = (subscriptions, endedAt)
            state.records[session] = record
            if endedAt != nil, let user = record.user { state.end(session, of: user) }
        }
    }

    /// The record of a session of this person.
    func find(_ session: String, user: UserID?) -> Record? {
        state.withLock { state in
            guard let record = state.records[session], record.user == user else { return nil }
            return record
        }
    }

    func forget(_ session: String, connection: ConnectionID) {
        state.withLock { state in
            guard state.records[session]?.connection == connection else { return }
            state.leave(session)
            state.records[session] = nil
        }
    }

    func sweep(at now: Uptime) {
        state.withLock { state in
            for (session, record) in state.records where record.endedAt.map({ now >= $0.adding(milliseconds: keep) }) ?? false {
                state.leave(session)
                state.records[session] = nil
            }
        }
    }
}

extension ResumeStore.State {
    /// The session is no longer among those that have ended.
    fileprivate mutating func leave(_ session: String) {
        guard let record = records[session], record.endedAt != nil, let user = record.user else { return }
        ended[user]?.removeAll { $0 == session }
        if ended[user]?.isEmpty ?? false { ended[user] = nil }
    }

    /// The session has ended; the oldest of the same person give way to it.
    fileprivate mutating func end(_ session: String, of user: UserID) {
        var names = (ended[user] ?? []) + [session]
        var watched = names.reduce(0) { $0 + (records[$1]?.watched ?? 0) }
        while names.count > ResumeStore.maximumEnded || watched > ResumeStore.maximumWatched, names.count > 1 {
            let oldest = names.removeFirst()
            watched -= records[oldest]?.watched ?? 0
            records[oldest] = nil
        }
        ended[user] = names
    }
}
