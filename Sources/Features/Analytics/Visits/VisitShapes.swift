internal import Web

/// The input and the answers of the routes of visits.
enum VisitShapes {
    static let collect = RouteShape(
        "Take what the site snippet reports of a page: JSON as text, so that browsers send it without asking first.",
        body: .bytes(["text/plain", "application/json"]), answers: [.noContent],
        refusals: [.forbidden("origin"), .init(429, "rate_limited")])

    private static let counts = Shape.list(of: .object(["value": .text, "count": .integer]))
    private static let vital = Shape.object([
        "p75": Shape.number.orNull.described("Milliseconds; of CLS a number without unit."), "count": .integer,
    ])
    private static let totals = Shape.object(["views": .integer, "visits": .integer, "visitors": .integer, "errors": .integer])

    static let read = RouteShape(
        "Read the views, visits and visitors of the pages with the site snippet, by day.",
        query: [
            "days": .integer(1...90).described("How many days, today included; 7 unless said.").optional,
            "limit": .integer(1...100).described("How many values of each list; 10 unless said.").optional,
        ],
        answers: [
            .ok(
                totals.with([
                    "from": .timestamp, "days": .list(of: totals.with(["start": .timestamp])),
                    "vitals": .object(["lcp": vital, "inp": vital, "cls": vital]), "paths": counts, "referrers": counts,
                    "sources": counts, "messages": counts, "events": counts, "devices": counts, "browsers": counts,
                ]))
        ])
}
