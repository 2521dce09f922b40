internal import Audit
internal import Database
internal import Kernel
internal import Sanctions
internal import Web

/// A heading above channels.
struct ChannelCategory: Sendable {
    let id: RowID
    var name: String
    var place: Int64
    var version: Int64

    var json: JSON { ["id": JSON(id), "name": .string(name), "position": .integer(place), "version": .integer(version)] }
}

/// The SQL of `channel_categories`.
enum CategoryTable {
    private static func read(_ row: Row) -> ChannelCategory {
        ChannelCategory(id: row.id(0), name: row.text(1), place: row.int64(2), version: row.int64(3))
    }

    static func all(in transaction: Transaction) throws -> [ChannelCategory] {
        try transaction.rows("SELECT id, name, place, version FROM channel_categories ORDER BY place, id").map(read)
    }

    static func category(_ id: RowID, in transaction: Transaction) throws -> ChannelCategory? {
        try transaction.row("SELECT id, name, place, version FROM channel_categories WHERE id = \(id)").map(read)
    }
}

extension ConversationsFeature {
    /// `GET /channels`: the channels that the reader may read, and their categories; with `channels.manage` also empty categories.
    func listChannels(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await database.read { transaction in
            let channels = try reader.channels(in: transaction)
            let shown = Set(channels.compactMap(\.record.categoryID))
            let seesAll = reader.scope.can(.channelsManage)
            let categories = try CategoryTable.all(in: transaction).filter { seesAll || shown.contains($0.id) }
            let audience = audience(of: reader, channels.map(\.id))
            let items = try conversations.views(channels, for: reader, at: now, in: transaction)
            return .json(200, ["categories": .array(categories.map(\.json)), "items": .array(items), "activity": JSON(audience)])
        }
    }

    /// `POST /channel-categories`
    func createCategory(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.name("name", length: 1...100, required: true)
        let place = input.integer("position", 0...1_000_000) ?? 0
        try input.finish()
        let name = try input.required(given)
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await call.mutate(database) { transaction in
            try requireChannelsManage(reader, in: transaction)
            try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
            try sanctions.filters.check([("/name", name)], by: reader.user, scope: reader.scope, in: transaction)
            let count = try CategoryTable.all(in: transaction).count
            guard count < ConversationLimits.categories else { throw ConversationLimits.tooManyCategories }
            let category = ChannelCategory(id: ids.next(), name: name, place: place, version: 1)
            try transaction.execute(
                """
                INSERT INTO channel_categories (id, name, place, version)
                VALUES (\(category.id), \(category.name), \(category.place), \(category.version))
                """)
            try record("channel_category.create", category, before: [:], after: ["name": .string(name)], reader.scope, at: now, transaction)
            return .json(201, category.json).tagged(version: 1)
        }
    }

    /// `PATCH /channel-categories/{id}`
    func updateCategory(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let name = input.has("name") ? input.name("name", length: 1...100, required: true) : nil
        let place = input.integer("position", 0...1_000_000)
        try input.finish()
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            var category = try lockedCategory(reference, reader, in: transaction)
            try call.checkIfMatch(version: category.version)
            if let name {
                try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
                try sanctions.filters.check([("/name", name)], by: reader.user, scope: reader.scope, in: transaction)
            }
            let before = category
            (category.name, category.place) = (name ?? category.name, place ?? category.place)
            if (before.name, before.place) != (category.name, category.place) {
                category.version += 1
                try transaction.execute(
                    """
                    UPDATE channel_categories SET name = \(category.name), place = \(category.place), version = \(category.version)
                    WHERE id = \(category.id)
                    """)
                try record(
                    "channel_category.update", category, before: ["name": .string(before.name), "position": .integer(before.place)],
                    after: ["name": .string(category.name), "position": .integer(category.place)], reader.scope, at: now, transaction)
            }
            return .json(200, category.json).tagged(version: category.version)
        }
    }

    /// `DELETE /channel-categories/{id}`: only without channels, since they inherit its overwrites.
    func deleteCategory(_ call: Call) async throws -> Reply {
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let category = try lockedCategory(reference, reader, in: transaction)
            let used = try transaction.row("SELECT 1 FROM conversations WHERE category_id = \(category.id) AND deleted_at IS NULL LIMIT 1")
            guard used == nil else { throw ConversationLimits.categoryInUse }
            try transaction.execute("DELETE FROM channel_overwrites WHERE channel_id = \(category.id)")
            try transaction.execute("DELETE FROM channel_categories WHERE id = \(category.id)")
            try record(
                "channel_category.delete", category, before: ["name": .string(category.name)], after: [:], reader.scope, at: now,
                transaction)
            return .noContent
        }
    }

    private func lockedCategory(_ reference: String, _ reader: ConversationReader, in transaction: Transaction) throws -> ChannelCategory {
        try requireChannelsManage(reader, in: transaction)
        guard let id = RowID(uuid: reference) else { throw Problem.notFound }
        if transaction.dialect == .postgres { _ = try transaction.row("SELECT 1 FROM channel_categories WHERE id = \(id) FOR UPDATE") }
        guard let category = try CategoryTable.category(id, in: transaction) else { throw Problem.notFound }
        return category
    }

    private func record(
        _ action: String, _ category: ChannelCategory, before: JSON, after: JSON, _ scope: Scope, at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        try audit.record(
            action, target: ("channel_category", category.id.uuid), payload: ["before": before, "after": after], result: .success,
            scope: scope, in: transaction)
        events.channelsChanged(scope: scope, at: now, transaction)
    }
}
