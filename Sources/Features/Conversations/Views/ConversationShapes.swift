internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// The input and the answers of the routes of conversations.
enum ConversationShapes {
    static let card = UserCards.shape

    static let conversation = Shape.named(
        "Conversation",
        .object([
            "id": .id, "kind": .choice(ConversationRecord.Kind.self), "name": .text.orNull, "topic": .text.orNull, "icon_url": .text.orNull,
            "owner_id": Shape.id.orNull, "members": Shape.list(of: card).described("Empty in a channel."), "member_count": .integer,
            "category_id": Shape.id.orNull, "visibility": .choice(ConversationRecord.Visibility.self), "slow_mode_s": .integer,
            "read_only": .bool, "announcement": .bool, "position": .integer, "last_seq": .integer,
            "gaps": Shape.integer.described("Messages that never count as unread: deleted ones and system messages."),
            "broadcasts": .integer, "version": .integer,
            "last_message": MessageShapes.message.orNull,
            "unread": Shape.integer.orNull.described("Null in a channel that the reader never opened."), "mentions": .integer,
            "read_seq": Shape.integer.orNull, "notify": .choice(NotifyLevel.self), "muted_until": .timestamp.orNull,
            "permissions": .list(of: .text),
        ]))

    static let list = RouteShape.list("List your direct and group conversations, the latest message first.", of: conversation)

    static let create = RouteShape(
        "Begin a conversation: a direct one, or a group.",
        body: .json(
            .object([
                "members": .list(of: .userReference, 1...ConversationLimits.members), "name": .string(1...100).optionalOrNull,
            ])),
        answers: [.created(conversation), .ok(conversation)],
        refusals: [.muted, .filtered, .conflict("too_many_members"), .forbidden("not_allowed")],
        guards: [.idempotencyKey])

    static let read = RouteShape("Read a conversation.", answers: [.ok(conversation).tagged])

    static let channelFields = Shape.object([
        "name": Shape.string(1...100).optionalOrNull, "topic": .string(max: 1000).optionalOrNull,
        "icon_url": .string(1...500).optionalOrNull,
        "category_id": Shape.string(1...100).optionalOrNull, "visibility": .choice(ConversationRecord.Visibility.self).optional,
        "slow_mode_s": .integer(ConversationLimits.slowMode).optional, "read_only": .bool.optional, "announcement": .bool.optional,
        "position": .integer(0...1_000_000).optional,
    ])

    static let update = RouteShape(
        "Change a group’s name and picture, or a channel.", body: .json(channelFields),
        answers: [.ok(conversation).tagged], refusals: [.muted, .filtered, .conflict("not_a_group")], guards: [.idempotencyKey, .ifMatch])

    static let leave = RouteShape(
        "Close a direct conversation, leave a group, or delete a channel.", answers: [.noContent], guards: [.idempotencyKey])

    private static let member: KeyValuePairs<String, Shape> = ["user": .userReference]

    static let addMember = RouteShape(
        "Add a person to a group.", parameters: member, answers: [.ok(conversation)],
        refusals: [.conflict("not_a_group"), .conflict("too_many_members"), .forbidden("not_allowed")], guards: [.idempotencyKey])

    static let removeMember = RouteShape(
        "Remove a person from a group, or leave it.", parameters: member, answers: [.noContent],
        refusals: [.conflict("not_a_group"), .forbidden("not_group_owner")], guards: [.idempotencyKey])

    static let settings = RouteShape(
        "Change your notifications of a conversation.",
        body: .json(.object(["notify": .choice(NotifyLevel.self).optionalOrNull, "muted_until": .timestamp.optionalOrNull])),
        answers: [.ok(.object(["id": .id, "notify": .choice(NotifyLevel.self), "muted_until": .timestamp.orNull]))],
        guards: [.idempotencyKey])

    static let markRead = RouteShape(
        "Move your read marker, forward or back.",
        body: .json(.object(["message_id": Shape.string(1...100).optionalOrNull, "seq": .integer(0...Int64.max).optionalOrNull])),
        answers: [.ok(.object(["read_seq": .integer, "unread": .integer, "mentions": .integer]))], guards: [.idempotencyKey])

    static let receipts = RouteShape(
        "List the read receipts of the other people; empty if you hide your own.",
        query: ["count": .bool.optional],
        answers: [.ok(.whole(of: .object(["user_id": .id, "read_seq": .integer])))])

    private static let draft = Shape.object(["content": .text, "version": .integer, "updated_at": .timestamp.orNull])

    static let readDraft = RouteShape("Read your draft.", answers: [.ok(draft)])

    static let writeDraft = RouteShape(
        "Save your draft.",
        body: .json(
            .object(["content": .string(max: ConversationLimits.content), "version": .integer(0...Int64.max).optionalOrNull])),
        answers: [.ok(draft)], refusals: [.conflict("draft_outdated")], guards: [.idempotencyKey])

    static let unread = RouteShape(
        "List conversations with unread messages, and the sums over those that are not muted.",
        answers: [
            .ok(
                .object([
                    "unread": .integer, "mentions": .integer,
                    "items": .list(
                        of: .object([
                            "conversation_id": .id, "last_seq": .integer, "read_seq": Shape.integer.orNull, "unread": Shape.integer.orNull,
                            "mentions": .integer,
                        ])),
                ]))
        ])
}
