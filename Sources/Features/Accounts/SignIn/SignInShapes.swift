internal import Roles
package import Web

/// What hands over a session, by whichever means its person came in.
package enum SessionShapes {
    static let tokens = Shape.named(
        "Tokens",
        .object([
            "access_token": .text, "token_type": .choice("Bearer"), "expires_in": .integer, "refresh_token": .text, "session_id": .id,
            "user": UserShapes.user,
        ]))

    /// Tokens, or beside a cookie what its forms must carry.
    package static let opened = Shape.oneOf([
        tokens,
        .named("CookieSession", .object(["user": UserShapes.user, "csrf": .text, "session_id": .id, "expires_at": .timestamp])),
    ])
}

/// What the routes of signing in and of sessions take and answer.
enum SignInShapes {
    /// A browser asks for a cookie instead of tokens.
    static let headers: KeyValuePairs<String, Shape> = ["X-Foyer-Session": .choice("cookie").optional]

    static let opened = SessionShapes.opened

    static let login = RouteShape(
        "Sign in by password, and a code where there is a second factor.", headers: headers,
        body: .json(
            .object([
                "email": .string(1...254).optionalOrNull, "username": .string(1...64).optionalOrNull,
                "password": UserShapes.givenPassword, "otp": .string(max: 40).optionalOrNull,
                "passkey": Shape.any.optional.described("In the place of a code: what the browser gave for the `passkey` of the answer."),
            ])),
        answers: [.ok(opened)],
        refusals: [
            .init(401, "invalid_credentials"), .init(401, "otp_required"), .init(401, "otp_invalid"), .init(401, "passkey_invalid"),
            .init(401, "passkey_copied"), .forbidden("origin_refused"),
            .init(423, "email_unverified"), .init(423, "pending_approval"), .init(423, "registration_refused"),
        ])

    static let setUp = RouteShape(
        "Make the first owner, with the token of the set-up link.", headers: headers,
        body: .json(UserShapes.account.with(["token": .string(1...200)])), answers: [.created(opened)],
        refusals: [.forbidden("origin_refused"), .forbidden("setup_token_invalid"), .conflict("already_set_up")])

    static let refresh = RouteShape(
        "Spend a refresh token for new tokens.", body: .json(.object(["refresh_token": .string(1...200)])),
        answers: [.ok(SessionShapes.tokens)],
        refusals: [.init(401, "invalid_token")])

    static let logout = RouteShape(
        "End this session.", body: .optionalJSON(.object(["refresh_token": .string(max: 200).optionalOrNull])), answers: [.noContent])

    static let password = RouteShape(
        "Change one’s own password; every other session ends.",
        body: .json(.object(["current": UserShapes.givenPassword, "new": UserShapes.password])), answers: [.noContent],
        refusals: [.init(412, "stale_version")])

    private static let session = Shape.named(
        "Session",
        .object([
            "id": .id, "user_id": .id, "current": .bool, "kind": .choice("cookie", "tokens"), "label": .text, "ip": .text,
            "user_agent": .text, "created_at": .timestamp, "last_used_at": .timestamp, "expires_at": .timestamp,
        ]))

    private static let identity = Shape.object([
        "user": UserShapes.user, "permissions": .list(of: .text), "is_owner": .bool, "roles": .list(of: RoleShapes.held),
    ])

    static let current = RouteShape(
        "Read who I am and what I may do.",
        answers: [
            .ok(
                .oneOf([
                    identity.with([
                        "csrf": .text, "session_id": .id, "expires_at": .timestamp, "rules_to_accept": .integer.orNull,
                        "language_chosen": Shape.bool.described("Whether the language is the person’s choice, not a default."),
                    ]),
                    identity.with([
                        "csrf": .nullable(.text), "session_id": .nullable(.id), "api_key": KeyShapes.key, "expires_at": .timestamp.orNull,
                    ]),
                ]))
        ])

    static let list = RouteShape.list("List one’s own open sessions.", of: session)
    static let listOf = RouteShape.list("List a member’s open sessions.", of: session, parameters: ["id": .userReference])
    static let revoke = RouteShape("End a session.", answers: [.noContent], refusals: [.forbidden("rank_too_low")])
}
