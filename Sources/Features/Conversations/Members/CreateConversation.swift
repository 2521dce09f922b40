internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

extension ConversationsFeature {
    /// `POST /conversations`: the one direct conversation of two people, or a new group.
    func createConversation(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let references = input.strings("members", count: 1...ConversationLimits.members, required: true)
        let name = input.name("name", length: 1...100)
        try input.finish()
        let wanted = try input.required(references)
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await call.mutate(database) { transaction in
            if let name {
                try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
                try sanctions.filters.check([("/name", name)], by: reader.user, scope: reader.scope, in: transaction)
            }
            let others = try people(wanted, of: reader, in: transaction)
            guard !others.isEmpty else {
                throw Problem.invalid(
                    "/members", "self", LocalizedText(en: "Name somebody else.", fr: "Indiquez une autre personne."))
            }
            let (record, isNew) =
                if others.count == 1 && name == nil {
                    try direct(reader.user, others[0], scope: reader.scope, at: now, in: transaction)
                } else {
                    (try group(name, reader.user, others, scope: reader.scope, at: now, in: transaction), true)
                }
            if !isNew { try reopen(record, for: reader.user, in: transaction) }
            let access = ConversationAccess(record: record, permissions: reader.memberRights(in: record))
            return .json(isNew ? 201 : 200, try conversations.view(access, for: reader, at: now, in: transaction))
        }
    }

    /// The people that some references name, each once, without the reader.
    ///
    /// - Throws: 422 at the reference that names nobody.
    func people(_ references: [String], of reader: ConversationReader, in transaction: Transaction) throws -> [UserID] {
        var people: [UserID] = []
        for (index, reference) in references.enumerated() {
            do {
                let user = try directory.resolve(reference, scope: reader.scope, in: transaction)
                if user != reader.user, !people.contains(user) { people.append(user) }
            } catch let problem as Problem where problem.status == 404 {
                throw ConversationLimits.unknownUser("/members/\(index)")
            }
        }
        return people
    }

    /// The key of the pair is unique: of two requests at the same time the second gets the conversation of the first.
    ///
    /// - Parameter asks: whether the other's privacy about messages is asked.
    func direct(_ one: UserID, _ other: UserID, asks: Bool = true, scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> (ConversationRecord, isNew: Bool)
    {
        let key = "\(min(one, other).rawValue):\(max(one, other).rawValue)"
        func find() throws -> ConversationRecord? {
            try transaction.row("SELECT \(sql: ConversationRecord.columns) FROM conversations WHERE direct_key = \(key)").map {
                ConversationRecord($0)
            }
        }
        if let found = try find() { return (found, false) }
        if asks { try requireMayWrite(one, to: [other], in: transaction) }
        try budgets.spendConversation(of: one, withStranger: !friendships.areFriends(one, other, in: transaction))
        let record = ConversationRecord(ids.next(), .direct, at: now)
        let isNew = try insert(record, directKey: key, in: transaction)
        guard isNew else {
            guard let found = try find() else { throw DatabaseError.retry }
            return (found, false)
        }
        try begin(record, with: [one, other], scope: scope, at: now, in: transaction)
        return (record, true)
    }

    private func group(
        _ name: String?, _ owner: UserID, _ others: [UserID], scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> ConversationRecord {
        guard others.count < ConversationLimits.members else { throw ConversationLimits.tooManyMembers }
        try requireMayWrite(owner, to: others, in: transaction)
        try budgets.spendConversation(of: owner, withStranger: false)
        var record = ConversationRecord(ids.next(), .group, at: now)
        (record.name, record.ownerID) = (name, owner)
        _ = try insert(record, directKey: nil, in: transaction)
        try begin(record, with: [owner] + others, scope: scope, at: now, in: transaction)
        return try say(SystemLine(.groupCreated, by: owner, name: name), in: record, scope: scope, at: now, transaction)
    }

    private func begin(_ record: ConversationRecord, with people: [UserID], scope: Scope, at now: Timestamp, in transaction: Transaction)
        throws
    {
        _ = try MemberTable.add(people, to: record.id, readSeq: 0, at: now, in: transaction)
        let view = try conversations.shared(record, at: now, in: transaction)
        events.tell(
            "conversation.created", in: record, ["conversation": .object(view)], joining: people, scope: scope, at: now, transaction)
    }

    /// - Throws: 403 if one of the people does not let the writer write to them, without the reason.
    func requireMayWrite(_ writer: UserID, to people: [UserID], in transaction: Transaction) throws {
        for person in people where try !friendships.mayWrite(from: writer, to: person, in: transaction) {
            throw FriendProblems.notAllowed
        }
    }

    /// Edits, reactions and pins reach the other person of a direct conversation as messages do.
    ///
    /// - Returns: the other people of a direct conversation; empty for a group or a channel.
    /// - Throws: 403 in a direct conversation whose other person does not let the writer write to them.
    @discardableResult
    func requireMayWrite(_ writer: UserID, in record: ConversationRecord, _ transaction: Transaction) throws -> [UserID] {
        guard record.kind == .direct else { return [] }
        let others = try MemberTable.members(of: record.id, in: transaction).filter { $0 != writer }
        try requireMayWrite(writer, to: others, in: transaction)
        return others
    }

    /// - Returns: false when the pair has its conversation already.
    func insert(_ record: ConversationRecord, directKey: String?, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            INSERT INTO conversations (id, kind, direct_key, name, topic, icon_url, owner_id, category_id, visibility, slow_mode_s, read_only,
                announcement, place, last_seq, last_message_id, created_at, version)
            VALUES (\(record.id), \(record.kind.rawValue), \(directKey), \(record.name), \(record.topic), \(record.iconURL),
                \(record.ownerID), \(record.categoryID), \(record.visibility.rawValue), \(record.slowMode), \(record.isReadOnly),
                \(record.isAnnouncement), \(record.place), 0, \(record.lastMessageID), \(record.createdAt), 1)
            ON CONFLICT (direct_key) DO NOTHING
            """) == 1
    }

    /// Puts a closed direct conversation on the list again.
    private func reopen(_ record: ConversationRecord, for user: UserID, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE read_states SET closed_seq = NULL
            WHERE user_id = \(user) AND conversation_id = \(record.id) AND closed_seq IS NOT NULL
            """)
    }
}

extension ConversationReader {
    /// The rights of a member of a direct or group conversation.
    func memberRights(in record: ConversationRecord) -> PermissionSet {
        var rights = scope.permissions.intersection(PermissionSet([.chatRead, .chatWrite]))
        guard rights.contains(.chatRead) else { return PermissionSet() }
        // Any member of a group may mention everyone.
        if record.kind == .group, rights.contains(.chatWrite) { rights.insert(.chatMentionEveryone) }
        return rights
    }
}
