internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// What the routes of filters take and answer.
enum FilterShapes {
    private static let settings = Shape.object([
        "enabled": .bool, "actions": .list(of: .choice(TextFilter.Action.self), 1...TextFilter.Action.allCases.count),
        "duration_s": Shape.integer(TextFilter.Limits.seconds).described("Of a mute."),
        "category": Shape.choice(ReportCategory.self).described("Of a report."),
        "exempt_roles": .list(of: .string(1...100), 0...TextFilter.Limits.exempt),
        "exempt_channels": .list(of: .string(1...100), 0...TextFilter.Limits.exempt),
        "list": Shape.list(of: .string(1...TextFilter.Limits.word), 0...TextFilter.Limits.words).described(
            "Words, `*` at an edge for parts of words; or domains; or endings of file names."),
        "mode": Shape.choice(TextFilter.Mode.self).described("`deny`: what the list names is hit; `allow`: what it does not name."),
        "count": Shape.integer(TextFilter.Limits.count).described("How many mentions or messages are allowed."),
        "within_s": .integer(TextFilter.Limits.within),
    ])

    private static let order = settings.patch.with([
        "kind": .choice(TextFilter.Kind.self), "actions": .list(of: .choice(TextFilter.Action.self), 1...TextFilter.Action.allCases.count),
    ])

    private static let filter = Shape.named(
        "TextFilter",
        settings.with([
            "id": .id, "name": .text, "kind": .choice(TextFilter.Kind.self), "author": UserCards.shape.orNull, "version": .integer,
        ]))

    private static let hit = Shape.object([
        "found": .text, "element": Shape.text.orNull.described("The element of the list."),
        "start": Shape.integer.orNull.described("The first scalar of the text."), "end": .integer.orNull,
    ])

    private static let name: KeyValuePairs<String, Shape> = ["name": .string(1...TextFilter.Limits.name)]

    static let list = RouteShape("List the filters.", answers: [.ok(.object(["items": .list(of: filter)]))])

    static let put = RouteShape(
        "Create or replace a filter.", parameters: name, body: .json(order), answers: [.ok(filter).tagged],
        refusals: [.conflict("too_many_filters")], guards: [.idempotencyKey, .ifMatch])

    static let delete = RouteShape("Delete a filter.", parameters: name, answers: [.noContent], guards: [.idempotencyKey, .ifMatch])

    static let versions = RouteShape(
        "List the former versions of a filter, the newest first.", parameters: name,
        answers: [
            .ok(
                .object([
                    "items": .list(of: settings.with(["version": .integer, "author": UserCards.shape.orNull, "at": .timestamp]))
                ]))
        ])

    static let tryText = RouteShape(
        "Ask a filter, saved or not, about a text.",
        body: .json(.object(["filter": order, "text": .string(0...ModerationFeature.tryLength)])),
        answers: [.ok(.object(["hits": .list(of: hit)]))])

    static let dryRun = RouteShape(
        "Ask a filter, saved or not, about the last \(ModerationFeature.dryRunMessages) messages of the channels that one may read.",
        body: .json(.object(["filter": order])),
        answers: [
            .ok(
                .object([
                    "examined": .integer, "hits": .integer,
                    "items": .list(
                        of: .object([
                            "message_id": .id, "conversation_id": .id, "conversation_name": .text.orNull, "author": UserCards.shape.orNull,
                            "content": .text, "created_at": .timestamp, "hit": hit,
                        ])),
                ]))
        ])
}
