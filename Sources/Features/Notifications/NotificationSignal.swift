internal import Bus
internal import Database
internal import Kernel

/// Sends a change of the centre to the person's devices, with the number of unread notifications.
///
/// The number is counted under the lock that orders events, so that the last event holds the last number.
struct NotificationSignal: DeferredWrite {
    let user: UserID
    let type: String
    /// Without `unread`.
    let members: JSONObject
    let requestID: String
    let at: Timestamp
    let cipher: any EventCipher

    static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws {
        try OutboxEvent.lockOrder(in: transaction)
        var counts: [UserID: Int] = [:]
        for case let signal as NotificationSignal in writes {
            let unread = try counts[signal.user] ?? count(of: signal.user, in: transaction)
            counts[signal.user] = unread
            var members = signal.members
            members.append("unread", JSON(unread))
            transaction.atCommit(
                OutboxEvent(signal.type, to: [.users([signal.user])], members: members, requestID: signal.requestID, at: signal.at)
                    .sealed(by: signal.cipher))
        }
    }

    private static func count(of user: UserID, in transaction: Transaction) throws -> Int {
        let unread = try NotificationTable.count(of: user, unreadOnly: true, in: transaction)
        guard unread > NotificationTable.unreadLimit else { return unread }
        try NotificationTable.trim(user, in: transaction)
        return NotificationTable.unreadLimit
    }
}
