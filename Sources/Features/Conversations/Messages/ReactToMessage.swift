internal import Database
internal import Kernel
internal import Sanctions
internal import Web

extension ConversationsFeature {
    /// `PUT` and `DELETE /messages/{id}/reactions/{emoji}`; a request that changes nothing causes no event.
    func changeReaction(_ call: Call, add: Bool) async throws -> Reply {
        guard let emoji = ReactionEmoji(call.parameter("emoji")) else {
            throw Problem.invalid("/emoji", "invalid", LocalizedText(en: "One emoji is expected.", fr: "Un émoji est attendu."))
        }
        let (reader, clock, reference) = (try await reader(call.scope), call.clock, call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let (message, access) = try reader.message(reference, locked: true, in: transaction)
            try budgets.spendReaction(of: reader.user)
            // The message is locked: a reaction that is added after an announcement has a later time than it.
            let toldAt = try toldAt(message, in: transaction)
            let now = max(clock.now(), toldAt.adding(milliseconds: 1))
            let isChanged: Bool
            if add {
                try access.require(.chatWrite)
                try requireMayWrite(reader.user, in: access.record, transaction)
                try message.requireWritten()
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
                let change: JSON = ["user_id": JSON(reader.user), "emoji": .string(emoji.shown), "added": .bool(add), "count": 1]
                try noteReaction(to: message, change, toldAt, in: access.record, scope: reader.scope, at: now, transaction)
            }
            let shown = try ReactionTable.shown(of: [message.id], for: reader.user, in: transaction)
            return .json(200, ["reactions": .array(shown[message.id] ?? [])])
        }
    }
}
