internal import Audit
internal import Database
internal import Kernel
internal import Web

/// The order of channels and categories in a request.
struct ChannelOrder: Sendable {
    let categories: [RowID]
    let channels: [(id: ConversationID, category: RowID?)]

    init(_ body: JSON) throws {
        var input = try Input(body)
        let names = input.strings("categories", count: 0...ConversationLimits.categories) ?? []
        let given = input.raw("channels")
        try input.finish()
        var seen: Set<RowID> = []
        categories = try names.enumerated().map { index, name in
            guard let id = RowID(uuid: name), seen.insert(id).inserted else { throw Self.unknown("/categories/\(index)") }
            return id
        }
        let list = given.map { $0.isNull ? [] : $0.array } ?? []
        guard let list, list.count <= ConversationLimits.channels else {
            throw Problem.invalid(
                "/channels", "count",
                LocalizedText(
                    en: "A list of at most \(ConversationLimits.channels) is expected.",
                    fr: "Une liste d’au plus \(ConversationLimits.channels) éléments est attendue."))
        }
        channels = try list.enumerated().map { index, element in
            var input = try Input(element, at: "/channels/\(index)")
            let id = input.string("id", length: 1...100, required: true)
            let category = input.string("category_id", length: 1...100)
            try input.finish()
            guard let channel = ConversationID(uuid: try input.required(id)), seen.insert(RowID(rawValue: channel.rawValue)).inserted else {
                throw Self.unknown("/channels/\(index)/id")
            }
            guard let category else { return (channel, nil) }
            guard let place = RowID(uuid: category) else { throw Self.unknown("/channels/\(index)/category_id") }
            return (channel, place)
        }
    }

    static func unknown(_ pointer: String) -> Problem {
        .invalid(
            pointer, "unknown", LocalizedText(en: "There is no such channel or category.", fr: "Ce salon ou cette catégorie n’existe pas."))
    }
}

extension ConversationsFeature {
    /// `PUT /channels/order`: puts channels and categories in the order of the request, in one transaction.
    func orderChannels(_ call: Call) async throws -> Reply {
        let order = try ChannelOrder(try call.body())
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await call.mutate(database) { transaction in
            try requireChannelsManage(reader, in: transaction)
            let known = try CategoryTable.all(in: transaction)
            if transaction.dialect == .postgres {
                // Two orders at the same time must not mix.
                _ = try transaction.rows(
                    "SELECT 1 FROM conversations WHERE kind = 'channel' AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE")
            }
            let channels = Dictionary(try reader.channels(in: transaction).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            var moved = try orderCategories(order.categories, known, in: transaction)
            for (place, named) in order.channels.enumerated() {
                if let category = named.category, !known.contains(where: { $0.id == category }) {
                    throw ChannelOrder.unknown("/channels/\(place)/category_id")
                }
                guard let access = channels[named.id] else {
                    // 404 for a conversation that the reader cannot read.
                    _ = try reader.access(named.id, in: transaction)
                    throw ChannelOrder.unknown("/channels/\(place)/id")
                }
                try access.require(.channelsManage)
                guard access.record.place != Int64(place) || access.record.categoryID != named.category else { continue }
                try transaction.execute(
                    """
                    UPDATE conversations SET place = \(place), category_id = \(named.category), version = version + 1
                    WHERE id = \(named.id)
                    """)
                moved += 1
            }
            if moved > 0 {
                try audit.record(
                    "channel.order", target: nil, payload: ["before": [:], "after": ["moved": JSON(moved)]], result: .success,
                    scope: reader.scope, in: transaction)
                events.channelsChanged(scope: reader.scope, at: now, transaction)
            }
            return .noContent
        }
    }

    /// - Returns: how many moved.
    private func orderCategories(_ wanted: [RowID], _ known: [ChannelCategory], in transaction: Transaction) throws -> Int {
        var moved = 0
        for (place, id) in wanted.enumerated() {
            guard let category = known.first(where: { $0.id == id }) else { throw ChannelOrder.unknown("/categories/\(place)") }
            guard category.place != Int64(place) else { continue }
            try transaction.execute("UPDATE channel_categories SET place = \(place), version = version + 1 WHERE id = \(id)")
            moved += 1
        }
        return moved
    }
}
