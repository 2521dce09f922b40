internal import Kernel
internal import Synchronization

/// What sessions were subscribed to, for those who come back within some minutes: in memory, bounded.
final class ResumeStore: Sendable {
    struct Record: Sendable {
        let user: UserID?
        var subscriptions: [GatewaySession.Subscription]
        /// Nil while the session is connected.
        var endedAt: Timestamp?
    }

    private let records = Mutex<[String: Record]>([:])
    private let keep: Int64 = 5 * 60 * 1000
    private let limit = 100_000

    /// An unguessable name for a new session.
    func newSession() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// - Parameter endedAt: nil while the session is connected.
    func save(_ session: String, user: UserID?, subscriptions: [GatewaySession.Subscription], endedAt: Timestamp?) {
        records.withLock { records in
            if records[session] == nil && records.count >= limit { return }
            records[session] = Record(user: user, subscriptions: subscriptions, endedAt: endedAt)
        }
    }

    /// The record of a session of this person.
    func find(_ session: String, user: UserID?) -> Record? {
        records.withLock { records in
            guard let record = records[session], record.user == user else { return nil }
            return record
        }
    }

    func forget(_ session: String) { records.withLock { $0[session] = nil } }

    func sweep(at now: Timestamp) {
        records.withLock { records in
            records = records.filter { $0.value.endedAt.map { now < $0.adding(milliseconds: keep) } ?? true }
        }
    }
}
