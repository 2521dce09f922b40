internal import Kernel
internal import Synchronization

/// What sessions were subscribed to, for those who come back within some minutes: in memory, bounded.
final class ResumeStore: Sendable {
    struct Record: Sendable {
        let user: UserID?
        /// The one whose subscriptions these are: an older one of the same session, that ends late, changes nothing.
        let connection: ConnectionID
        var subscriptions: [GatewaySession.Subscription]
        /// Nil while the session is connected.
        var endedAt: Uptime?
    }

    private let records = Mutex<[String: Record]>([:])
    private let keep: Int64 = 5 * 60 * 1000
    private let limit = 100_000

    /// An unguessable name for a new session.
    func newSession() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// Makes a session a connection's own.
    func begin(_ session: String, user: UserID?, connection: ConnectionID, subscriptions: [GatewaySession.Subscription]) {
        records.withLock { records in
            if records[session] == nil && records.count >= limit { return }
            records[session] = Record(user: user, connection: connection, subscriptions: subscriptions, endedAt: nil)
        }
    }

    /// Keeps what a connection listens to now, so that it can be taken up even before its end is noticed.
    /// - Parameter endedAt: nil while the session is connected.
    func update(_ session: String, connection: ConnectionID, subscriptions: [GatewaySession.Subscription], endedAt: Uptime?) {
        records.withLock { records in
            guard records[session]?.connection == connection else { return }
            records[session]?.subscriptions = subscriptions
            records[session]?.endedAt = endedAt
        }
    }

    /// The record of a session of this person.
    func find(_ session: String, user: UserID?) -> Record? {
        records.withLock { records in
            guard let record = records[session], record.user == user else { return nil }
            return record
        }
    }

    func forget(_ session: String, connection: ConnectionID) {
        records.withLock { records in if records[session]?.connection == connection { records[session] = nil } }
    }

    func sweep(at now: Uptime) {
        records.withLock { records in
            records = records.filter { $0.value.endedAt.map { now < $0.adding(milliseconds: keep) } ?? true }
        }
    }
}
