internal import Database
internal import Kernel
internal import Web

extension ConversationsFeature {
    /// `PUT /conversations/{id}/read`: moves the reader's marker. Moving it back marks the messages after it as unread.
    func markRead(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let message = input.string("message_id", length: 1...100)
        let place = input.integer("seq", 0...Int64.max)
        if message == nil && place == nil || message != nil && place != nil {
            input.fail(
                "message_id", "required",
                LocalizedText(en: "Name the message, or its place.", fr: "Indiquez le message, ou sa place."))
        }
        try input.finish()
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let access = try reader.access(reference, in: transaction)
            let wanted = try message.map { try Self.place(of: $0, in: access.record, transaction) } ?? place ?? 0
            let seq = min(wanted, access.record.lastSeq)
            let changed = try transaction.execute(
                """
                INSERT INTO read_states (user_id, conversation_id, read_seq) VALUES (\(reader.user), \(access.id), \(seq))
                ON CONFLICT (user_id, conversation_id) DO UPDATE SET read_seq = excluded.read_seq
                WHERE read_states.read_seq <> excluded.read_seq
                """)
            try moveReceipt(to: seq, in: access, of: reader, at: now, transaction)
            let state = try reader.state(in: access.id, transaction)
            let read: JSONObject = [
                "read_seq": JSON(state.readSeq), "unread": JSON(state.unread), "mentions": .integer(state.mentions),
            ]
            if changed > 0 {
                var members: JSONObject = ["conversation_id": JSON(access.id)]
                for (name, value) in read { members.append(name, value) }
                events.tellSelf("read.updated", reader.user, members, scope: reader.scope, at: now, transaction)
            }
            return .json(200, .object(read))
        }
    }

    private static func place(of message: String, in record: ConversationRecord, _ transaction: Transaction) throws -> Int64 {
        guard let id = MessageID(uuid: message), let found = try MessageTable.message(id, in: transaction), found.conversation == record.id
        else { throw ConversationLimits.unknownMessage("/message_id") }
        return found.seq
    }
}
