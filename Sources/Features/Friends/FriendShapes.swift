internal import Kernel
internal import Sanctions
internal import Web

/// What the routes of friends take and answer.
enum FriendShapes {
    static let request = Shape.named(
        "FriendRequest",
        .object([
            "id": .id, "from": UserCards.shape, "to": UserCards.shape, "state": .choice(FriendRequest.State.self),
            "note": .text.orNull.described("Until the request is answered."), "created_at": .timestamp, "decided_at": .timestamp.orNull,
        ]))

    private static let person = Shape.object(["user": UserCards.shape, "since": .timestamp])

    static let ask = RouteShape(
        "Ask somebody to become friends; who was asked by them becomes their friend at once.",
        body: .json(.object(["to": .userReference, "note": .string(max: noteLength).optionalOrNull])),
        answers: [.created(request), .ok(request)],
        refusals: [
            .forbidden("not_allowed"), .muted, .filtered, .init(404, "not_found"), .conflict("already_friends"),
            .conflict("blocked_by_you"),
            .conflict("friend_limit"), .conflict("friend_limit_of_other"), .init(429, "too_many_requests_pending"),
            .init(429, "too_many_requests_today"),
        ], guards: [.idempotencyKey])

    static let noteLength = 300

    static let requests = RouteShape.list(
        "List the requests that wait for an answer, the newest first.", of: request,
        query: ["direction": .choice(RequestDirection.self).optional])

    static let decide = RouteShape(
        "Answer a request, or take it back.", answers: [.ok(request)],
        refusals: [
            .forbidden("not_yours"), .conflict("request_closed"), .conflict("friend_limit"), .conflict("friend_limit_of_other"),
        ], guards: [.idempotencyKey])

    static let friends = RouteShape.list("List one’s friends.", of: person)
    static let suggestions = RouteShape(
        "List friends of friends whom one can ask, those with the most friends in common first.",
        query: ["limit": .integer(1...50).optional, "count": .bool.optional],
        answers: [
            .ok(.whole(of: .object(["user": UserCards.shape, "common_count": .integer, "common": .list(of: UserCards.shape)])))
        ])
    static let friendsOf = RouteShape.list(
        "List the friends of somebody who shows them.", of: person, parameters: ["id": .userReference])

    static let remove = RouteShape(
        "End a friendship.", parameters: ["user": .userReference], answers: [.noContent], guards: [.idempotencyKey])

    static let blocks = RouteShape.list("List those whom one blocks.", of: person)
    static let block = RouteShape(
        "Block somebody: friendship and requests end, and nothing of theirs comes any more.", parameters: ["user": .userReference],
        answers: [.noContent], refusals: [.conflict("block_limit")], guards: [.idempotencyKey])
    static let unblock = RouteShape(
        "Unblock somebody; what was ended stays ended.", parameters: ["user": .userReference], answers: [.noContent],
        guards: [.idempotencyKey])

    private static let settings = Shape.object([
        "profile": .choice(PrivacySettings.Profile.self), "befriend": .choice(PrivacySettings.Befriend.self),
        "write": .choice(PrivacySettings.Contact.self), "call": .choice(PrivacySettings.Contact.self),
        "history": .choice(PrivacySettings.History.self), "receipts": .bool,
    ])
    private static let privacy = Shape.named("Privacy", settings.with(["version": .integer]))
    static let readPrivacy = RouteShape("Read what one shows and lets others do.", answers: [.ok(privacy).tagged])
    static let editPrivacy = RouteShape(
        "Change what one shows and lets others do.", body: .optionalJSON(settings.patch), answers: [.ok(privacy).tagged],
        guards: [.idempotencyKey, .ifMatch])
}
