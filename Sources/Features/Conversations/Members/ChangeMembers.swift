internal import Database
internal import Directory
internal import Kernel
internal import Notifications
internal import Realtime
internal import Web

extension ConversationsFeature {
    /// `PUT /conversations/{id}/members/{user}`: any member may add a person.
    func addMember(_ call: Call) async throws -> Reply {
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        let (reference, person) = (call.parameter("id"), call.parameter("user"))
        return try await call.mutate(database) { transaction in
            let access = try reader.access(reference, locked: true, in: transaction)
            guard access.record.kind == .group else { throw ConversationLimits.notAGroup }
            try access.require(.chatWrite)
            let user = try directory.resolve(person, scope: reader.scope, in: transaction)
            var record = access.record
            if try !MemberTable.contains(user, record.id, in: transaction) {
                let count = try MemberTable.members(of: record.id, in: transaction).count
                try requireMayWrite(reader.user, to: [user], in: transaction)
                try spendLine(of: reader, in: record)
                guard count < ConversationLimits.members else { throw ConversationLimits.tooManyMembers }
                _ = try MemberTable.add([user], to: record.id, readSeq: record.lastSeq, at: now, in: transaction)
                record = try bumped(record, in: transaction)
                let view = try conversations.shared(record, at: now, in: transaction)
                events.tellSelf("conversation.created", user, ["conversation": .object(view)], scope: reader.scope, at: now, transaction)
                try tellUpdated(record, joining: [user], scope: reader.scope, at: now, in: transaction)
                let line = SystemLine(.memberAdded, by: reader.user, to: user)
                record = try say(line, in: record, scope: reader.scope, at: now, transaction)
            }
            let changed = ConversationAccess(record: record, permissions: access.permissions)
            return .json(200, try conversations.view(changed, for: reader, at: now, in: transaction))
        }
    }

    /// `DELETE /conversations/{id}/members/{user}`: people remove themselves; the owner of the group removes others.
    func removeMember(_ call: Call) async throws -> Reply {
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        let (reference, person) = (call.parameter("id"), call.parameter("user"))
        return try await call.mutate(database) { transaction in
            let access = try reader.access(reference, locked: true, in: transaction)
            guard access.record.kind == .group else { throw ConversationLimits.notAGroup }
            let user = try directory.resolve(person, scope: reader.scope, includingDeleted: true, in: transaction)
            guard user == reader.user || access.record.ownerID == reader.user else { throw Self.notGroupOwner }
            guard try MemberTable.contains(user, access.id, in: transaction) else { throw Problem.notFound }
            try remove(user, from: access.record, scope: reader.scope, at: now, in: transaction)
            return .noContent
        }
    }

    private static let notGroupOwner = Problem.forbidden(
        "not_group_owner",
        LocalizedText(
            en: "Only the person who looks after the group removes others.",
            fr: "Seule la personne responsable du groupe en retire d’autres."))

    /// `DELETE /conversations/{id}`: closes a direct conversation, leaves a group, deletes a channel.
    func leaveConversation(_ call: Call) async throws -> Reply {
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let access = try reader.access(reference, locked: true, in: transaction)
            switch access.record.kind {
            case .direct:
                try transaction.execute(
                    """
                    UPDATE read_states SET closed_seq = \(access.record.lastSeq)
                    WHERE user_id = \(reader.user) AND conversation_id = \(access.id)
                    """)
                events.tellSelf(
                    "conversation.left", reader.user, ["conversation_id": JSON(access.id)], scope: reader.scope, at: now, transaction)
            case .group: try remove(reader.user, from: access.record, scope: reader.scope, at: now, in: transaction)
            case .channel: try deleteChannel(access, reader, at: now, in: transaction)
            }
            return .noContent
        }
    }

    /// Removes a person from a group. The owner is followed by the member who joined next; without members the group is deleted.
    func remove(_ user: UserID, from record: ConversationRecord, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        guard try MemberTable.remove(user, from: record.id, in: transaction) else { return }
        let rest = try MemberTable.members(of: record.id, in: transaction)
        var record = record
        if record.ownerID == user { record.ownerID = rest.first }
        if rest.isEmpty { record.deletedAt = now }
        record.version += 1
        try transaction.execute(
            """
            UPDATE conversations SET owner_id = \(record.ownerID), deleted_at = \(record.deletedAt), version = \(record.version)
            WHERE id = \(record.id)
            """)
        try tellUpdated(record, leaving: [user], scope: scope, at: now, in: transaction)
        if !rest.isEmpty {
            let wentAlone = scope.userID == nil || scope.userID == user
            let line = wentAlone ? SystemLine(.memberLeft, by: user) : SystemLine(.memberRemoved, by: scope.userID, to: user)
            if record.kind == .group { try say(line, in: record, scope: scope, at: now, transaction) }
        }
        events.tellSelf("conversation.left", user, ["conversation_id": JSON(record.id)], scope: scope, at: now, transaction)
        // A notification quotes messages that this person can no longer read.
        for kind in ["message.direct", "message.mention"] {
            let key = Self.notificationKey(kind, record.id)
            try centre.remove(groupKey: key, of: user, requestID: scope.requestID, in: transaction)
        }
        transaction.afterCommit { [gateway] in gateway.rightsChanged(users: [user]) }
    }

    private func bumped(_ record: ConversationRecord, in transaction: Transaction) throws -> ConversationRecord {
        var record = record
        record.version += 1
        try transaction.execute("UPDATE conversations SET version = \(record.version) WHERE id = \(record.id)")
        return record
    }
}
