internal import Kernel
internal import Web

/// What the routes of joining, of getting back in and of leaving take and answer.
enum RegistrationShapes {
    private static let rules = Shape.object(["version": .integer, "en": .text, "fr": .text, "updated_at": .timestamp]).orNull

    static let read = RouteShape(
        "Read how one can join.",
        answers: [
            .ok(
                .object([
                    "mode": .choice(AccountPolicy.Registration.self), "rules": rules, "verifies_email": .bool, "resets_passwords": .bool,
                    "site_name": .text.orNull, "has_owner": .bool,
                ]))
        ])

    static let register = RouteShape(
        "Join, or ask to.", headers: SignInShapes.headers,
        body: .json(
            UserShapes.account.with([
                "invitation": .string(1...200).optionalOrNull, "rules_version": .integer(1...Int64.max).optionalOrNull,
                "message": .string(max: 1000).optionalOrNull,
            ])),
        answers: [.created(SignInShapes.opened), .accepted(state("verify_email", "pending_approval"))],
        refusals: UserShapes.takenRefusals + [
            .forbidden("origin_refused"), .forbidden("registration_closed"), .forbidden("invitation_required"),
            .forbidden("invitation_invalid"), .conflict("invitation_used_up"), .conflict("rules_changed"),
        ])

    private static func state(_ values: String...) -> Shape { .object(["state": .choice(values)]) }

    static let verify = RouteShape(
        "Confirm an e-mail address by the link in a mail, with the password that was chosen.",
        body: .json(.object(["token": .string(1...200), "password": UserShapes.givenPassword.optionalOrNull])),
        answers: [.ok(state("active", "pending_approval", "email_changed"))],
        refusals: UserShapes.takenRefusals + [.forbidden("origin_refused"), .forbidden("link_invalid")])

    private static let address = RouteShape.Body.json(.object(["email": .string(1...254)]))
    private static let mailRefusals: [RouteShape.Refusal] = [.forbidden("origin_refused"), .conflict("mail_off")]

    static let resend = RouteShape(
        "Ask for another mail that confirms an address.",
        body: .json(.object(["email": .string(1...254).optionalOrNull, "username": .string(1...64).optionalOrNull])),
        answers: [.accepted(state("noted"))], refusals: mailRefusals)
    static let forgot = RouteShape(
        "Ask for a mail that sets a new password.", body: address, answers: [.accepted(state("noted"))], refusals: mailRefusals)

    static let reset = RouteShape(
        "Set a new password by the link in a mail.",
        body: .json(.object(["token": .string(1...200), "password": UserShapes.password])), answers: [.noContent],
        refusals: [.forbidden("origin_refused"), .forbidden("link_invalid"), .init(412, "stale_version")])

    static let changeEmail = RouteShape(
        "Change one’s own e-mail address.",
        body: .json(.object(["email": .string(1...254), "password": UserShapes.givenPassword])),
        answers: [.ok(state("email_changed")), .accepted(state("verify_email"))],
        refusals: [.conflict("email_taken"), .init(412, "stale_version")])

    static let acceptRules = RouteShape(
        "Accept the rules in force.", body: .json(.object(["version": .integer(1...Int64.max)])), answers: [.noContent],
        refusals: [.conflict("rules_changed")])

    static let leave = RouteShape(
        "Delete one’s own account; for a while signing in undoes it.", body: .json(.object(["password": UserShapes.givenPassword])),
        answers: [.ok(.object(["until": .timestamp]))], refusals: [.conflict("last_owner"), .init(412, "stale_version")])

    // MARK: The team's side

    private static let registration = Shape.named(
        "Registration",
        .object([
            "id": .id, "username": .text, "display_name": .text, "email": .text.orNull, "locale": .choice(Language.self),
            "state": .choice(RegistrationRecord.State.self), "message": .text.orNull, "invitation_id": .id.orNull,
            "rules_version": .integer.orNull, "created_at": .timestamp, "email_verified_at": .timestamp.orNull, "decided_by": .id.orNull,
            "decided_at": .timestamp.orNull, "reason": .text.orNull,
        ]))

    static let list = RouteShape.list(
        "List those who ask to join.", of: registration, query: ["state": .choice(RegistrationRecord.State.self).optional])

    static let approve = RouteShape(
        "Make a member of somebody who asks to join.", body: .optionalJSON(.object(["reason": .string(max: 500).optionalOrNull])),
        answers: [.ok(UserShapes.user)], refusals: UserShapes.takenRefusals, guards: [.idempotencyKey])

    static let refuse = RouteShape(
        "Refuse somebody who asks to join.", body: .json(.object(["reason": .string(1...500)])), answers: [.ok(registration)],
        guards: [.idempotencyKey])

    private static let settings = Shape.named(
        "Settings",
        .object([
            "site_name": .text.orNull, "registration_mode": .choice(AccountPolicy.Registration.self),
            "default_registration_mode": .choice(AccountPolicy.Registration.self), "rules": rules, "sends_mail": .bool,
            "public_url": .text.orNull, "leave_grace_days": .integer, "version": .integer,
        ]))

    static let readSettings = RouteShape("Read the site’s settings.", answers: [.ok(settings).tagged])

    static let editSettings = RouteShape(
        "Change the site’s settings.",
        body: .optionalJSON(
            .object([
                "site_name": .string(1...64).optionalOrNull, "registration_mode": .choice(AccountPolicy.Registration.self).optionalOrNull,
                "rules": .object(["en": .string(1...20_000), "fr": .string(1...20_000)]).optionalOrNull,
            ])), answers: [.ok(settings).tagged], guards: [.idempotencyKey, .ifMatch])
}
