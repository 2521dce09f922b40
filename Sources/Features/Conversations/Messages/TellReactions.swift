internal import Bus
internal import Database
internal import Jobs
internal import Kernel

/// Announces the reactions of a message: the first at once, further ones twice a second at most.
///
/// A delayed announcement is a job in the transaction that changed the reactions, so that a crash does not lose it.
extension ConversationsFeature {
    static let reactionsJob = "conversations.reactions"
    /// Milliseconds between two events of one message.
    static let reactionPause: Int64 = 500

    /// - Parameters:
    ///   - change: who reacted with what.
    ///   - toldAt: when the reactions of the message were last announced.
    func noteReaction(
        to message: MessageRecord, _ change: JSON, _ toldAt: Timestamp, in record: ConversationRecord, scope: Scope, at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let next = toldAt.adding(milliseconds: Self.reactionPause)
        guard now < next else {
            // Includes delayed reactions whose job has not run yet.
            let added = try ReactionTable.added(to: message, since: toldAt, in: transaction)
            return try tellReactions(
                message, added.isNull ? change : added, in: record, requestID: scope.requestID, at: now, transaction)
        }
        let payload: JSON = ["message_id": JSON(message.id), "request_id": .string(scope.requestID)]
        try transaction.enqueue(Self.reactionsJob, key: message.id.uuid, at: next, payload: payload, on: queue)
    }

    /// When the reactions were last announced; 0 for never, and for a time in the future.
    func toldAt(_ message: MessageRecord, in transaction: Transaction) throws -> Timestamp {
        let row = try transaction.row(
            "SELECT reactions_told_at FROM messages WHERE conversation_id = \(message.conversation) AND seq = \(message.seq)")
        let time = row?.time(0) ?? Timestamp(milliseconds: 0)
        // A time in the future means that a clock was set back.
        return time > clock.now().adding(milliseconds: 10_000) ? Timestamp(milliseconds: 0) : time
    }

    /// Sends the counts of this moment; `change` only says what caused the event.
    private func tellReactions(
        _ message: MessageRecord, _ change: JSON, in record: ConversationRecord, requestID: String, at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let row = try transaction.row(
            """
            UPDATE messages SET reaction_version = reaction_version + 1, reactions_told_at = \(now)
            WHERE conversation_id = \(message.conversation) AND seq = \(message.seq) RETURNING reaction_version
            """)
        var scope = Scope()
        scope.requestID = requestID
        events.tell(
            "reaction.changed", in: record,
            [
                "message_id": JSON(message.id), "conversation_id": JSON(message.conversation),
                "reactions": try ReactionTable.told(of: message.id, in: transaction), "version": JSON(row?.int64(0)), "change": change,
            ], scope: scope, at: now, transaction)
    }

    var reactionsKind: JobKind {
        JobKind(transactional: Self.reactionsJob) { job, transaction in
            guard let id = job.payload["message_id"]?.string.flatMap({ MessageID(uuid: $0) }),
                let message = try MessageTable.message(id, locked: true, in: transaction), !message.isDeleted,
                let record = try conversation(message.conversation, in: transaction)
            else { return .done }
            let change = try ReactionTable.added(to: message, since: try toldAt(message, in: transaction), in: transaction)
            let requestID = job.payload["request_id"]?.string ?? ""
            try tellReactions(message, change, in: record, requestID: requestID, at: clock.now(), transaction)
            return .done
        }
    }
}
