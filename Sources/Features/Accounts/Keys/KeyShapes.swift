internal import Web

/// What the routes of API keys take and answer.
enum KeyShapes {
    private static let members = Shape.object([
        "id": .id, "user_id": .id, "name": .text, "prefix": .text, "scopes": .list(of: .text), "expired": .bool,
        "expires_at": .timestamp.orNull, "created_at": .timestamp, "rotated_at": .timestamp.orNull,
        "previous_expires_at": .timestamp.orNull,
        "last_used_at": .timestamp.orNull, "last_used_address": .text.orNull, "use_count": .integer,
        "requires_signature": Shape.bool.described("Whether its requests must be signed (RFC 9421)."),
        "addresses": Shape.list(of: .text).described("The networks that it may be used from; empty for any."), "version": .integer,
    ])

    static let key = Shape.named("APIKey", members)
    private static let signing = Shape.text.optional.described("What signs its requests, where they must be; shown this once.")
    private static let shown = members.with(["key": Shape.text.described("The secret, shown this once."), "signing_secret": signing])

    private static let input = Shape.object([
        "name": .string(KeyRecord.nameLength), "scopes": .list(of: .string(1...200), 0...500), "expires_at": .timestamp.optionalOrNull,
        "requires_signature": .bool.optionalOrNull,
        "addresses": Shape.list(of: .string(1...64), 0...KeyRecord.addressLimit).optionalOrNull,
    ])

    static let list = RouteShape.list(
        "List API keys: one’s own, those of `user`, or all.", of: key,
        query: ["user": Shape.userReference.optional, "all": .bool.optional], refusals: [.init(404, "not_found")])

    static let create = RouteShape(
        "Create an API key.", body: .json(input), answers: [.created(shown).tagged],
        refusals: [.forbidden("cannot_grant"), .conflict("too_many_keys")], guards: [.idempotencyKey])

    static let read = RouteShape("Read an API key.", answers: [.ok(key).tagged])

    static let edit = RouteShape(
        "Change an API key of one’s own.", body: .optionalJSON(input.patch),
        answers: [.ok(members.with(["signing_secret": signing])).tagged],
        refusals: [.forbidden("cannot_grant"), .forbidden("not_your_key")], guards: [.idempotencyKey, .ifMatch])

    static let rotate = RouteShape(
        "Give a key a new secret; the old one is good for a while.",
        body: .optionalJSON(.object(["overlap_s": .integer(0...7 * 86_400).optionalOrNull])), answers: [.ok(shown).tagged],
        refusals: [.forbidden("not_your_key"), .conflict("key_expired")], guards: [.idempotencyKey, .ifMatch])

    static let revoke = RouteShape(
        "Revoke an API key.", answers: [.noContent], refusals: [.forbidden("rank_too_low")], guards: [.idempotencyKey, .ifMatch])
}
