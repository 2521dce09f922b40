internal import Roles
internal import Web

/// What the routes of invitations take and answer.
enum InvitationShapes {
    private static let members = Shape.object([
        "id": .id, "note": .text.orNull, "state": .choice(InvitationRecord.State.self), "roles": .list(of: .id),
        "role_details": .list(of: RoleShapes.summary), "max_uses": .integer.orNull, "uses": .integer, "expires_at": .timestamp.orNull,
        "created_by": .id, "created_by_name": .text.orNull, "created_at": .timestamp, "revoked_at": .timestamp.orNull,
    ])
    private static let invitation = Shape.named("Invitation", members)

    static let list = RouteShape.list(
        "List the invitations, the newest first.", of: invitation, query: ["state": .choice(InvitationRecord.State.self).optional])

    static let create = RouteShape(
        "Create an invitation; its link is shown this once.",
        body: .optionalJSON(
            .object([
                "note": .string(max: 200).optionalOrNull, "roles": Shape.list(of: .roleReference, 0...50).optionalOrNull,
                "max_uses": .integer(1...1_000_000).optionalOrNull, "expires_at": .timestamp.optionalOrNull,
            ])),
        answers: [.created(members.with(["token": .text, "url": .text]))],
        refusals: [.forbidden("rank_too_low"), .forbidden("cannot_grant"), .forbidden("owner_role"), .conflict("not_assignable")],
        guards: [.idempotencyKey])

    static let read = RouteShape("Read an invitation.", answers: [.ok(invitation)])
    static let revoke = RouteShape("Revoke an invitation.", answers: [.noContent], guards: [.idempotencyKey])

    static let preview = RouteShape(
        "Read what an invitation promises, with the token of its link.", body: .json(.object(["token": .string(1...200)])),
        answers: [
            .ok(.object(["invited_by": .text, "expires_at": .timestamp.orNull, "roles": .list(of: RoleShapes.summary)]))
        ], refusals: [.forbidden("origin_refused"), .forbidden("invitation_invalid"), .conflict("invitation_used_up")])
}
