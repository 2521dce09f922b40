internal import Kernel
internal import Presence
internal import Roles
internal import Sanctions
internal import Web

/// What the routes of people take and answer.
enum UserShapes {
    static let user = Shape.named(
        "User",
        .object([
            "id": .id, "username": .text, "display_name": .text,
            "email": .text.orNull.described("For oneself and those who see addresses; null for others."),
            "email_verified_at": .timestamp.orNull, "avatar_url": .text.orNull, "bio": .text.orNull,
            "banner_hue": Shape.integer.orNull.described("Of the profile’s banner, in degrees."), "locale": .choice(Language.self),
            "status": PresenceShapes.status,
            "chosen_status": PresenceShapes.chosenStatus.orNull.described("For oneself and those who manage statuses."),
            "status_message": .text.orNull, "status_emoji": .text.orNull, "status_expires_at": .timestamp.orNull,
            "activity_name": .text.orNull, "activity": PresenceShapes.activity.orNull, "last_seen_at": .timestamp.orNull,
            "presence_version": .integer, "roles": .list(of: .id), "role_details": .list(of: RoleShapes.held),
            "permissions_summary": Shape.list(of: .text).orNull.described("`*`, whole modules as `users.*`, else keys."),
            "tags": .list(of: .text), "is_banned": .bool,
            "ban": .object(["reason": .text.orNull, "until": .timestamp.orNull]).orNull, "is_disabled": .bool,
            "deleted_at": .timestamp.orNull, "created_at": .timestamp, "updated_at": .timestamp, "version": .integer,
        ]))

    /// What members see of each other without `users.read`.
    static let profile = Shape.named(
        "PublicProfile",
        .object([
            "id": .id, "username": .text, "display_name": .text, "avatar_url": .text.orNull, "bio": .text.orNull,
            "banner_hue": Shape.integer.orNull, "status": PresenceShapes.status, "status_message": .text.orNull,
            "status_emoji": .text.orNull, "activity_name": .text.orNull,
            "activity": PresenceShapes.activity.orNull, "last_seen_at": .timestamp.orNull, "presence_version": .integer,
            "roles": .list(of: .id), "role_details": .list(of: RoleShapes.held), "created_at": .timestamp, "version": .integer,
        ]))

    static let password = Shape.string(Password.minimum...Password.maximum)
    /// A password that is there already, however short it was when it was set.
    static let givenPassword = Shape.string(1...Password.maximum)
    private static let tags = Shape.list(of: .string(1...40), 0...UserPatch.tagLimit).optionalOrNull
    private static let roles = Shape.list(of: .roleReference, 0...100).optionalOrNull

    /// What somebody gives who makes an account.
    static let account = Shape.object([
        "username": .string(1...64).described("2 to 32 of `a–z`, `0–9`, `_` and `.`, in any case."), "email": .string(1...254),
        "password": password, "display_name": .string(1...64).optionalOrNull, "locale": .choice(Language.self).optionalOrNull,
    ])

    private static let new = account.with([
        "password": password.optionalOrNull, "roles": roles, "tags": tags, "bio": .string(max: 2000).optionalOrNull,
        "avatar_url": .string(1...500).optionalOrNull,
    ])

    private static let patch = Shape.object([
        "username": .string(1...64).optional, "display_name": .string(1...64).optionalOrNull, "email": .string(1...254).optionalOrNull,
        "avatar_url": .string(1...500).optionalOrNull, "bio": .string(max: 2000).optionalOrNull,
        "banner_hue": .integer(UserPatch.hues).optionalOrNull, "locale": .choice(Language.self).optional,
        "tags": tags, "password": password.optional, "roles": roles,
    ]).merging(PresenceShapes.input)

    /// What an act upon somebody may be refused with.
    static let manageRefusals: [RouteShape.Refusal] = [.forbidden("rank_too_low"), .forbidden("not_yourself"), .conflict("last_owner")]
    static let takenRefusals: [RouteShape.Refusal] = [.conflict("username_taken"), .conflict("email_taken")]

    static let list = RouteShape.list(
        "List the members; without `users.read` the public profiles of those whose `ids` are given.", of: .oneOf([user, profile]),
        query: [
            "search": .string(max: 254).optional, "role": Shape.roleReference.optional, "permission": .text.optional,
            "status": PresenceShapes.status.optional, "activity": .text.optional, "banned": .bool.optional, "disabled": .bool.optional,
            "deleted": .bool.optional, "tag": .text.optional, "created_after": .timestamp.optional, "created_before": .timestamp.optional,
            "active_after": .timestamp.optional, "sort": .choice(UserFilter.Sort.self).optional,
            "private": Shape.bool.described("False leaves out addresses and reasons of bans; such a list may be compressed.").optional,
            "ids": .text.described("The ids of up to \(UserFilter.idLimit) members, apart by commas.").optional,
        ])

    static let create = RouteShape(
        "Add a member; an API key gives no password.", body: .json(new), answers: [.created(user).tagged],
        refusals: takenRefusals + RoleShapes.assignRefusals, guards: [.idempotencyKey])

    static let read = RouteShape(
        "Read a member; without `users.read` the profile that they show.", parameters: ["id": .userReference],
        answers: [.ok(.oneOf([user, profile])).tagged])

    static let update = RouteShape(
        "Change a member’s profile, account, roles or presence, all or nothing.", parameters: ["id": .userReference],
        body: .optionalJSON(patch), answers: [.ok(user).tagged], refusals: takenRefusals + RoleShapes.assignRefusals + [.muted, .filtered],
        guards: [.idempotencyKey, .ifMatch])

    static let delete = RouteShape(
        "Delete a member, softly or for good.", parameters: ["id": .userReference], query: ["hard": .bool.optional], answers: [.noContent],
        refusals: manageRefusals, guards: [.idempotencyKey, .ifMatch])

    static let restore = act("Restore a member who was deleted softly.")

    private static let reason = RouteShape.Body.optionalJSON(.object(["reason": .string(max: 500).optionalOrNull]))
    static let disable = act("Disable an account.", body: reason)
    static let enable = act("Enable an account again.", body: reason)

    static let ban = act(
        "Ban a member, for a time or for good.",
        body: .json(
            .object([
                "reason": .string(1...SanctionLimits.reason), "duration_s": .integer(SanctionLimits.seconds).optionalOrNull,
                "evidence": Shape.list(of: .string(1...SanctionLimits.link), 0...SanctionLimits.links).optionalOrNull,
            ])))
    static let unban = act("Lift a ban.")

    private static func act(_ summary: String, body: RouteShape.Body? = nil) -> RouteShape {
        RouteShape(
            summary, parameters: ["id": .userReference], body: body, answers: [.ok(user).tagged], refusals: manageRefusals,
            guards: [.idempotencyKey, .ifMatch])
    }

    static let tagList = RouteShape(
        "List the tags in use, the most used first.", query: ["search": .string(max: 40).optional],
        answers: [.ok(.whole(of: .object(["tag": .text, "count": .integer])))])

    private static let filters = Shape.object([
        "items": .list(of: .object(["name": .text, "query": .text])), "version": .integer,
    ])
    static let readFilters = RouteShape("Read the filters of the list of members that one keeps.", answers: [.ok(filters).tagged])

    static let writeFilters = RouteShape(
        "Replace the filters that one keeps.",
        body: .json(
            .object([
                "items": .list(of: .object(["name": .string(1...60), "query": .string(max: 2000).optionalOrNull]), 0...50)
            ])),
        answers: [.ok(filters).tagged], guards: [.idempotencyKey, .ifMatch])
}
