internal import Database
internal import Kernel
internal import Web

extension AnalyticsFeature {
    /// Values of one list.
    private static let mostValues: Int64 = 100

    /// `GET /analytics/visits`: what visitors of the pages with the snippet did, by day.
    func readVisits(_ call: Call) async throws -> Reply {
        var query = try call.query
        let days = query.integer("days", 1...90) ?? 7
        let limit = query.integer("limit", 1...Int(Self.mostValues)) ?? 10
        try query.finish()
        let calendar = source.calendar
        var starts = [calendar.day(of: clock.now().milliseconds)]
        while starts.count < days { starts.append(calendar.previous(before: starts[starts.count - 1])) }
        let list: [Int64] = starts.reversed()
        return try await database.read(.heavy) { transaction in
            let first = list[0]
            let totals = try VisitTable.days("total", since: first, in: transaction)
            let sum = { (name: String) in list.reduce(0) { $0 + (totals[$1]?[name] ?? 0) } }
            var answer: JSONObject = [
                "from": JSON(Timestamp(milliseconds: first)), "views": JSON(sum("views")), "visits": JSON(sum("visits")),
                "visitors": JSON(sum("visitors")), "errors": JSON(sum("errors")),
                "days": .array(list.map { Self.day($0, totals[$0] ?? [:]) }),
            ]
            var vitals = JSONObject()
            for vital in WebVital.allCases {
                let found = PageVital.typical(try VisitTable.top(vital.rawValue, since: first, limit: 1000, in: transaction))
                vitals.append(
                    vital.rawValue.lowercased(),
                    ["p75": LiveView.number(found.value, digits: vital == .cls ? 3 : 0), "count": JSON(found.count)])
            }
            answer.append("vitals", .object(vitals))
            for (name, kind) in Self.lists {
                let rows = try VisitTable.top(kind, since: first, limit: Int(limit), in: transaction)
                answer.append(name, .array(rows.map { ["value": .string($0.value), "count": JSON($0.count)] }))
            }
            return .json(200, .object(answer))
        }
    }

    /// The lists of the answer, and the kinds of the table.
    private static let lists = [
        ("paths", "path"), ("referrers", "referrer"), ("sources", "source"), ("messages", "error"), ("events", "event"),
        ("devices", "device"), ("browsers", "browser"),
    ]

    private static func day(_ start: Int64, _ counts: [String: Int]) -> JSON {
        [
            "start": JSON(Timestamp(milliseconds: start)), "views": JSON(counts["views"] ?? 0), "visits": JSON(counts["visits"] ?? 0),
            "visitors": JSON(counts["visitors"] ?? 0), "errors": JSON(counts["errors"] ?? 0),
        ]
    }
}
