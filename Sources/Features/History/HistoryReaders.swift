package import Bus
internal import Database
internal import Directory
internal import Friends
package import Kernel
package import Realtime
internal import Synchronization

/// Who may follow whose history, in memory, because the gateway checks subscriptions without a database.
///
/// `prepare` reads a grant from the database. The gateway prepares again whenever rights change.
final class HistoryReaders: Sendable {
    private struct Grant: Hashable {
        let reader: UserID
        let person: UserID
        /// Whether the reader had `users.read`: without it the grant is another one.
        let seesAll: Bool
    }

    /// Grants alone, no refusals: nobody fills this with made-up ids.
    private let grants = Mutex<Set<Grant>>([])
    private static let limit = 200_000

    /// - Throws: 404 for a history that this reader may not follow.
    func check(_ scope: Scope, _ argument: String) throws(Problem) {
        guard let grant = try Self.grant(scope, argument), grants.withLock({ $0.contains(grant) }) else { throw .notFound }
    }

    func prepare(_ scope: Scope, _ argument: String, _ feature: HistoryFeature) async throws {
        guard let grant = try Self.grant(scope, argument) else { return }
        let isGranted = try await feature.database.read { transaction in
            do {
                _ = try feature.admit(scope, to: argument, in: transaction)
                return true
            } catch let problem as Problem where problem.status == 404 || problem.status == 403 {
                return false
            }
        }
        grants.withLock { grants in
            if grants.count >= Self.limit { grants = [] }
            if isGranted { grants.insert(grant) } else { grants.remove(grant) }
        }
    }

    /// A committed event of friends, blocks or privacy, on any node.
    ///
    /// - Returns: the readers whose subscriptions the gateway checks again.
    func observe(_ record: OutboxRecord) -> Set<UserID> {
        guard let user = record.recipients.first else { return [] }
        let other = record.members["user_id"]?.string.flatMap { UserID(uuid: $0) }
        switch record.type {
        case "privacy.updated":
            return grants.withLock { grants in Set(grants.filter { $0.person == user }.map(\.reader)) }
        case "block.changed", "friend.removed":
            return other.map { [$0] } ?? []
        default: return []
        }
    }

    private static func grant(_ scope: Scope, _ argument: String) throws(Problem) -> Grant? {
        let reader = try scope.requireUser()
        return UserID(uuid: argument).map { Grant(reader: reader, person: $0, seesAll: scope.can(.usersRead)) }
    }
}

extension HistoryFeature {
    package var topics: [TopicRule] {
        [
            TopicRule(
                History.topicPrefix, durability: .volatile(), prepare: { try await readers.prepare($0, $1, self) },
                check: { scope, argument, _ throws(Problem) in try readers.check(scope, argument) })
        ]
    }

    /// A committed event, on every node.
    ///
    /// - Returns: the readers whose subscriptions the gateway checks again.
    package func observe(_ record: OutboxRecord) -> Set<UserID> { readers.observe(record) }
}
