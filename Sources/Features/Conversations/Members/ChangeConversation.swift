internal import Database
internal import Kernel
internal import Sanctions
internal import Web

extension ConversationsFeature {
    /// `PATCH /conversations/{id}`: a group's name and picture, by any member; a channel, with `channels.manage` there.
    func updateConversation(_ call: Call) async throws -> Reply {
        let body = try call.body()
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let access = try reader.access(reference, locked: true, in: transaction)
            try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
            guard access.record.kind == .group else {
                if access.record.isChannel { return try updateChannel(call, body, access, reader, at: now, in: transaction) }
                throw ConversationLimits.notAGroup
            }
            try access.require(.chatWrite)
            var input = try Input(body)
            var record = access.record
            if input.has("name") { record.name = input.name("name", length: 1...100) }
            if input.has("icon_url") { record.iconURL = input.icon("icon_url", length: 1...500) }
            try input.finish()
            try call.checkIfMatch(version: record.version)
            if (record.name, record.iconURL) != (access.record.name, access.record.iconURL) {
                try checkNames(of: record, insteadOf: access.record, by: reader, in: transaction)
                try spendLine(of: reader, in: record)
                record.version += 1
                try transaction.execute(
                    """
                    UPDATE conversations SET name = \(record.name), icon_url = \(record.iconURL), version = \(record.version)
                    WHERE id = \(record.id)
                    """)
                try tellUpdated(record, scope: reader.scope, at: now, in: transaction)
                let line =
                    record.name == access.record.name
                    ? SystemLine(.iconChanged, by: reader.user) : SystemLine(.renamed, by: reader.user, name: record.name)
                record = try say(line, in: record, scope: reader.scope, at: now, transaction)
            }
            let changed = ConversationAccess(record: record, permissions: access.permissions)
            return .json(200, try conversations.view(changed, for: reader, at: now, in: transaction)).tagged(version: record.version)
        }
    }

    func tellUpdated(
        _ record: ConversationRecord, joining: [UserID] = [], leaving: [UserID] = [], scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws {
        let view = try conversations.shared(record, at: now, in: transaction)
        events.tell(
            "conversation.updated", in: record, ["conversation": .object(view)], joining: joining, leaving: leaving, scope: scope, at: now,
            transaction)
    }

    /// `PATCH /conversations/{id}/settings`: the reader's notifications of it.
    func changeSettings(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let notify = input.choice("notify", NotifyLevel.self)
        let changesEnd = input.has("muted_until")
        let end = input.time("muted_until")
        try input.finish()
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let access = try reader.access(reference, in: transaction)
            try transaction.execute(
                """
                INSERT INTO read_states (user_id, conversation_id, read_seq) VALUES (\(reader.user), \(access.id), \(access.record.lastSeq))
                ON CONFLICT (user_id, conversation_id) DO NOTHING
                """)
            if let notify {
                try transaction.execute(
                    """
                    UPDATE read_states SET notify = \(notify.rawValue)
                    WHERE user_id = \(reader.user) AND conversation_id = \(access.id)
                    """)
            }
            if changesEnd {
                try transaction.execute(
                    "UPDATE read_states SET muted_until = \(end) WHERE user_id = \(reader.user) AND conversation_id = \(access.id)")
            }
            let state = try reader.state(in: access.id, transaction)
            let members: JSONObject = [
                "id": JSON(access.id), "notify": .string(state.notify), "muted_until": JSON(state.mutedUntil),
            ]
            events.tellSelf(
                "conversation.updated", reader.user, ["conversation": .object(members)], scope: reader.scope, at: now, transaction)
            return .json(200, .object(members))
        }
    }
}

/// Which messages of a conversation cause notifications.
enum NotifyLevel: String, Sendable, CaseIterable { case all, mentions, nothing }
