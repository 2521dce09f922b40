internal import Authorization
package import Web

/// What the routes of roles take and answer.
package enum RoleShapes {
    private static let permissions = Shape.list(of: .text)

    /// What one sees of a role beside a person's name.
    package static let held = Shape.named("HeldRole", heldMembers)

    private static let heldMembers = Shape.object([
        "id": .id, "name": .text, "color": .text.orNull, "icon": .text.orNull, "priority": .integer, "is_system": .bool,
        "assigned_at": .timestamp, "expires_at": .timestamp.orNull,
    ])

    /// What an invitation shows of the roles that it gives.
    package static let summary = Shape.object(["id": .id, "name": .text, "color": .text.orNull, "priority": .integer])

    static let snapshot = Shape.object([
        "name": .text, "description": .text, "color": .text.orNull, "icon": .text.orNull, "priority": .integer, "permissions": permissions,
        "denied": permissions, "inherits": .list(of: .id),
        "limits": RoleLimits.shape.described("Absent from older versions of a role.").optional,
    ])

    static let role = Shape.named(
        "Role",
        .object(["id": .id]).merging(snapshot).with([
            "is_system": .bool, "member_count": .integer, "version": .integer, "created_at": .timestamp, "updated_at": .timestamp,
            "deleted_at": .timestamp.orNull,
        ]))

    private static let patterns = Shape.list(of: .string(1...200), 0...500).described("Keys, or modules as `users.*`.")

    static let fields = Shape.object([
        "name": .string(RoleName.length), "description": .string(max: 1000).optionalOrNull,
        "color": .text.described("As `#3366ff`.").optionalOrNull, "icon": .string(1...100).optionalOrNull,
        "priority": .integer(0...1000), "permissions": patterns, "denied": patterns.optionalOrNull,
        "inherits": Shape.list(of: .roleReference, 0...50).optionalOrNull, "limits": RoleLimits.input,
    ])

    static let patch = fields.patch.with(["permissions": patterns.optionalOrNull])

    static let confirm = Shape.bool.described("Do it even if nobody but owners can manage roles afterwards.").optionalOrNull

    /// What a change of a role may be refused with.
    static let refusals: [RouteShape.Refusal] = [
        .forbidden("rank_too_low"), .forbidden("cannot_grant"), .forbidden("cannot_deny"), .forbidden("holders_not_below"),
        .forbidden("owner_role"), .conflict("system_role"), .conflict("name_taken"), .conflict("would_lock_out"),
    ]

    /// What a change of somebody's roles may be refused with.
    package static let assignRefusals: [RouteShape.Refusal] = [
        .forbidden("rank_too_low"), .forbidden("cannot_grant"), .forbidden("cannot_deny"), .forbidden("owner_role"),
        .conflict("not_assignable"), .conflict("last_owner"),
    ]

    static let refusal = Shape.object(["code": .text, "detail": .text]).orNull

    // MARK: Roles

    static let permissionList = RouteShape(
        "List every permission there is.", query: ["count": .bool.optional],
        answers: [
            .ok(.whole(of: .object(["key": .text, "module": .text, "description": .object(["en": .text, "fr": .text])])))
        ])

    static let list = RouteShape.list(
        "List the roles, the highest first.", of: role,
        query: ["is_system": .bool.optional, "deleted": .bool.optional, "search": .text.optional])

    static let export = RouteShape(
        "Download the roles, the highest first, as CSV or JSON.", query: ["format": Shape.choice(RolesFeature.ExportFormat.self).optional],
        answers: [.bytes("text/csv"), .ok(.object(["items": .list(of: role), "next": .nullable(.text)]))])

    static let create = RouteShape(
        "Create a role.", body: .json(fields), answers: [.created(role).tagged], refusals: refusals + [.conflict("too_many_roles")],
        guards: [.idempotencyKey])

    static let read = RouteShape("Read a role.", parameters: ["id": .roleReference], answers: [.ok(role).tagged])

    static let edit = RouteShape(
        "Change a role.", parameters: ["id": .roleReference], body: .optionalJSON(patch.with(["confirm": confirm])),
        answers: [.ok(role).tagged], refusals: refusals, guards: [.idempotencyKey, .ifMatch])

    static let delete = RouteShape(
        "Delete a role; it can be restored.", parameters: ["id": .roleReference], query: ["confirm": .bool.optional],
        body: .optionalJSON(.object(["confirm": confirm])), answers: [.noContent], refusals: refusals + [.conflict("role_inherited")],
        guards: [.idempotencyKey, .ifMatch])

    static let history = RouteShape.list(
        "List the versions of a role, the newest first.",
        of: .object(["version": .integer, "actor_user_id": .id.orNull, "at": .timestamp, "diff": .map(.any), "snapshot": snapshot]),
        parameters: ["id": .roleReference])

    static let rollback = RouteShape(
        "Make a role what it was at an earlier version.", parameters: ["id": .roleReference],
        body: .json(.object(["version": .integer(1...Int64.max), "confirm": confirm])), answers: [.ok(role).tagged], refusals: refusals,
        guards: [.idempotencyKey, .ifMatch])

    static let restore = RouteShape(
        "Restore a deleted role.", parameters: ["id": .roleReference], body: .optionalJSON(.object(["confirm": confirm])),
        answers: [.ok(role).tagged], refusals: refusals, guards: [.idempotencyKey, .ifMatch])

    static let order = RouteShape(
        "Put roles in an order, the highest first.",
        body: .json(
            .object([
                "order": Shape.list(
                    of: .object(["role_id": .roleReference, "version": .integer(1...Int64.max).optionalOrNull]), 1...RoleStore.maximumCount)
            ])),
        answers: [.ok(.whole(of: role))], refusals: refusals + [.conflict("no_room"), .init(412, "stale_version")],
        guards: [.idempotencyKey])

    static let preview = RouteShape(
        "Tell what saving a role would do, without saving it.",
        body: .json(
            patch.with([
                "role_id": Shape.roleReference.optionalOrNull, "user_id": Shape.userReference.optionalOrNull,
                "deleted": .bool.optionalOrNull,
            ])),
        answers: [
            .ok(
                .object([
                    "gains": permissions, "loses": permissions, "member_count": .integer, "affected_count": .integer,
                    "users": .list(
                        of: .object([
                            "user_id": .id, "username": .text.orNull, "display_name": .text.orNull, "gains": permissions,
                            "loses": permissions,
                        ])),
                    "refusal": refusal, "permissions": permissions.optional,
                ]))
        ], refusals: [.init(404, "not_found")])
}
