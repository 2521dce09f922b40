internal import Audit
internal import Database
internal import Kernel
internal import Web

/// The order of some channels and categories, as a body gives it.
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
    /// `PUT /channels/order`: places the named channels and categories in the order in which they are named, at once or not at all.
    func orderChannels(_ call: Call) async throws -> Reply {
        let order = try ChannelOrder(try call.body())
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await call.mutate(database) { transaction in
            try requireChannelsManage(reader, in: transaction)
            let known = try CategoryTable.all(in: transaction)
            var moved = try orderCategories(order.categories, known, in: transaction)
            for (place, named) in order.channels.enumerated() {
                if let category = named.category, !known.contains(where: { $0.id == category }) {
                    throw ChannelOrder.unknown("/channels/\(place)/category_id")
                }
                let access = try reader.access(named.id, locked: true, in: transaction)
                guard access.record.isChannel else { throw ChannelOrder.unknown("/channels/\(place)/id") }
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

    /// - Returns: how many have another place than before.
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
