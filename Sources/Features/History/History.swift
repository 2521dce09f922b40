package import Bus
package import Database
package import Kernel
internal import Synchronization

/// Writes people's actions into their histories, in the transaction of the action.
package final class History: Sendable {
    /// The names of targets of one kind. Targets that are gone, or that the reader may not see, are missing.
    package typealias Names = @Sendable (_ ids: [Int64], _ reader: Scope, Transaction) throws -> [Int64: String]

    private let ids: IDGenerator
    private let broker: any Broker
    private let names = Mutex<[String: Names]>([:])

    static let topicPrefix = "history:"

    package init(ids: IDGenerator, broker: any Broker) { (self.ids, self.broker) = (ids, broker) }

    /// Sets how the targets of a kind are named that another feature owns; once, before the first request.
    package func onNames(of kind: String, _ body: @escaping Names) { names.withLock { $0[kind] = body } }

    package func record(_ action: UserAction, at now: Timestamp, in transaction: Transaction) throws {
        try ActionTable.insert(action, id: ids.next(), at: now, in: transaction)
        guard !action.isPrivate else { return }
        // The event has no target: readers fetch the row, which is checked for each of them.
        let event = Event("history.changed", members: ["user_id": JSON(action.user), "action": .string(action.type)])
        transaction.afterCommit { [broker] in broker.publish([event], to: Self.topicPrefix + action.user.uuid) }
    }

    func names(of kind: String, _ ids: [Int64], for reader: Scope, in transaction: Transaction) throws -> [Int64: String] {
        guard !ids.isEmpty, let body = names.withLock({ $0[kind] }) else { return [:] }
        return try body(ids, reader, transaction)
    }
}
