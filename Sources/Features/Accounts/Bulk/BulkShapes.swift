internal import Sanctions
internal import Web

/// What the routes of acts upon many take and answer.
enum BulkShapes {
    private static let job = Shape.named(
        "BulkJob",
        .object([
            "id": .id, "state": .choice("prepared", "running", "done", "cancelled", "stopped"), "action": .choice(BulkAction.Name.self),
            "role": .id.optional, "tag": .text.optional, "duration_s": .integer.optionalOrNull, "reason": .text.orNull, "total": .integer,
            "settled": .integer, "changed": .integer, "unchanged": .integer, "failed": .integer, "undoes": .id.orNull,
            "undone_by": .id.orNull, "can_undo": .bool, "created_at": .timestamp, "ended_at": .timestamp.orNull,
        ]))

    private static let failure = Shape.object([
        "user": .object(["id": .id, "username": .text.orNull, "display_name": .text.orNull]), "code": .text, "detail": .text,
    ])

    static let list = RouteShape("List one’s own latest jobs.", answers: [.ok(.whole(of: job))])

    static let prepare = RouteShape(
        "Prepare an act upon many: upon `users`, or all whom a filter finds.",
        body: .json(
            .oneOf([
                order(.giveRole, .takeRole).with(["role": .roleReference]), order(.addTag, .removeTag).with(["tag": .string(1...40)]),
                order(.ban).with(["reason": .string(1...500), "duration_s": .integer(SanctionLimits.seconds).optionalOrNull]),
                order(.disable, .enable, .unban, .delete, .restore),
            ])),
        answers: [.created(job)], guards: [.idempotencyKey])

    private static func order(_ actions: BulkAction.Name...) -> Shape {
        .object([
            "action": .choice(actions.map(\.rawValue)), "reason": .string(max: 500).optionalOrNull,
            "users": Shape.list(of: .id, 1...1000).optionalOrNull,
            "filter": .string(max: 2000).described("The query of `GET /users`, instead of `users`.").optionalOrNull,
        ])
    }

    static let read = RouteShape("Read a job.", answers: [.ok(job)])

    static let preview = RouteShape(
        "Tell what a job would do to the first people of it, without doing it.",
        answers: [
            .ok(.object(["checked": .integer, "changed": .integer, "unchanged": .integer, "refused": .list(of: failure)]))
        ])

    static let failures = RouteShape.list("List those with whom it could not be done, and why.", of: failure)
    static let run = RouteShape("Begin a job.", answers: [.accepted(job), .ok(job)], guards: [.idempotencyKey])
    static let cancel = RouteShape("End a job where it is.", answers: [.ok(job)], guards: [.idempotencyKey])

    static let undo = RouteShape(
        "Begin a job that takes another one back.", answers: [.accepted(job)], refusals: [.conflict("cannot_undo")],
        guards: [.idempotencyKey])
}
