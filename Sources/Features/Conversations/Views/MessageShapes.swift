internal import Files
internal import Kernel
internal import Sanctions
internal import Web

/// The input and the answers of the routes of messages.
enum MessageShapes {
    private static let reactions = Shape.list(of: .object(["emoji": .text, "count": .integer, "mine": .bool]))

    private static let system = Shape.object([
        "type": .choice(SystemLine.Kind.self), "user_id": Shape.id.orNull, "user": ConversationShapes.card.orNull, "name": .text.orNull,
        "message_id": Shape.id.orNull, "duration_s": Shape.integer.orNull,
    ]).described("The content of a system message; its author is the person who acted.")

    private static let fields = Shape.object([
        "id": .id, "conversation_id": .id, "seq": .integer, "author_id": .id,
        "author": ConversationShapes.card.orNull.described("Null for an erased account."), "content": .text,
        "kind": .choice("text", "system"), "system": system.orNull,
        "reply_to": Shape.object(["id": .id, "author_id": .id, "content": .text, "deleted": .bool]).orNull,
        "mentions": .object([
            "users": .list(of: ConversationShapes.card),
            "roles": .list(of: .object(["id": .id, "name": .text, "color": .text.orNull])), "everyone": .bool,
        ]),
        "reactions": reactions, "attachments": .list(of: FileShapes.file), "pinned_at": .timestamp.orNull, "created_at": .timestamp,
        "edited_at": .timestamp.orNull, "deleted_at": .timestamp.orNull, "version": .integer,
        "key": Shape.text.optional.described("Only in the answer to the request that sent it."),
    ])

    static let message = Shape.named("Message", fields)

    static let list = RouteShape(
        "Read a part of the history, the newest first; with `after` the oldest first.",
        query: [
            "before": .string(max: 100).optional, "after": .string(max: 100).optional, "around": .string(max: 100).optional,
            "around_seq": Shape.integer(1...Int64.max).described("The messages around a place.").optional,
            "at": Shape.timestamp.described("The messages around the first one since this time.").optional,
            "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional, "count": .bool.optional,
        ],
        answers: [
            .ok(.object(["items": .list(of: message), "next": .nullable(.text), "has_before": .bool, "has_after": .bool]))
        ])

    static let send = RouteShape(
        "Send a message; the same `key` again is the same message.",
        body: .json(
            .object([
                "content": Shape.string(max: ConversationLimits.content).described("May be empty where there are files.").optionalOrNull,
                "key": .string(1...255).optionalOrNull,
                "reply_to": Shape.string(1...100).optionalOrNull,
                "attachments": Shape.list(of: .text, 0...FileLimits.perMessage).optionalOrNull,
            ])),
        answers: [.created(message), .ok(message)],
        refusals: [
            .muted, .filtered, .forbidden("locked_down"), .forbidden("read_only"), .forbidden("not_allowed"), .init(422, "key_reused"),
            .init(429, "slow_mode"),
        ],
        guards: [.idempotencyKey])

    static let read = RouteShape("Read a message.", answers: [.ok(message).tagged])

    static let edit = RouteShape(
        "Edit your message.", body: .json(.object(["content": .string(1...ConversationLimits.content)])),
        answers: [.ok(message).tagged],
        refusals: [
            .muted, .filtered, .forbidden("locked_down"), .forbidden("not_author"), .forbidden("not_allowed"), .conflict("system_message"),
            .conflict("message_deleted"),
            .conflict("too_many_edits"),
        ],
        guards: [.idempotencyKey, .ifMatch])

    static let delete = RouteShape(
        "Delete a message; a tombstone stays.", answers: [.noContent], refusals: [.conflict("system_message")], guards: [.idempotencyKey])

    static let history = RouteShape(
        "Read the versions of a message, the oldest first.", query: ["count": .bool.optional],
        answers: [.ok(.whole(of: .object(["version": .integer, "content": .text, "at": .timestamp])))])

    static let react = RouteShape(
        "Add a reaction to a message.", parameters: ["emoji": .text],
        answers: [.ok(.object(["reactions": reactions]))],
        refusals: [
            .muted, .forbidden("not_allowed"), .conflict("message_deleted"), .conflict("system_message"), .conflict("too_many_emojis"),
        ],
        guards: [.idempotencyKey])

    static let unreact = RouteShape(
        "Remove your reaction.", parameters: ["emoji": .text], answers: [.ok(.object(["reactions": reactions]))], guards: [.idempotencyKey])

    static let typing = RouteShape("Show that you are typing.", answers: [.noContent], refusals: [.muted, .forbidden("read_only")])

    static let search = RouteShape(
        "Find messages that contain all words, the newest first.",
        query: [
            "q": .string(1...200), "conversation": Shape.string(1...100).optional, "limit": .integer(1...50).optional,
            "cursor": .string(max: 512).optional,
        ],
        answers: [
            .ok(
                .page(
                    of: .named(
                        "FoundMessage",
                        fields.with([
                            "conversation": .object([
                                "id": .id, "name": .text.orNull, "kind": .choice(ConversationRecord.Kind.self),
                            ])
                        ]))))
        ], refusals: [.init(404, "not_found")])

    static let pin = RouteShape(
        "Pin or unpin a message.", answers: [.ok(message)],
        refusals: [
            .forbidden("not_allowed"), .conflict("message_deleted"), .conflict("system_message"), .conflict("too_many_pins"),
        ], guards: [.idempotencyKey])

    static let pins = RouteShape("List the pinned messages.", query: ["count": .bool.optional], answers: [.ok(.whole(of: message))])
}
