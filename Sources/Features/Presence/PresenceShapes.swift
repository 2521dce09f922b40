internal import Directory
internal import Sanctions
package import Web

/// What the routes of presence take and answer.
package enum PresenceShapes {
    package static let status = Shape.choice(ShownStatus.self)
    package static let chosenStatus = Shape.choice(ChosenPresence.Status.self)

    package static let activity = Shape.named(
        "Activity",
        .object([
            "name": .text, "kind": .text.optionalOrNull, "icon": .text.optionalOrNull, "details": .text.optionalOrNull,
            "started_at": .timestamp,
        ]))

    /// What one shows: the members of `POST /users/{id}/status`, which `PATCH /users/{id}` takes, too.
    package static let input = Shape.object([
        "status": .choice("online", "idle", "dnd", "invisible", "offline").optionalOrNull,
        "status_message": .string(max: 128).optionalOrNull, "status_emoji": .string(max: 32).optionalOrNull,
        "status_expires_at": .timestamp.optionalOrNull, "activity_name": .string(max: 128).optionalOrNull,
        "activity": .object([
            "name": .string(1...128), "kind": .string(max: 32).optionalOrNull, "icon": .string(max: 512).optionalOrNull,
            "details": .string(max: 256).optionalOrNull, "started_at": .timestamp.optionalOrNull,
        ]).optionalOrNull,
    ])

    private static let item = Shape.object([
        "user_id": .id, "username": .text, "display_name": .text, "avatar_url": .text.orNull, "status": status,
        "status_message": .text.orNull, "status_emoji": .text.orNull, "activity_name": .text.orNull, "activity": activity.orNull,
        "last_seen_at": .timestamp.orNull, "version": .integer,
    ])

    private static let events = Shape.object(["items": .list(of: .map(.any)), "next": .nullable(.text), "position": .text])
        .described("The events after a position, by long polling.")

    private static let snapshot = Shape.page(of: .named("Presence", item.with(["roles": .list(of: .id)]))).with([
        "position": .text,
        "counts": .object(["online": .integer, "idle": .integer, "dnd": .integer]).optional.described("With `count=true`."),
    ])

    static let read = RouteShape(
        "Read who is there, or follow it: as a WebSocket, as `text/event-stream`, or by long polling with `after`.",
        query: [
            "role": Shape.roleReference.optional,
            "user_id": .text.described("Up to 200 people, apart by commas.").optional,
            "status": .text.described("Statuses, apart by commas.").optional, "online": .bool.optional, "text": .string(max: 100).optional,
            "after": .text.described("A position.").optional,
            "wait": .integer(0...60).described("Seconds to wait for an event.").optional,
            "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional, "count": .bool.optional,
        ],
        headers: ["Last-Event-ID": .text.optional],
        answers: [.ok(.oneOf([snapshot, events])), .bytes("text/event-stream"), .webSocket],
        refusals: [
            .init(401, "unauthenticated"), .init(401, "invalid_token"), .init(403, "permission_denied"), .forbidden("origin"),
            .init(404, "not_found"), .init(429, "too_many_sessions"),
        ])

    static let choose = RouteShape(
        "Choose what a person shows: their status, a message, an activity.", parameters: ["id": .userReference],
        body: .optionalJSON(input),
        answers: [
            .ok(item.with(["chosen_status": chosenStatus.optional, "status_expires_at": .timestamp.optionalOrNull]))
        ],
        refusals: [.forbidden("rank_too_low"), .muted, .filtered], guards: [.idempotencyKey])

    static let history = RouteShape.list(
        "List when a person came and went, the newest first.",
        of: .object(["user_id": .id, "from": .text, "to": .text, "cause": .text, "at": .timestamp]), parameters: ["id": .userReference],
        query: ["from": .timestamp.optional, "to": .timestamp.optional])
}
