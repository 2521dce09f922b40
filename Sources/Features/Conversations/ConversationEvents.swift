internal import Bus
internal import Database
internal import Kernel

/// The events of conversations, for their members and for people who have a channel on screen. Those with texts are encrypted in the outbox.
struct ConversationEvents: Sendable {
    let cipher: any EventCipher

    static func topic(of channel: ConversationID) -> String { "conversation:\(channel.uuid)" }

    /// Says only that the list of channels has changed: each client asks for the channels that its person may see.
    static let channelsTopic = "channels"

    /// To everybody who may read the conversation.
    ///
    /// - Parameter others: people who also get it on their own topics.
    func tell(
        _ type: String, in record: ConversationRecord, _ members: JSONObject, also others: [UserID] = [], joining: [UserID] = [],
        leaving: [UserID] = [],
        scope: Scope, at now: Timestamp, _ transaction: Transaction
    ) {
        let audience: [Audience] = [record.isChannel ? .topic(Self.topic(of: record.id)) : .members(of: record.id)]
        let membership =
            joining.isEmpty && leaving.isEmpty ? nil : MembershipChange(record.id, joining: joining, leaving: leaving)
        transaction.atCommit(
            OutboxEvent(
                type, to: others.isEmpty ? audience : audience + [.users(others)], members: members, membership: membership,
                requestID: scope.requestID, at: now
            )
            .sealed(by: cipher))
    }

    /// To the reader's own devices.
    func tellSelf(_ type: String, _ user: UserID, _ members: JSONObject, scope: Scope, at now: Timestamp, _ transaction: Transaction) {
        transaction.atCommit(
            OutboxEvent(type, to: [.users([user])], members: members, requestID: scope.requestID, at: now).sealed(by: cipher))
    }

    /// To some people's devices.
    func tell(_ type: String, _ users: [UserID], _ members: JSONObject, requestID: String, at now: Timestamp, _ transaction: Transaction) {
        guard !users.isEmpty else { return }
        transaction.atCommit(OutboxEvent(type, to: [.users(users)], members: members, requestID: requestID, at: now))
    }

    func channelsChanged(scope: Scope, at now: Timestamp, _ transaction: Transaction) {
        transaction.atCommit(
            OutboxEvent("channels.changed", topics: [Self.channelsTopic], members: [:], requestID: scope.requestID, at: now))
    }
}
