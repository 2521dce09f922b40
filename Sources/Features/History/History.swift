package import Bus
package import Database
package import Kernel
internal import Synchronization

/// Writes what people do into their histories, in the transaction in which they do it.
package final class History: Sendable {
    /// What things of one kind are called, for one reader; those that are gone are absent.
    package typealias Names = @Sendable (_ ids: [Int64], _ language: Language, Transaction) throws -> [Int64: String]

    private let ids: IDGenerator
    private let broker: any Broker
    private let names = Mutex<[String: Names]>([:])

    static let topicPrefix = "history:"

    package init(ids: IDGenerator, broker: any Broker) { (self.ids, self.broker) = (ids, broker) }

    /// Names the things of a kind that another feature owns; set once, before the first request.
    package func onNames(of kind: String, _ body: @escaping Names) { names.withLock { $0[kind] = body } }

    package func record(_ action: UserAction, at now: Timestamp, in transaction: Transaction) throws {
        try ActionTable.insert(action, id: ids.next(), at: now, in: transaction)
        guard !action.isPrivate else { return }
        // What it was they read, as far as it is shown to them.
        let event = Event("history.changed", members: ["user_id": JSON(action.user), "action": .string(action.type)])
        transaction.afterCommit { [broker] in broker.publish([event], to: Self.topicPrefix + action.user.uuid) }
    }

    func names(of kind: String, _ ids: [Int64], _ language: Language, in transaction: Transaction) throws -> [Int64: String] {
        guard !ids.isEmpty, let body = names.withLock({ $0[kind] }) else { return [:] }
        return try body(ids, language, transaction)
    }
}
