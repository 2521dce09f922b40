internal import Web

/// What the routes of second factors take and answer.
enum FactorShapes {
    static let read = RouteShape(
        "Read whether an account has a second factor.", parameters: ["id": .userReference],
        answers: [
            .ok(.object(["enrolled": .bool, "confirmed_at": .timestamp.orNull, "recovery_codes_left": .integer.orNull]))
        ])

    static let enrol = RouteShape(
        "Begin to enrol a second factor of one’s own.", parameters: ["id": .userReference],
        body: .json(.object(["password": UserShapes.givenPassword])),
        answers: [
            .created(
                .object([
                    "secret": .text, "uri": .text, "algorithm": .choice("SHA1"), "digits": .integer, "period": .integer,
                    "expires_at": .timestamp,
                ]))
        ], refusals: [.conflict("already_enrolled")], guards: [.idempotencyKey])

    static let confirm = RouteShape(
        "Take the second factor into use, with a first code.", parameters: ["id": .userReference],
        body: .json(.object(["code": .string(1...20)])), answers: [.ok(.object(["recovery_codes": .list(of: .text)]))],
        refusals: [.conflict("already_enrolled"), .conflict("not_begun")], guards: [.idempotencyKey])

    static let remove = RouteShape(
        "Remove a second factor: one’s own with password and code, or one that somebody lost.", parameters: ["id": .userReference],
        body: .optionalJSON(
            .oneOf([
                .object(["password": UserShapes.givenPassword, "code": .string(1...40)]),
                .object(["reason": .string(max: 500).optionalOrNull]),
            ])), answers: [.noContent], refusals: [.forbidden("rank_too_low")], guards: [.idempotencyKey])
}
