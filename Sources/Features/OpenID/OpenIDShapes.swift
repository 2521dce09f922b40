internal import Accounts
internal import Kernel
internal import Web

/// What the routes of providers take and answer.
enum OpenIDShapes {
    private static let key = Shape.string(ProviderInput.keyLength).described("Names the provider in addresses.")

    private static let rule = Shape.object([
        "claim": .string(ProviderInput.claimLength).described("The name of a claim; dots lead into objects."),
        "value": .string(ProviderInput.valueLength), "role": .roleReference,
    ])

    private static let provider = Shape.named(
        "IdentityProvider",
        .object([
            "id": .id, "key": key, "name": .text, "issuer": .text, "client_id": .text, "has_secret": .bool, "scopes": .list(of: .text),
            "enabled": .bool, "trusts_email": .bool, "trusts_mfa": .bool,
            "role_rules": .list(of: .object(["claim": .text, "value": .text, "role": .id])), "redirect_uri": .text,
            "backchannel_logout_uri": .text, "checked_at": .timestamp, "created_at": .timestamp, "version": .integer,
        ]))

    private static let settings = Shape.object([
        "name": Shape.string(ProviderInput.nameLength).optionalOrNull,
        "client_id": Shape.string(ProviderInput.clientLength).optionalOrNull,
        "client_secret": Shape.string(ProviderInput.secretLength).optionalOrNull,
        "scopes": Shape.list(of: .string(1...100), ProviderInput.scopeCount).optionalOrNull, "enabled": Shape.bool.optionalOrNull,
        "trusts_email": Shape.bool.optionalOrNull, "trusts_mfa": Shape.bool.optionalOrNull,
        "role_rules": Shape.list(of: rule, 0...RoleRule.limit).optionalOrNull,
    ])

    static let list = RouteShape("List the OpenID providers with which people sign in.", answers: [.ok(.whole(of: provider))])
    static let read = RouteShape("Read a provider; its secret is never shown.", answers: [.ok(provider).tagged])
    static let create = RouteShape(
        "Add a provider; its description is fetched and checked first.",
        body: .json(
            settings.with([
                "key": key, "issuer": .string(1...500), "name": .string(ProviderInput.nameLength),
                "client_id": .string(ProviderInput.clientLength),
            ])), answers: [.created(provider).tagged],
        refusals: [
            .conflict("too_many_providers"), .conflict("provider_exists"), .conflict("public_url_missing"), .forbidden("owner_only"),
            .forbidden("rank_too_low"), .init(503, "openid_unreachable"),
        ], guards: [.idempotencyKey])
    static let edit = RouteShape(
        "Change a provider, or switch it off.", body: .optionalJSON(settings), answers: [.ok(provider).tagged],
        refusals: [.forbidden("owner_only"), .forbidden("rank_too_low"), .init(503, "openid_unreachable")],
        guards: [.idempotencyKey, .ifMatch])
    static let delete = RouteShape("Remove a provider.", answers: [.noContent], guards: [.idempotencyKey, .ifMatch])

    static let offered = RouteShape(
        "List the providers that the sign-in page offers.", answers: [.ok(.whole(of: .object(["key": key, "name": .text])))])
    static let start = RouteShape(
        "Go to a provider to sign in; answered by a redirect.", parameters: ["provider": key],
        query: ["return_to": .string(max: ReturnPath.maximum).described("A path of this site.").optional], answers: [.empty(303)])
    static let callback = RouteShape(
        "Come back from a provider; answered by a redirect to a page of this site.", parameters: ["provider": key],
        query: [
            "state": .text.optional, "code": .text.optional, "iss": .text.optional, "error": .text.optional,
            "error_description": .text.optional, "session_state": .text.optional, "scope": .text.optional,
        ], answers: [.empty(303)])

    private static let ticket = Shape.string(1...200).described("What stands behind the `#` of the page.")

    static let readTicket = RouteShape(
        "Read what a sign-in with a provider still needs.", body: .json(.object(["ticket": ticket])),
        answers: [
            .ok(
                .object([
                    "step": .choice("code", "join"), "provider": .object(["key": key, "name": .text]), "return_to": .text,
                    "email": .nullable(.text), "email_is_proven": .bool, "needs_password": .bool, "username": .text,
                    "display_name": .nullable(.text),
                ]))
        ], refusals: [.forbidden("openid_expired")])

    static let complete = RouteShape(
        "Sign in with the code of the second factor, or make the account of somebody new.",
        headers: ["X-Foyer-Session": .choice("cookie").optional],
        body: .json(
            .object([
                "ticket": ticket, "otp": Shape.string(max: 40).optionalOrNull, "username": Shape.string(1...64).optionalOrNull,
                "display_name": Shape.string(1...64).optionalOrNull, "email": Shape.string(1...254).optionalOrNull,
                "password": Shape.string(8...200).optionalOrNull, "locale": Shape.choice(Language.self).optionalOrNull,
                "invitation": Shape.string(1...200).optionalOrNull, "rules_version": Shape.integer.optionalOrNull,
                "message": Shape.string(max: 1000).optionalOrNull,
            ])),
        answers: [
            .ok(AccountsFeature.sessionShape), .created(AccountsFeature.sessionShape),
            .accepted(.object(["state": .choice("verify_email", "pending_approval")])),
        ],
        refusals: [
            .forbidden("openid_expired"), .forbidden("origin_refused"), .init(401, "otp_required"), .init(401, "otp_invalid"),
            .init(401, "invalid_credentials"), .init(423, "banned"), .init(423, "disabled"), .forbidden("registration_closed"),
            .forbidden("invitation_required"), .forbidden("invitation_invalid"), .conflict("invitation_used_up"),
            .conflict("rules_changed"), .conflict("username_taken"),
            .conflict("email_taken"), .conflict("identity_taken"), .init(422, "blocked_by_filter"),
        ])

    static let logout = RouteShape(
        "End the sessions of somebody who signed out at a provider (OpenID Connect Back-Channel Logout 1.0).",
        body: .bytes(["application/x-www-form-urlencoded"]), answers: [.empty(200)], refusals: [.init(400, "logout_token_invalid")])

    static let identities = RouteShape(
        "List the providers to which one’s account is connected.",
        answers: [
            .ok(
                .whole(
                    of: .object([
                        "id": .id, "provider": .nullable(.text), "name": .text, "label": .nullable(.text), "created_at": .timestamp,
                        "last_used_at": .timestamp.orNull, "removable": .bool,
                    ])))
        ])
    static let link = RouteShape(
        "Connect one’s account to a provider: gives the address to which the browser goes.",
        body: .json(
            .object([
                "provider": key, "password": Shape.string(1...200).optionalOrNull,
                "return_to": Shape.string(1...ReturnPath.maximum).optionalOrNull,
            ])), answers: [.ok(.object(["location": .text]))],
        refusals: [.init(404, "not_found"), .conflict("already_linked"), .forbidden("sign_in_again")])
    static let unlink = RouteShape(
        "Disconnect one’s account from a provider.", answers: [.noContent], refusals: [.conflict("last_way_in")])
}
