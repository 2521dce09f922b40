internal import Database
internal import Kernel
internal import Sanctions
internal import Web

extension ConversationsFeature {
    /// `PUT` and `DELETE /messages/{id}/reactions/{emoji}`; what changes nothing tells nobody.
    func changeReaction(_ call: Call, add: Bool) async throws -> Reply {
        guard let emoji = ReactionEmoji(call.parameter("emoji")) else {
            throw Problem.invalid("/emoji", "invalid", LocalizedText(en: "One emoji is expected.", fr: "Un émoji est attendu."))
        }
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let (message, access) = try reader.message(reference, locked: true, in: transaction)
            let isChanged: Bool
            if add {
                try access.require(.chatWrite)
                try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
                guard !message.isDeleted else { throw ConversationLimits.isDeleted }
                if try !ReactionTable.contains(emoji, on: message.id, in: transaction),
                    try ReactionTable.count(of: message.id, in: transaction) >= ReactionEmoji.maximumOnMessage
                {
                    throw ConversationLimits.tooManyEmojis
                }
                isChanged = try ReactionTable.add(emoji, by: reader.user, to: message.id, at: now, in: transaction)
            } else {
                isChanged = try ReactionTable.remove(emoji.key, by: reader.user, from: message.id, in: transaction)
            }
            if isChanged {
                let change: JSON = ["user_id": JSON(reader.user), "emoji": .string(emoji.shown), "added": .bool(add)]
                try tellReactions(message, change, in: access.record, scope: reader.scope, at: now, transaction)
            }
            let shown = try ReactionTable.shown(of: [message.id], for: reader.user, in: transaction)
            return .json(200, ["reactions": .array(shown[message.id] ?? [])])
        }
    }

    /// Says how many of each there are now, not what changed.
    private func tellReactions(
        _ message: MessageRecord, _ change: JSON, in record: ConversationRecord, scope: Scope, at now: Timestamp, _ transaction: Transaction
    ) throws {
        let row = try transaction.row(
            """
            UPDATE messages SET reaction_version = reaction_version + 1
            WHERE conversation_id = \(message.conversation) AND seq = \(message.seq) RETURNING reaction_version
            """)
        events.tell(
            "reaction.changed", in: record,
            [
                "message_id": JSON(message.id), "conversation_id": JSON(message.conversation),
                "reactions": try ReactionTable.told(of: message.id, in: transaction), "version": JSON(row?.int64(0)), "change": change,
            ], scope: scope, at: now, transaction)
    }
}
