internal import Accounts
internal import Kernel
internal import Web

/// Shapes of the routes of passkeys.
enum PasskeyShapes {
    private static let passkey = Shape.named(
        "Passkey",
        .object([
            "id": .id, "name": .text, "created_at": .timestamp, "last_used_at": .timestamp.orNull, "transports": .list(of: .text),
            "aaguid": Shape.text.described("The model of the authenticator; zeros where it does not say."),
            "synced": Shape.bool.described("Whether it has been copied to other devices of the person."), "rp_id": .text,
            "usable": Shape.bool.described("Whether it is of the site’s address of now."),
        ]))

    private static let descriptor = Shape.object(["type": .choice("public-key"), "id": .text, "transports": .list(of: .text)])

    /// As `PublicKeyCredential.parseCreationOptionsFromJSON` takes it.
    private static let creation = Shape.named(
        "PasskeyCreationOptions",
        .object([
            "challenge": .text, "rp": .object(["id": .text, "name": .text]),
            "user": .object(["id": .text, "name": .text, "displayName": .text]),
            "pubKeyCredParams": .list(of: .object(["type": .choice("public-key"), "alg": .integer])), "timeout": .integer,
            "excludeCredentials": .list(of: descriptor),
            "authenticatorSelection": .object([
                "residentKey": .choice("required"), "requireResidentKey": .bool, "userVerification": .choice("required"),
            ]), "attestation": .choice("none"), "extensions": .object(["credProps": .bool]),
        ]))

    /// As `PublicKeyCredential.parseRequestOptionsFromJSON` takes it.
    private static let request = Shape.named(
        "PasskeyRequestOptions",
        .object([
            "challenge": .text, "rpId": .text, "timeout": .integer, "userVerification": .choice("required", "preferred"),
            "allowCredentials": .list(of: descriptor),
        ]))

    private static let credential = Shape.any.described("What `toJSON()` of the browser’s credential gives.")

    static let list = RouteShape(
        "List one’s own passkeys.",
        answers: [
            .ok(
                Shape.whole(of: passkey).with([
                    "rp_id": Shape.text.orNull.described("The domain that new passkeys are for; null where the site has none."),
                    "unavailable": Shape.text.orNull.described("Why the site has none."), "limit": .integer,
                ]))
        ])

    static let creationOptions = RouteShape(
        "Ask for what a browser makes a new passkey with, after proving again who one is.",
        body: .optionalJSON(.object(["password": .string(1...200).optionalOrNull, "code": .string(max: 40).optionalOrNull])),
        answers: [.ok(creation)], refusals: [.conflict("passkeys_unavailable"), .conflict("too_many_passkeys")])

    static let register = RouteShape(
        "Register the passkey that the browser made.",
        body: .json(.object(["name": .string(1...64).optionalOrNull, "credential": credential])), answers: [.created(passkey)],
        refusals: [.conflict("passkeys_unavailable"), .conflict("too_many_passkeys"), .conflict("already_registered")],
        guards: [.idempotencyKey])

    static let rename = RouteShape(
        "Rename one’s own passkey.", body: .json(.object(["name": .string(1...64)])), answers: [.ok(passkey)],
        guards: [.idempotencyKey])

    static let remove = RouteShape(
        "Remove one’s own passkey.", answers: [.noContent], refusals: [.conflict("last_way_in")], guards: [.idempotencyKey])

    static let requestOptions = RouteShape(
        "Ask for what a browser proves a passkey with.", body: .optionalJSON(.object([:])), answers: [.ok(request)],
        refusals: [.conflict("passkeys_unavailable"), .forbidden("origin_refused")])

    static let eitherOptions = RouteShape(
        "Ask for what a browser makes a new passkey with, or proves one with.",
        body: .optionalJSON(
            .object([
                "purpose": Shape.choice(PasskeyPurpose.self).optionalOrNull.described("By default `register` for who is signed in."),
                "password": .string(1...200).optionalOrNull, "code": .string(max: 40).optionalOrNull,
            ])), answers: [.ok(.oneOf([creation, request]))],
        refusals: [
            .init(401, "unauthenticated"), .forbidden("api_key_refused"), .forbidden("origin_refused"), .conflict("passkeys_unavailable"),
            .conflict("too_many_passkeys"),
        ])

    static let signIn = RouteShape(
        "Sign in with a passkey, without a password.", headers: ["X-Foyer-Session": .choice("cookie").optional],
        body: .json(.object(["credential": credential])), answers: [.ok(SessionShapes.opened)],
        refusals: [
            .init(401, "passkey_invalid"), .init(401, "passkey_copied"), .init(401, "invalid_credentials"),
            .conflict("passkeys_unavailable"), .forbidden("origin_refused"),
        ])
}
