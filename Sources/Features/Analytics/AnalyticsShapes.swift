internal import Web

/// The input and the answers of the routes of analytics.
enum AnalyticsShapes {
    private static let latency = Shape.named(
        "Latency",
        .object(["mean": Shape.number.orNull, "p50": Shape.number.orNull, "p95": Shape.number.orNull, "p99": Shape.number.orNull])
    ).described("Milliseconds.")

    private static let totals = Shape.object([
        "requests": .integer.orNull, "errors": .integer.orNull.described("Answers of 500 and above."),
        "client_errors": .integer.orNull.described("Answers from 400 to 499."), "error_rate": Shape.number.orNull, "latency": latency,
        "active_users": .integer.orNull,
    ])

    private static let counts = Shape.map(.integer).orNull

    static let window = Shape.named(
        "AnalyticsWindow",
        totals.with([
            "start": .timestamp, "sessions": .integer.orNull, "sockets": .integer.orNull, "signups": .integer.orNull, "events": counts,
            "partial": .bool,
        ]))

    private static let endpoint = Shape.named(
        "AnalyticsEndpoint",
        .object([
            "method": .text, "route": .text, "requests": .integer.orNull, "errors": .integer.orNull, "client_errors": .integer.orNull,
            "error_rate": Shape.number.orNull, "latency": latency,
        ]))

    private static let part = Shape.object([
        "value": .text, "total": totals, "windows": .list(of: totals.with(["start": .timestamp])),
    ])

    static let live = RouteShape(
        "Read the latest windows of measures and their endpoints; as CSV only the windows.",
        query: [
            "interval": .choice(LiveQuery.Interval.self).described("The width of a window; 1s unless said.").optional,
            "last": .integer(1...1440).described("How many windows; 60 unless said.").optional,
            "by": .choice(Segment.Dimension.self).described("Adds a series of windows for each value of this dimension.").optional,
            "filter": .string(1...200).described("`role=mod`, `device=mobile`, `version=web/1.0` or `route=/users/{id}`.").optional,
            "compare": .choice(LiveQuery.Comparison.self).optional, "format": .choice(ExportFormat.self).optional,
        ],
        answers: [
            .ok(
                .object([
                    "interval": .text, "position": .text, "windows": .list(of: window), "total": totals.with(["events": counts]),
                    "histogram": .list(of: .object(["below": Shape.number.orNull, "count": .integer])), "endpoints": .list(of: endpoint),
                    "series": Shape.list(of: part).orNull,
                    "compare": Shape.object(["with": .text, "interval": .text, "windows": .list(of: window), "total": totals]).orNull,
                ])), .bytes("text/csv"),
        ])

    static let admin = RouteShape(
        "Read the last five minutes, the figures of today, and role changes by the hour.",
        answers: [
            .ok(
                .object([
                    "now": totals.with([
                        "sessions": .integer.orNull, "sockets": .integer.orNull, "requests_per_second": Shape.number.orNull,
                    ]),
                    "today": totals.with([
                        "start": .timestamp, "events": counts, "signups": .integer.orNull, "role_changes": .integer.orNull,
                    ]),
                    "role_changes": .list(of: .object(["start": .timestamp, "count": .integer.orNull])),
                ]))
        ])

    static let follow = RouteShape(
        "Follow the measures: the gateway, with the topic `analytics` subscribed to.",
        query: ["interval": .choice(LiveQuery.Interval.self).described("Only windows of this width.").optional],
        answers: [.webSocket], refusals: [.init(426, "upgrade_required"), .forbidden("origin"), .init(429, "too_many_sessions")])

    private static let event = Shape.named(
        "AnalyticsEvent",
        .object([
            "id": .id, "event_type": .text, "user_id": .nullable(.id), "user_name": .text.orNull, "about_name": .text.orNull,
            "session_id": .nullable(.id), "metadata": .map(.any), "timestamp": .timestamp,
        ]))

    static let events = RouteShape(
        "List key events, the newest first; as a file, up to 10,000 of them.",
        query: [
            "type": .text.described("Types, separated by commas.").optional, "user": Shape.userReference.optional,
            "from": .timestamp.optional, "to": .timestamp.optional, "format": .choice(ExportFormat.self).optional,
            "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional, "count": .bool.optional,
        ],
        answers: [.ok(.page(of: event)), .bytes("text/csv")])
}
