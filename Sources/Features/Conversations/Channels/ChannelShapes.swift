internal import Kernel
internal import Sanctions
internal import Web

/// The input and the answers of the routes of channels.
enum ChannelShapes {
    private static let keys = Shape.list(of: .choice(ChannelRights.keys.keys), 0...20).optionalOrNull
    private static let overwrite = Shape.object([
        "target_kind": .choice("role", "user"), "target_id": .id, "allow": .list(of: .text), "deny": .list(of: .text),
    ])
    private static let category = Shape.object(["id": .id, "name": .text, "position": .integer, "version": .integer])
    private static let target: KeyValuePairs<String, Shape> = ["target": Shape.text.described("A role or a person.")]
    private static let overwriteRefusals: [RouteShape.Refusal] = [
        .forbidden("cannot_grant"), .forbidden("rank_too_low"), .forbidden("not_yourself"), .conflict("too_many_overwrites"),
    ]

    static let list = RouteShape(
        "List the channels that you may read, in their categories.",
        answers: [
            .ok(
                .object([
                    "categories": .list(of: category), "items": .list(of: ConversationShapes.conversation),
                    "activity": Shape.text.orNull.described("The topic of their activity."),
                ]))
        ])

    static let create = RouteShape(
        "Create a channel.",
        body: .json(
            ConversationShapes.channelFields.with([
                "name": .string(1...100), "kind": .choice(ChannelKind.self).optionalOrNull,
                "overwrites": Shape.list(
                    of: .object(["target": .string(1...200), "allow": keys, "deny": keys]), 0...ConversationLimits.overwrites
                ).optionalOrNull,
            ])),
        answers: [.created(ConversationShapes.conversation).tagged],
        refusals: [.muted, .filtered, .conflict("too_many_channels")] + overwriteRefusals, guards: [.idempotencyKey])

    static let order = RouteShape(
        "Order channels and categories.",
        body: .json(
            .object([
                "categories": Shape.list(of: .text, 0...ConversationLimits.categories).optionalOrNull,
                "channels": Shape.list(
                    of: .object(["id": .string(1...100), "category_id": Shape.string(1...100).optionalOrNull]),
                    0...ConversationLimits.channels
                ).optionalOrNull,
            ])), answers: [.noContent], refusals: [.init(404, "not_found")], guards: [.idempotencyKey])

    static let overwrites = RouteShape(
        "List the overwrites of roles and people.", query: ["count": .bool.optional], answers: [.ok(.whole(of: overwrite))])

    static let putOverwrite = RouteShape(
        "Set the overwrite of a role or a person.", parameters: target,
        body: .json(.object(["allow": keys, "deny": keys])), answers: [.ok(overwrite)], refusals: overwriteRefusals,
        guards: [.idempotencyKey])

    static let removeOverwrite = RouteShape(
        "Remove an overwrite.", parameters: target, answers: [.noContent], refusals: overwriteRefusals, guards: [.idempotencyKey])

    static let explain = RouteShape(
        "Explain the rights of a person in a channel.", query: ["user": Shape.userReference.optional],
        answers: [
            .ok(
                .object([
                    "user_id": .id,
                    "items": .list(
                        of: .object([
                            "key": .text, "granted": .bool,
                            "because": .list(
                                of: .object([
                                    "source": .choice("owner", "site", "private", "overwrite"), "effect": .choice("allow", "deny"),
                                    "target": Shape.object(["kind": .choice("role", "user"), "id": .id, "inherited": .bool]).orNull,
                                ])),
                        ])),
                ]))
        ])

    static let createCategory = RouteShape(
        "Create a category of channels.",
        body: .json(.object(["name": .string(1...100), "position": .integer(0...1_000_000).optionalOrNull])),
        answers: [.created(category).tagged], refusals: [.muted, .filtered, .conflict("too_many_categories")], guards: [.idempotencyKey])

    static let updateCategory = RouteShape(
        "Change a category of channels.",
        body: .json(.object(["name": Shape.string(1...100).optional, "position": .integer(0...1_000_000).optionalOrNull])),
        answers: [.ok(category).tagged], refusals: [.muted, .filtered], guards: [.idempotencyKey, .ifMatch])

    static let deleteCategory = RouteShape(
        "Delete a category that has no channels.", answers: [.noContent], refusals: [.conflict("category_in_use")],
        guards: [.idempotencyKey])
}
