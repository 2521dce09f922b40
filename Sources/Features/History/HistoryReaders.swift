package import Bus
internal import Database
internal import Directory
internal import Friends
package import Kernel
package import Realtime
internal import Synchronization

/// Who may follow whose history, for the gateway, which asks it without a database.
///
/// Each question is prepared with the rights of its moment: the gateway prepares again whenever rights change.
final class HistoryReaders: Sendable {
    private struct Question: Hashable {
        let reader: UserID
        let person: UserID
        /// Whether they see everybody.
        let seesAll: Bool
    }

    private let answers = Mutex<[Question: Bool]>([:])
    private static let limit = 200_000

    /// - Throws: 404 for a history that this reader may not follow.
    func check(_ scope: Scope, _ argument: String) throws(Problem) {
        guard let question = try Self.question(scope, argument), answers.withLock({ $0[question] }) == true else { throw .notFound }
    }

    func prepare(_ scope: Scope, _ argument: String, _ feature: HistoryFeature) async throws {
        guard let question = try Self.question(scope, argument) else { return }
        let answer = try await feature.database.read { transaction in
            do {
                _ = try feature.admit(scope, to: argument, in: transaction)
                return true
            } catch let problem as Problem where problem.status == 404 || problem.status == 403 {
                return false
            }
        }
        answers.withLock { answers in
            if answers.count >= Self.limit, answers[question] == nil { answers = [:] }
            answers[question] = answer
        }
    }

    /// A committed event of friends, blocks or privacy, on any node.
    ///
    /// - Returns: those who are to be asked again.
    func observe(_ record: OutboxRecord) -> Set<UserID> {
        guard let user = record.recipients.first else { return [] }
        let other = record.members["user_id"]?.string.flatMap { UserID(uuid: $0) }
        switch record.type {
        case "privacy.updated":
            return answers.withLock { answers in Set(answers.filter { $0.key.person == user && $0.value }.map(\.key.reader)) }
        case "block.changed", "friend.removed":
            return other.map { [$0] } ?? []
        default: return []
        }
    }

    private static func question(_ scope: Scope, _ argument: String) throws(Problem) -> Question? {
        let reader = try scope.requireUser()
        return UserID(uuid: argument).map { Question(reader: reader, person: $0, seesAll: scope.can(.usersRead)) }
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
    /// - Returns: those whose subscriptions are to be asked for again.
    package func observe(_ record: OutboxRecord) -> Set<UserID> { readers.observe(record) }
}
