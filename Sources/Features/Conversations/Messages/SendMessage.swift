internal import Database
internal import Directory
internal import Files
internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// The body of a request to send a message.
struct MessageDraft: Sendable {
    let content: String
    /// Retries with the same key are one message.
    let key: String?
    let replyTo: String?
    /// Ids of files, in their order.
    let files: [String]

    init(_ body: JSON) throws(Problem) {
        var input = try Input(body)
        let given = input.strings("attachments", count: 0...FileLimits.perMessage) ?? []
        files = given.map { FileID(uuid: $0)?.uuid ?? $0 }
        let hasFiles = !files.isEmpty
        let content = input.string("content", length: (hasFiles ? 0 : 1)...ConversationLimits.content, required: !hasFiles)
        key = input.string("key", length: 1...255, trimmed: false)
        replyTo = input.string("reply_to", length: 1...100)
        try input.finish()
        self.content = hasFiles ? content ?? "" : try input.required(content)
    }
}

extension ConversationsFeature {
    /// `POST /conversations/{id}/messages`
    func sendMessage(_ call: Call) async throws -> Reply {
        let draft = try MessageDraft(try call.body())
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        do {
            return try await call.mutate(database) { transaction in
                let (message, isNew) = try send(draft, to: reference, as: reader, at: now, in: transaction)
                var view = try messages.view(message, for: reader.scope, at: now, in: transaction)
                if let key = draft.key { view.append("key", .string(key)) }
                return .json(isNew ? 201 : 200, .object(view))
            }
        } catch let error as DatabaseError where error.isUnique {
            // The same key at the same moment in another conversation.
            throw Self.keyReused
        }
    }

    private static let keyReused = Problem(
        422, "key_reused",
        LocalizedText(
            en: "This key stands for another message.", fr: "Cette clé désigne un autre message."))

    /// Locks the row of the conversation first: only one transaction at a time assigns the next place and id, after all earlier messages are committed.
    private func send(
        _ draft: MessageDraft, to reference: String, as reader: ConversationReader, at now: Timestamp, in transaction: Transaction
    ) throws -> (MessageRecord, isNew: Bool) {
        let access = try reader.access(reference, locked: true, in: transaction)
        try access.requireWrite()
        let replyTo = try draft.replyTo.map { try repliedMessage($0, in: access, transaction) }
        let key = draft.key.map(cipher.clientKey)
        let hash = cipher.contentHash(draft.content, replyTo: replyTo, files: draft.files, in: access.id)
        if let key, let sent = try MessageTable.keyed(key, by: reader.user, in: transaction) {
            guard sent.conversation == access.id, sent.contentHash == hash else { throw Self.keyReused }
            return (sent, false)
        }
        try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
        try requireOpen(access, at: now, in: transaction)
        let others = try requireMayWrite(reader.user, in: access.record, transaction)
        let amongFriends = try others.allSatisfy { try friendships.areFriends(reader.user, $0, in: transaction) }
        try budgets.spendMessage(of: reader.user, in: access.id, amongFriends: amongFriends)
        try requirePause(access, reader, at: now, in: transaction)
        let targets = try mentions(in: draft.content, access, reader, in: transaction)
        let hits = try filterHits(
            in: draft.content, targets, files: draft.files, access, isNew: true, scope: reader.scope, at: now, in: transaction)
        var message = try place(in: access, broadcasts: targets.everyone, by: reader.user, hash: hash, in: transaction)
        (message.targets, message.replyTo) = (targets, replyTo)
        message = try insert(message, draft.content, key, in: transaction)
        try files.attach(draft.files, to: message.id, by: reader.user, in: transaction)
        let unmoved = try friendships.blockers(among: targets.users, of: reader.user, in: transaction)
        try MessageTable.addMentions(message, except: unmoved, in: transaction)
        try index.add(draft.content, of: message, in: transaction)
        try clearDraft(of: reader, in: access.id, at: now, transaction)
        // Before the event: a message that a filter hides is never shown.
        message = try follow(hits, of: message, access, scope: reader.scope, in: transaction)
        var members: JSONObject = [
            "message": .object(try messages.view(message, for: Scope(), at: now, in: transaction))
        ]
        if let key = draft.key { members.append("key", .string(key)) }
        try tellMessage("message.created", members, in: access.record, scope: reader.scope, at: now, transaction)
        return (message, true)
    }

    /// - Throws: 403 `locked_down` in a channel that the team has locked.
    func requireOpen(_ access: ConversationAccess, at now: Timestamp, in transaction: Transaction) throws {
        guard access.record.isChannel else { return }
        let isTeam = access.can(.chatModerate) || access.can(.channelsManage)
        try sanctions.measures.requireOpen(access.id, isTeam: isTeam, at: now, in: transaction)
    }

    /// What the filters found in a message that they let through.
    ///
    /// - Throws: 422 `blocked_by_filter`.
    func filterHits(
        in content: String, _ targets: MessageTargets, files references: [String] = [], _ access: ConversationAccess, isNew: Bool,
        scope: Scope,
        at now: Timestamp, in transaction: Transaction
    ) throws -> [FilterHit] {
        let mentions = targets.users.count + targets.roles.count + (targets.everyone ? 1 : 0)
        let author = try scope.requireUser()
        let names = try files.names(of: references, by: author, in: transaction)
        let message = FilteredMessage(by: author, content, mentions: mentions, fileNames: names, at: now)
        return try sanctions.filters.check(
            message, in: access.record.isChannel ? access.id : nil, isNew: isNew, scope: scope, in: transaction)
    }

    /// - Returns: the message as it is then; a filter may have hidden it.
    func follow(_ hits: [FilterHit], of message: MessageRecord, _ access: ConversationAccess, scope: Scope, in transaction: Transaction)
        throws
        -> MessageRecord
    {
        guard !hits.isEmpty else { return message }
        try sanctions.filters.follow(
            hits, of: message.id, by: message.author, isPrivate: !access.record.isChannel, scope: scope, in: transaction)
        return try MessageTable.message(message.id, in: transaction) ?? message
    }

    private func repliedMessage(_ reference: String, in access: ConversationAccess, _ transaction: Transaction) throws -> MessageID {
        guard let id = MessageID(uuid: reference), let found = try MessageTable.message(id, in: transaction),
            found.conversation == access.id, found.kind != MessageRecord.systemKind
        else { throw ConversationLimits.unknownMessage("/reply_to") }
        return id
    }

    /// Assigns the next place and id in one statement that locks the row until COMMIT: ids grow in the order of commits, places have no gap.
    func place(
        in access: ConversationAccess, broadcasts: Bool, by author: UserID, hash: [UInt8], in transaction: Transaction
    ) throws -> MessageRecord {
        let larger: SQL = transaction.dialect == .postgres ? "greatest" : "max"
        let row = try transaction.row(
            """
            UPDATE conversations SET last_seq = last_seq + 1, broadcast_count = broadcast_count + \(broadcasts ? 1 : 0),
                last_message_id = \(sql: larger)(last_message_id + 1, \(ids.next(Message.self)))
            WHERE id = \(access.id) RETURNING last_message_id, last_seq
            """)
        guard let row else { throw Problem.notFound }
        return MessageRecord(row.id(0), row.int64(1), in: access.id, by: author, hash: hash)
    }

    /// Skips ids that other messages have: a node whose clock is ahead may have assigned them.
    func insert(_ message: MessageRecord, _ content: String, _ key: [UInt8]?, in transaction: Transaction) throws -> MessageRecord {
        var message = message
        for _ in 0..<100 {
            message.body = cipher.seal(content, of: message.id)
            if try MessageTable.insert(message, key: key, in: transaction) { return message }
            let row = try transaction.row(
                """
                UPDATE conversations SET last_message_id = last_message_id + 1 WHERE id = \(message.conversation)
                RETURNING last_message_id
                """)
            guard let row else { break }
            message = message.renumbered(row.id(0))
        }
        throw DatabaseError.retry
    }

    /// - Throws: 429 with the remaining seconds of slow mode.
    private func requirePause(_ access: ConversationAccess, _ reader: ConversationReader, at now: Timestamp, in transaction: Transaction)
        throws
    {
        guard access.record.slowMode > 0, !access.can(.chatModerate), !access.can(.channelsManage) else { return }
        let indexed: SQL = transaction.dialect == .sqlite ? "INDEXED BY messages_author" : ""
        let row = try transaction.row(
            """
            SELECT id FROM messages \(sql: indexed) WHERE author_id = \(reader.user) AND conversation_id = \(access.id)
            ORDER BY seq DESC LIMIT 1
            """)
        guard let last: MessageID = row?.id(0) else { return }
        let wait = last.timestamp.milliseconds + access.record.slowMode * 1000 - now.milliseconds
        guard wait > 0 else { return }
        let seconds = Int((wait + 999) / 1000)
        throw Problem(
            429, "slow_mode",
            LocalizedText(
                en: "This channel is in slow mode. Write again in \(seconds) s.",
                fr: "Ce salon est en mode lent. Vous pourrez écrire dans \(seconds) s."), retryAfter: seconds)
    }

    /// The mentions in the text that its author may use and whose targets exist.
    func mentions(in content: String, _ access: ConversationAccess, _ reader: ConversationReader, in transaction: Transaction) throws
        -> MessageTargets
    {
        var targets = MentionParser.targets(in: content)
        guard !targets.isEmpty else { return targets }
        if access.record.isChannel {
            let known = Set(try directory.members(targets.users, in: transaction).filter { $0.deletedAt == nil }.map(\.id))
            targets.users.removeAll { !known.contains($0) }
        } else {
            let members = Set(try MemberTable.members(of: access.id, in: transaction))
            targets.users.removeAll { !members.contains($0) }
        }
        let mayCall = access.can(.chatMentionEveryone)
        targets.everyone = targets.everyone && mayCall
        let roles = access.record.isChannel && mayCall ? try RoleNames.live(targets.roles, in: transaction) : []
        targets.roles.removeAll { !roles.contains($0) }
        return targets
    }

    /// Sends an event to the readers of the conversation; in a channel with its numbers, from which `activity` is subtracted.
    func tellMessage(
        _ type: String, _ members: JSONObject, in record: ConversationRecord, scope: Scope, at now: Timestamp, _ transaction: Transaction
    ) throws {
        var members = members
        if record.isChannel {
            let row = try transaction.row(
                "SELECT last_seq, gap_count, broadcast_count FROM conversations WHERE id = \(record.id)")
            for (index, name) in ["last_seq", "gaps", "broadcasts"].enumerated() { members.append(name, JSON(row?.int64(index))) }
        }
        // The other devices of the author need it even when the channel is not on screen: it is not unread there.
        let own = record.isChannel && type == "message.created" ? scope.userID.map { [$0] } ?? [] : []
        events.tell(type, in: record, members, also: own, scope: scope, at: now, transaction)
    }
}

extension MessageRecord {
    /// The same message under another id.
    func renumbered(_ id: MessageID) -> MessageRecord {
        var message = MessageRecord(id, seq, in: conversation, by: author, hash: contentHash)
        (message.kind, message.targets, message.replyTo) = (kind, targets, replyTo)
        return message
    }
}
