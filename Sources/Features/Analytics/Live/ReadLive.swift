internal import Bus
internal import HTTP
internal import Kernel
internal import Realtime
internal import Web

extension AnalyticsFeature {
    /// `GET /analytics/live`: the latest windows, their total, and the endpoints in them.
    func readLive(_ call: Call) async throws -> Reply {
        var query = try call.query
        let wish = LiveQuery(&query)
        try query.finish()
        if wish.format != nil { try call.scope.require(.analyticsExport) }
        if wish.resolution == .hour || wish.resolution == .day { await settle() }
        let position = broker.position(of: MeasureCollector.topic)
        let windows = try await source.latest(wish.resolution, count: wish.last, at: clock.now())
        if wish.format == .csv { return LiveExport.csv(windows, wish) }
        var sum = MeasureWindow()
        for placed in windows { if let window = placed.window { sum.merge(window) } }
        let total = sum.totals(wish.filter)
        var answer: JSONObject = [
            "interval": .string(wish.resolution.name), "position": .string(position.description),
            "windows": .array(windows.map { LiveView.window($0, wish.filter) }),
            "total": .object(
                LiveView.totals(total, hasMembers: wish.filter?.hasMembers ?? true).merging([
                    "events": wish.filter == nil ? LiveView.events(sum.events) : .null
                ])),
            "histogram": LiveView.histogram(total), "endpoints": wish.filter == nil ? LiveView.endpoints(sum.endpoints) : [],
        ]
        answer.append("series", wish.dimension.map { .array(Self.series($0, windows, sum)) } ?? .null)
        answer.append("compare", try await compare(wish, windows))
        let reply = Reply.json(200, .object(answer))
        return wish.format == nil ? reply.compressible() : reply.attached(as: "analytics-\(wish.resolution.name).json")
    }

    /// One series of windows for each value of a dimension, the value with the most requests first.
    private static func series(_ dimension: Segment.Dimension, _ windows: [PlacedWindow], _ sum: MeasureWindow) -> [JSON] {
        let segments = sum.segments.filter { $0.key.dimension == dimension }.sorted { left, right in
            (right.value.requests, left.key.value) < (left.value.requests, right.key.value)
        }
        return segments.map { segment, total in
            [
                "value": .string(segment.value), "total": .object(LiveView.totals(total)),
                "windows": .array(
                    windows.map { placed in
                        var row = LiveView.totals(placed.window.map { $0.segments[segment] ?? MeasureTotals() })
                        row.append("start", JSON(Timestamp(milliseconds: placed.start)))
                        return .object(row)
                    }),
            ]
        }
    }

    private func compare(_ wish: LiveQuery, _ windows: [PlacedWindow]) async throws -> JSON {
        guard let comparison = wish.comparison, let first = windows.first, let last = windows.last else { return .null }
        let back = comparison.milliseconds
        let end = last.start + wish.resolution.milliseconds
        let (resolution, past) = try await source.past(wish.resolution, from: first.start - back, to: end - back)
        var sum: MeasureWindow?
        for placed in past {
            guard let window = placed.window else { continue }
            sum = sum ?? MeasureWindow()
            sum?.merge(window)
        }
        return [
            "with": .string(comparison.rawValue), "interval": .string(resolution.name),
            "windows": .array(past.map { LiveView.window($0, wish.filter) }),
            "total": .object(LiveView.totals(sum?.totals(wish.filter), hasMembers: wish.filter?.hasMembers ?? true)),
        ]
    }

    /// `WS /analytics`: the gateway with the topic subscribed to.
    func follow(_ call: Call) async throws -> Reply {
        var query = try call.query
        let interval = query.choice("interval", LiveQuery.Interval.self)
        try query.finish()
        return try gateway.upgrade(
            call, topic: MeasureCollector.topic, filter: interval.map { ["interval": .string($0.rawValue)] })
    }
}

/// The windows as a CSV file.
enum LiveExport {
    private static let head = [
        "start", "requests", "errors", "client_errors", "error_rate", "mean_ms", "p50_ms", "p95_ms", "p99_ms", "active_users", "sessions",
        "sockets", "signups",
    ]

    static func csv(_ windows: [PlacedWindow], _ wish: LiveQuery) -> Reply {
        let rows = windows.map { placed -> [JSON?] in
            let window = LiveView.window(placed, wish.filter)
            let latency = window["latency"]
            return [window["start"], window["requests"], window["errors"], window["client_errors"], window["error_rate"]]
                + [latency?["mean"], latency?["p50"], latency?["p95"], latency?["p99"]]
                + [window["active_users"], window["sessions"], window["sockets"], window["signups"]]
        }
        return CSVFile.reply(head, rows, named: "analytics-\(wish.resolution.name)")
    }
}

extension Reply {
    /// The same, for a browser to keep as a file.
    func attached(as name: String) -> Reply {
        var reply = self
        reply.headers["Content-Disposition"] = "attachment; filename=\"\(name)\""
        return reply
    }
}

/// A downloaded CSV file.
enum CSVFile {
    static func reply(_ head: [String], _ rows: [[JSON?]], named name: String) -> Reply {
        Reply(
            status: 200,
            headers: ["Content-Type": "text/csv; charset=utf-8", "Content-Disposition": "attachment; filename=\"\(name).csv\""],
            body: CSV.row(head) + rows.flatMap { CSV.row($0.map(cell)) })
    }

    private static func cell(_ value: JSON?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): text
        case .some(let other): other.text
        }
    }
}
