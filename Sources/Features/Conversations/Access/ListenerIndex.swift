internal import Database
internal import Kernel
internal import Synchronization

/// Which readers may subscribe to which conversations, in memory, since the gateway checks subscriptions without a database.
///
/// An entry is read from the database before each check; the gateway does so again whenever rights change.
final class ListenerIndex: Sendable {
    private struct Key: Hashable {
        let user: UserID
        let key: Int64
        let conversation: ConversationID
    }

    private let readable = Mutex<[Key: Bool]>([:])
    private let limit = 500_000

    func prepare(_ scope: Scope, _ argument: String, _ feature: ConversationsFeature) async throws {
        guard scope.can(.chatRead), let key = Self.key(scope, argument) else { return }
        let reader = try await feature.reader(scope)
        let isReadable = try await feature.database.read { transaction in
            do {
                _ = try reader.access(key.conversation, in: transaction)
                return true
            } catch let problem as Problem where problem.status == 404 {
                return false
            }
        }
        readable.withLock { readable in
            if readable.count >= limit, readable[key] == nil { readable = [:] }
            readable[key] = isReadable
        }
    }

    /// - Throws: 404 for what this reader may not read.
    func check(_ scope: Scope, _ argument: String) throws(Problem) {
        try scope.require(.chatRead)
        guard let key = Self.key(scope, argument), readable.withLock({ $0[key] }) == true else { throw .notFound }
    }

    private static func key(_ scope: Scope, _ argument: String) -> Key? {
        guard let user = scope.userID, let conversation = ConversationID(uuid: argument) else { return nil }
        return Key(user: user, key: scope.key?.id.rawValue ?? 0, conversation: conversation)
    }
}
