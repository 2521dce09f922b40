internal import Accounts
internal import Authorization
internal import Conversations
internal import Database
internal import Friends
internal import Kernel
internal import Roles
internal import Sanctions
internal import Web

/// `POST /moderation/filters/try` and `POST /moderation/filters/dry-run`: what a filter would do, before it does it.
extension ModerationFeature {
    static let dryRunMessages = 1000
    private static let dryRunShown = 50
    static let tryLength = 8000

    func tryFilter(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.raw("filter")
        let text = input.string("text", length: 0...Self.tryLength, required: true, trimmed: false)
        try input.finish()
        let order = try FilterOrder(given, name: "try", id: ids.next(), by: try call.scope.requireUser(), at: "/filter")
        let compiled = CompiledFilter(order.filter)
        let said = try input.required(text)
        let message = FilteredMessage(
            by: try call.scope.requireUser(), said, mentions: conversations.mentionCount(in: said), fileNames: [said], at: clock.now())
        let folded = FoldedText(said)
        let hits =
            order.filter.kind == .words || order.filter.kind == .links
            ? compiled.hits(in: said, folded) : compiled.hits(in: message, folded, 0, after: RecentMessages())
        return .json(200, ["hits": .array(hits.map(Self.view))])
    }

    private static func view(_ hit: FilterHit) -> JSON {
        [
            "found": .string(hit.found), "element": JSON(hit.element), "start": JSON(hit.range?.lowerBound),
            "end": JSON(hit.range.map { $0.upperBound + 1 }),
        ]
    }

    /// Asks the filter about the last messages of the channels that the caller may read, in their order; private conversations are not looked at.
    func dryRunFilter(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.raw("filter")
        try input.finish()
        let order = try FilterOrder(given, name: "dry run", id: ids.next(), by: try call.scope.requireUser(), at: "/filter")
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            let filter = try complete(order, in: transaction)
            let messages = try conversations.recent(Self.dryRunMessages, for: scope, in: transaction)
            let exempt = try exempted(by: filter, among: Set(messages.map(\.message.author)), in: transaction)
            let compiled = CompiledFilter(filter)
            var sent: [UserID: RecentMessages] = [:]
            var found: [(ReadMessage, FilterHit)] = []
            for each in messages {
                let (folded, author) = (FoldedText(each.message.text), each.message.author)
                let digest = accounts.sanctions.filters.digest(of: folded)
                if !exempt.contains(author), !filter.exemptChannels.contains(each.conversation),
                    let hit = compiled.hits(in: each.message, folded, digest, after: sent[author] ?? RecentMessages()).first
                {
                    found.append((each, hit))
                }
                sent[author, default: RecentMessages()].add(digest, at: each.message.at)
            }
            let shown = found.suffix(Self.dryRunShown).reversed()
            let cards = try cards.cards(of: Array(Set(shown.map(\.0.message.author))), for: scope, at: now, in: transaction)
            return .json(
                200,
                [
                    "examined": JSON(messages.count), "hits": JSON(found.count),
                    "items": .array(
                        shown.map { each, hit in
                            [
                                "message_id": JSON(each.id), "conversation_id": JSON(each.conversation),
                                "conversation_name": JSON(each.conversationName), "author": cards[each.message.author] ?? .null,
                                "content": .string(each.message.text), "created_at": JSON(each.message.at), "hit": Self.view(hit),
                            ]
                        }),
                ])
        }
    }

    private func exempted(by filter: TextFilter, among people: Set<UserID>, in transaction: Transaction) throws -> Set<UserID> {
        guard !filter.exemptRoles.isEmpty else { return [] }
        let exempt = Set(filter.exemptRoles.map(\.rawValue))
        return Set(
            try roles.assignments.rights(of: Array(people), in: transaction).filter {
                $0.value.roles.contains { exempt.contains($0.rawValue) }
            }
            .keys)
    }
}
