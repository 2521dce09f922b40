internal import Authorization
internal import Web

/// What the routes of people's roles and rights take and answer.
enum AssignmentShapes {
    private static let permissions = Shape.list(of: .text)

    private static let answer = Shape.object([
        "roles": .list(
            of: .object([
                "id": .id, "name": .text, "color": .text.orNull, "icon": .text.orNull, "priority": .integer, "is_system": .bool,
                "assigned_at": .timestamp, "expires_at": .timestamp.orNull, "assigned_by": .id.orNull, "reason": .text.orNull,
            ])),
        "permissions": permissions.described("All that the person may do now."),
    ])

    private static let cause = Shape.named(
        "Cause",
        .oneOf([
            .object(["role": .id, "name": .text.orNull]).merging(effect),
            .object(["inherited": .id, "name": .text.orNull, "via": .id.orNull, "path": .list(of: .id)]).merging(effect),
            .object(["override": .text, "reason": .text.orNull]).merging(effect),
        ]))

    private static let effect = Shape.object(["permission": .text, "effect": .choice(Effect.self), "ignored": .bool.optional])

    private static let override = Shape.named(
        "Override",
        .object([
            "permission": .text, "effect": .choice(Effect.self), "reason": .text.orNull, "set_by": .id.orNull, "set_at": .timestamp,
            "version": .integer,
        ]))

    private static let reason = Shape.string(max: 500).optionalOrNull

    /// One role, or what to add and to remove.
    private static let request = Shape.oneOf([
        .object(["role_id": .roleReference, "reason": reason, "expires_at": .timestamp.optionalOrNull]),
        .object([
            "add": Shape.list(of: .roleReference, 0...200).optionalOrNull, "remove": Shape.list(of: .roleReference, 0...200).optionalOrNull,
            "reason": reason, "expires_at": .timestamp.optionalOrNull,
        ]),
    ])

    static let read = RouteShape("Read a person’s roles.", parameters: ["id": .userReference], answers: [.ok(answer)])

    static let assign = RouteShape(
        "Give a person roles and take others, all or nothing.", parameters: ["id": .userReference], body: .json(request),
        answers: [.ok(answer)], refusals: RoleShapes.assignRefusals, guards: [.idempotencyKey])

    static let preview = RouteShape(
        "Tell what giving and taking roles would do, without doing it.", parameters: ["id": .userReference], body: .json(request),
        answers: [
            .ok(.object(["gains": permissions, "loses": permissions, "permissions": permissions, "refusal": RoleShapes.refusal]))
        ])

    static let revoke = RouteShape(
        "Take a role from a person.", parameters: ["id": .userReference, "role_id": .roleReference],
        query: ["reason": .string(max: 500).optional], body: .optionalJSON(.object(["reason": reason])), answers: [.ok(answer)],
        refusals: RoleShapes.assignRefusals, guards: [.idempotencyKey])

    static let explain = RouteShape(
        "Explain what a person may do, permission by permission.", parameters: ["id": .userReference],
        query: ["permission": .text.optional, "at": .timestamp.optional],
        answers: [.ok(.whole(of: .object(["key": .text, "granted": .bool, "because": .list(of: cause)])))])

    static let holders = RouteShape.list(
        "List who has a permission, and why.",
        of: .object([
            "user_id": .id, "username": .text, "display_name": .text, "avatar_url": .text.orNull, "is_banned": .bool, "is_disabled": .bool,
            "because": .list(of: cause),
        ]), parameters: ["key": .text])

    // MARK: Overrides

    private static let parameters: KeyValuePairs<String, Shape> = ["id": .userReference, "permission": .text]

    static let overrides = RouteShape(
        "List the permissions that are allowed or denied to one person.", parameters: ["id": .userReference],
        query: ["count": .bool.optional], answers: [.ok(.whole(of: override))])

    static let readOverride = RouteShape("Read one override.", parameters: parameters, answers: [.ok(override).tagged])

    static let setOverride = RouteShape(
        "Allow or deny one permission to one person.", parameters: parameters,
        body: .json(.object(["effect": .choice(Effect.self), "reason": .string(1...500)])), answers: [.ok(override).tagged],
        refusals: overrideRefusals, guards: [.idempotencyKey, .ifMatch])

    static let clearOverride = RouteShape(
        "Take an override back.", parameters: parameters, answers: [.noContent], refusals: overrideRefusals,
        guards: [.idempotencyKey, .ifMatch])

    private static let overrideRefusals: [RouteShape.Refusal] = [
        .forbidden("rank_too_low"), .forbidden("cannot_grant"), .forbidden("cannot_deny"), .forbidden("owner_role"),
    ]

    static let overrideHistory = RouteShape(
        "List the versions of an override, the newest first; `effect` is null where it was taken back.", parameters: parameters,
        answers: [
            .ok(
                .whole(
                    of: .object([
                        "version": .integer, "actor_user_id": .id.orNull, "at": .timestamp, "effect": .choice(Effect.self).orNull,
                        "reason": .text.orNull,
                    ])))
        ])
}
