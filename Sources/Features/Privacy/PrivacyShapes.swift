internal import FeatureKit
internal import Web

/// What the routes of privacy take and answer.
enum PrivacyShapes {
    private static let export = Shape.named(
        "DataExport",
        .object([
            "id": .id, "state": .choice("waiting", "ready"), "created_at": .timestamp, "ready_at": .timestamp.orNull,
            "expires_at": .timestamp.orNull, "size": .integer, "json_url": .text.orNull, "html_url": .text.orNull,
        ]))

    static let ask = RouteShape(
        "Ask for a copy of everything that the site holds of oneself.", answers: [.accepted(export)], guards: [.idempotencyKey])

    static let read = RouteShape(
        "Read the state of one’s copy; `none` without one, or after it expired.",
        answers: [.ok(.oneOf([export, .object(["state": .choice("none")])]))])

    static let file = RouteShape(
        "Download one’s copy.", parameters: ["format": .choice("json", "html")], answers: [.ok(.any), .bytes("text/html")])

    static let register = RouteShape(
        "List what the site holds of people, why, and for how long.",
        answers: [
            .ok(
                .page(
                    of: .object([
                        "table": .text, "feature": .text.orNull, "what": .text, "basis": .choice(PersonalData.Basis.self),
                        "retention": .text,
                        "erasure": .choice(PersonalData.Erasure.self),
                    ])))
        ])
}
