internal import Audit
internal import Database
internal import Kernel
internal import Web

extension ConversationsFeature {
    /// `PATCH /conversations/{id}` of a channel.
    func updateChannel(
        _ call: Call, _ body: JSON, _ access: ConversationAccess, _ reader: ConversationReader, at now: Timestamp,
        in transaction: Transaction
    ) throws -> Reply {
        try access.require(.channelsManage)
        var input = try Input(body)
        var record = access.record
        try ChannelInput.read(&input, into: &record, in: transaction)
        try input.finish()
        try call.checkIfMatch(version: record.version)
        try checkNames(of: record, insteadOf: access.record, by: reader, in: transaction)
        let difference = ChannelInput.difference(access.record, record)
        if !difference.isEmpty {
            record.version += 1
            try transaction.execute(
                """
                UPDATE conversations SET name = \(record.name), topic = \(record.topic), icon_url = \(record.iconURL),
                    category_id = \(record.categoryID), visibility = \(record.visibility.rawValue), slow_mode_s = \(record.slowMode),
                    read_only = \(record.isReadOnly), announcement = \(record.isAnnouncement), place = \(record.place),
                    version = \(record.version)
                WHERE id = \(record.id)
                """)
            try audit.record(
                "channel.update", target: ("channel", record.id.uuid), payload: .object(difference), result: .success, scope: reader.scope,
                in: transaction)
            try tellUpdated(record, scope: reader.scope, at: now, in: transaction)
            events.channelsChanged(scope: reader.scope, at: now, transaction)
        }
        let changed = try reader.access(record.id, in: transaction)
        return .json(200, try conversations.view(changed, for: reader, at: now, in: transaction)).tagged(version: record.version)
    }

    /// Marks the channel as deleted. Its messages stay in the table, and nobody can read them.
    func deleteChannel(_ access: ConversationAccess, _ reader: ConversationReader, at now: Timestamp, in transaction: Transaction) throws {
        try access.require(.channelsManage)
        try transaction.execute("UPDATE conversations SET deleted_at = \(now), version = version + 1 WHERE id = \(access.id)")
        try audit.record(
            "channel.delete", target: ("channel", access.id.uuid), payload: ["before": ["name": JSON(access.record.name)], "after": [:]],
            result: .success, scope: reader.scope, in: transaction)
        events.channelsChanged(scope: reader.scope, at: now, transaction)
    }
}

/// The fields of a channel in a request.
enum ChannelInput {
    /// Reads the given fields into the record.
    static func read(_ input: inout Input, into record: inout ConversationRecord, in transaction: Transaction) throws {
        if input.has("name") { record.name = input.name("name", length: 1...100, required: true) }
        if input.has("topic") { record.topic = input.string("topic", length: 0...1000).flatMap { $0.isEmpty ? nil : $0 } }
        if input.has("icon_url") { record.iconURL = input.icon("icon_url", length: 1...500) }
        if input.has("category_id") { record.categoryID = try category(&input, in: transaction) }
        record.visibility = input.choice("visibility", ConversationRecord.Visibility.self) ?? record.visibility
        record.slowMode = input.integer("slow_mode_s", ConversationLimits.slowMode) ?? record.slowMode
        record.isReadOnly = input.bool("read_only") ?? record.isReadOnly
        record.isAnnouncement = input.bool("announcement") ?? record.isAnnouncement
        record.place = input.integer("position", 0...1_000_000) ?? record.place
    }

    private static func category(_ input: inout Input, in transaction: Transaction) throws -> RowID? {
        guard let text = input.string("category_id", length: 1...100) else { return nil }
        if let id = RowID(uuid: text), try transaction.row("SELECT 1 FROM channel_categories WHERE id = \(id)") != nil { return id }
        input.fail(
            "category_id", "unknown_category",
            LocalizedText(en: "There is no such category.", fr: "Cette catégorie n’existe pas."))
        return nil
    }

    /// The changed fields before and after; empty without a change.
    static func difference(_ old: ConversationRecord, _ new: ConversationRecord) -> JSONObject {
        var (before, after) = (JSONObject(), JSONObject())
        for ((name, left), (_, right)) in zip(fields(old), fields(new)) where left != right {
            before.append(name, left)
            after.append(name, right)
        }
        return before.isEmpty ? [:] : ["before": .object(before), "after": .object(after)]
    }

    private static func fields(_ record: ConversationRecord) -> [(String, JSON)] {
        [
            ("name", JSON(record.name)), ("topic", JSON(record.topic)), ("icon_url", JSON(record.iconURL)),
            ("category_id", JSON(record.categoryID)), ("visibility", .string(record.visibility.rawValue)),
            ("slow_mode_s", .integer(record.slowMode)), ("read_only", .bool(record.isReadOnly)),
            ("announcement", .bool(record.isAnnouncement)), ("position", .integer(record.place)),
        ]
    }
}
