internal import Audit
internal import Authorization
internal import Database
internal import Kernel
internal import Roles
internal import Sanctions
internal import Web

extension ConversationsFeature {
    /// `POST /channels`
    func createChannel(_ call: Call) async throws -> Reply {
        let body = try call.body()
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await call.mutate(database) { transaction in
            try requireChannelsManage(reader, in: transaction)
            try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
            var input = try Input(body)
            var record = ConversationRecord(ids.next(), .channel, at: now)
            record.visibility = .public
            try ChannelInput.read(&input, into: &record, in: transaction)
            if record.name == nil { _ = input.name("name", length: 1...100, required: true) }
            _ = input.choice("kind", ChannelKind.self)
            let given = input.raw("overwrites")
            try input.finish()
            let count = try transaction.row("SELECT COUNT(*) FROM conversations WHERE deleted_at IS NULL AND kind = 'channel'")?.int(0) ?? 0
            guard count < ConversationLimits.channels else { throw ConversationLimits.tooManyChannels }
            try checkNames(of: record, insteadOf: nil, by: reader, in: transaction)
            _ = try insert(record, directKey: nil, in: transaction)
            try putOverwrites(given, of: record, by: reader, in: transaction)
            try audit.record(
                "channel.create", target: ("channel", record.id.uuid),
                payload: ["before": [:], "after": ["name": JSON(record.name), "visibility": .string(record.visibility.rawValue)]],
                result: .success, scope: reader.scope, in: transaction)
            events.channelsChanged(scope: reader.scope, at: now, transaction)
            let access = try reader.access(record.id, in: transaction)
            return .json(201, try conversations.view(access, for: reader, at: now, in: transaction)).tagged(version: record.version)
        }
    }

    /// Asks the filters about the name and the topic that are new.
    func checkNames(
        of record: ConversationRecord, insteadOf old: ConversationRecord?, by reader: ConversationReader, in transaction: Transaction
    ) throws {
        try sanctions.filters.check(
            [("/name", record.name == old?.name ? nil : record.name), ("/topic", record.topic == old?.topic ? nil : record.topic)],
            by: reader.user, scope: reader.scope, in: transaction)
    }

    /// Reads the rights again in the transaction, since they may have changed.
    func requireChannelsManage(_ reader: ConversationReader, in transaction: Transaction) throws {
        try reader.scope.require(.channelsManage)
        guard try roles.authorizer.rights(of: reader.user, in: transaction).can(.channelsManage) else {
            throw Problem.forbidden(.channelsManage)
        }
    }

    /// The creator of a private channel gets an allow overwrite. Nobody allows a right that they do not have.
    private func putOverwrites(_ given: JSON?, of record: ConversationRecord, by reader: ConversationReader, in transaction: Transaction)
        throws
    {
        let place = RowID(rawValue: record.id.rawValue)
        let own = reader.scope.permissions.intersection(ChannelRights.keys)
        if record.visibility == .private, !reader.scope.isOwner {
            let allow = ChannelOverwrite(target: .user(reader.user), allow: own, deny: PermissionSet())
            try OverwriteTable.put(allow, of: place, in: transaction)
        }
        guard let given, !given.isNull else { return }
        guard let list = given.array, list.count <= ConversationLimits.overwrites else {
            throw Problem.invalid(
                "/overwrites", "count",
                LocalizedText(
                    en: "A list of at most \(ConversationLimits.overwrites) is expected.",
                    fr: "Une liste d’au plus \(ConversationLimits.overwrites) éléments est attendue."))
        }
        for (index, element) in list.enumerated() {
            var input = try Input(element, at: "/overwrites/\(index)")
            let reference = input.string("target", length: 1...200, required: true)
            let (allow, deny) = OverwriteInput.read(&input)
            try input.finish()
            let target = try overwriteTarget(try input.required(reference), reader, pointer: "/overwrites/\(index)/target", in: transaction)
            let overwrite = ChannelOverwrite(target: target, allow: allow, deny: deny)
            try requireMaySet(overwrite, over: nil, holding: own, reader, in: transaction)
            try OverwriteTable.put(overwrite, of: place, in: transaction)
        }
    }
}

/// What `POST /channels` can make.
enum ChannelKind: String, Sendable, CaseIterable { case channel }
