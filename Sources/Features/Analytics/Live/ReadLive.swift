internal import Bus
internal import HTTP
internal import Kernel
internal import Realtime
internal import Web

extension AnalyticsFeature {
    /// `GET /analytics/live`: the latest windows, what they add up to, and the endpoints in them.
    func readLive(_ call: Call) async throws -> Reply {
        var query = try call.query
        let wish = LiveQuery(&query)
        try query.finish()
        if wish.isCSV { try call.scope.require(.analyticsExport) }
        if wish.resolution == .hour || wish.resolution == .day { await settle() }
        let position = broker.position(of: MeasureCollector.topic)
        let windows = try await source.latest(wish.resolution, count: wish.last, at: clock.now())
        if wish.isCSV { return LiveExport.csv(windows, wish) }
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
        return .json(200, .object(answer)).compressible()
    }

    /// A row of windows for each value of a dimension, those with the most requests first.
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

/// Windows as rows of a spreadsheet.
enum LiveExport {
    static func csv(_ windows: [PlacedWindow], _ wish: LiveQuery) -> Reply {
        var lines = ["start,requests,errors,client_errors,error_rate,mean_ms,p50_ms,p95_ms,p99_ms,active_users,sessions,sockets,signups"]
        for placed in windows {
            let window = LiveView.window(placed, wish.filter)
            let latency = window["latency"]
            let cells: [JSON?] =
                [window["start"], window["requests"], window["errors"], window["client_errors"], window["error_rate"]]
                + [latency?["mean"], latency?["p50"], latency?["p95"], latency?["p99"]]
                + [window["active_users"], window["sessions"], window["sockets"], window["signups"]]
            lines.append(cells.map(CSVCell.text).joined(separator: ","))
        }
        return CSVCell.reply(lines, named: "analytics-\(wish.resolution.name)")
    }
}

/// A cell of a CSV file (RFC 4180), which no spreadsheet runs as a formula.
enum CSVCell {
    static func text(_ value: JSON?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): quoted(text)
        case .some(let other): other.text
        }
    }

    /// Text that begins like a formula gets an apostrophe in front.
    static func quoted(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let shown = isFormula ? "'" + text : text
        guard shown.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return shown }
        var cell = "\""
        for scalar in shown.unicodeScalars { cell.unicodeScalars.append(contentsOf: scalar == "\"" ? ["\"", "\""] : [scalar]) }
        return cell + "\""
    }

    static func reply(_ lines: [String], named name: String) -> Reply {
        Reply(
            status: 200,
            headers: ["Content-Type": "text/csv; charset=utf-8", "Content-Disposition": "attachment; filename=\"\(name).csv\""],
            body: Array((lines.joined(separator: "\r\n") + "\r\n").utf8))
    }
}
