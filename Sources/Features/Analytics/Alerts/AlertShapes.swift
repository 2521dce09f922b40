internal import Web

/// The input and the answers of the routes of alerts.
enum AlertShapes {
    /// The unit of a metric.
    static func unit(_ metric: AlertMetric) -> String {
        switch metric.kind {
        case .number, .count: "count"
        case .ratio: "ratio"
        case .duration: "ms"
        case .bytes: "bytes"
        }
    }

    private static let phase = Shape.choice(AlertState.Phase.self)

    private static let input = Shape.object([
        "name": .string(1...80), "expression": .string(1...500).described("`error_rate > 1% for 1m`"),
        "severity": Shape.choice(AlertRule.Severity.self).optionalOrNull,
        "channels": Shape.list(of: .choice(AlertRule.Channel.self), 0...3).optionalOrNull,
        "webhook_url": Shape.string(max: 2000).optionalOrNull, "enabled": Shape.bool.optionalOrNull,
        "resolve_after_s": Shape.integer(5...86_400).optionalOrNull, "no_data": Shape.choice(AlertState.NoData.self).optionalOrNull,
    ])

    private static let alert = Shape.named(
        "Alert",
        .object([
            "id": .id, "name": .text, "expression": .text, "severity": .choice(AlertRule.Severity.self),
            "channels": .list(of: .choice(AlertRule.Channel.self)), "webhook_url": .text.orNull, "enabled": .bool,
            "resolve_after_s": .integer.orNull, "no_data": .choice(AlertState.NoData.self), "author_id": .nullable(.id),
            "silenced_until": .nullable(.timestamp), "state": phase, "since": .timestamp, "value": Shape.number.orNull,
            "metric": .text.orNull, "unit": .text.orNull, "threshold": Shape.number.orNull, "flapping": .bool, "error": .text.orNull,
            "series": .list(of: .object(["series": .text, "state": phase, "since": .timestamp, "value": Shape.number.orNull])),
            "version": .integer, "created_at": .timestamp, "updated_at": .timestamp,
            "webhook_secret": .text.orNull.optional.described("`whsec_…`, when it is made."),
        ]))

    static let list = RouteShape("List the alerts, with their states.", answers: [.ok(.whole(of: alert))])
    static let read = RouteShape("Read an alert.", answers: [.json(200, alert).tagged])

    static let save = RouteShape(
        "Set up an alert, or change the one with that name.", body: .json(input),
        answers: [.json(201, alert).tagged, .json(200, alert).tagged],
        refusals: [.conflict("too_many_alerts"), .init(412, "stale_version")], guards: [.idempotencyKey])

    static let edit = RouteShape(
        "Change an alert.", body: .json(input.patch), answers: [.json(200, alert).tagged], refusals: [.conflict("name_taken")],
        guards: [.idempotencyKey, .ifMatch])

    static let delete = RouteShape("Delete an alert.", answers: [.noContent], guards: [.idempotencyKey])

    static let silence = RouteShape(
        "Silence an alert until a time; null ends the silence.", body: .json(.object(["until": Shape.timestamp.optionalOrNull])),
        answers: [.json(200, alert).tagged], refusals: [.init(412, "stale_version")], guards: [.idempotencyKey])

    static let preview = RouteShape(
        "Tell when a rule would have fired; nothing is saved.",
        body: .json(
            .object([
                "expression": .string(1...500), "hours": Shape.integer(1...168).described("24 unless said.").optionalOrNull,
                "resolve_after_s": Shape.integer(5...86_400).optionalOrNull, "no_data": Shape.choice(AlertState.NoData.self).optionalOrNull,
            ])),
        answers: [
            .ok(
                .object([
                    "from": .timestamp, "to": .timestamp, "metric": .text.orNull, "unit": .text.orNull, "threshold": Shape.number.orNull,
                    "fires": .list(of: .object(["series": .text, "from": .nullable(.timestamp), "to": .nullable(.timestamp)])),
                    "points": .list(of: .object(["at": .timestamp, "value": Shape.number.orNull])), "has_data": .bool,
                ]))
        ])

    static let history = RouteShape.list(
        "List what fired and was resolved, the newest first.",
        of: .object([
            "id": .id, "alert_id": .id, "name": .text.orNull, "series": .text, "state": .choice("firing", "resolved"),
            "value": Shape.number.orNull, "at": .timestamp,
        ]), query: ["alert": .text.described("The id of one alert.").optional])
}
