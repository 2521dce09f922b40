internal import Database
internal import Kernel
internal import Web

extension AnalyticsFeature {
    /// `POST /alerts/preview`: when a rule would have fired, by the minutes of the past; nothing is saved.
    func previewAlert(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let text = input.string("expression", length: 1...AlertParser.longest, required: true, trimmed: false)
        let hours = input.integer("hours", 1...168) ?? 24
        let resolveAfter = input.integer("resolve_after_s", 5...86_400)
        let noData = input.choice("no_data", AlertState.NoData.self) ?? .keep
        try input.finish()
        let expression = try AlertExpression.read(try input.required(text))
        await settle()
        let end = Resolution.minute.start(of: store.open)
        let start = end - hours * 3_600_000
        let terms = AlertState.Terms(duration: expression.duration, resolveAfter: resolveAfter.map { $0 * 1000 }, noData: noData)
        // In parts, since the minutes of a week are many megabytes.
        var (preview, at) = (AlertPreview(expression, terms, from: start, to: end), start)
        while at < end {
            try Task.checkCancellation()
            let (first, last, state) = (at, min(at + Self.previewPart, end), preview)
            preview = try await database.read(.heavy) { transaction in
                var next = state
                next.run(
                    StoredData(minutes: try Self.minutes(of: expression, from: first, to: last, in: transaction)), from: first, to: last)
                return next
            }
            at = last
        }
        return .json(200, preview.json)
    }

    /// Milliseconds of the past that are in memory at once.
    private static let previewPart: Int64 = 6 * 3_600_000

    /// The stored minutes that an expression needs for the moments of a span.
    private static func minutes(
        of expression: AlertExpression, from start: Int64, to end: Int64, in transaction: Transaction
    ) throws -> [Int64: MeasureWindow] {
        var minutes: [Int64: MeasureWindow] = [:]
        for (offset, terms) in Dictionary(grouping: expression.terms, by: \.offset) {
            let reach = terms.map { max(expression.window(of: $0), expression.duration) }.max() ?? 0
            let first = (start - offset - reach).floored(to: 60_000)
            minutes.merge(try RollupTable.windows(.minute, from: first, to: end - offset, in: transaction)) { $1 }
        }
        return minutes
    }
}

/// Evaluates a rule at every minute of a span, whose minutes arrive in parts.
struct AlertPreview: Sendable {
    private let expression: AlertExpression
    private let terms: AlertState.Terms
    private let start: Int64
    private let end: Int64
    /// Minutes from one point of the curve to the next.
    private let stride: Int64
    private var states: [String: AlertState] = [:]
    private var open: [String: Timestamp] = [:]
    private var fires: [JSON] = []
    private var points: [(at: Int64, value: Double?)] = []

    /// Points of the curve.
    private static let most = 240

    init(_ expression: AlertExpression, _ terms: AlertState.Terms, from start: Int64, to end: Int64) {
        (self.expression, self.terms, self.start, self.end) = (expression, terms, start, end)
        stride = max(1, (end - start) / 60_000 / Int64(Self.most))
    }

    /// Evaluates a part of the span.
    mutating func run(_ data: any AlertData, from first: Int64, to last: Int64) {
        let evaluator = AlertEvaluator(expression: expression, data: data)
        var at = first + 60_000
        while at <= last {
            let now = Timestamp(milliseconds: at)
            for (series, outcome) in evaluator.outcomes(at: at) {
                var state = states[series] ?? AlertState(at: now.adding(milliseconds: -60_000))
                switch state.step(outcome.holds, at: now, terms) {
                case .firing: open[series] = now
                case .resolved: fires.append(Self.fire(series, open.removeValue(forKey: series), now))
                case nil: break
                }
                states[series] = state
            }
            if (at - start) / 60_000 % stride == 0 { points.append((at, shown.flatMap { evaluator.value(of: $0, nil, at) })) }
            at += 60_000
        }
    }

    /// The metric that the curve shows.
    private var shown: AlertTerm? { expression.condition.threshold?.term ?? expression.terms.first }

    var json: JSON {
        let running = open.sorted { $0.key < $1.key }.map { Self.fire($0.key, $0.value, nil) }
        return [
            "from": JSON(Timestamp(milliseconds: start)), "to": JSON(Timestamp(milliseconds: end)), "fires": .array(fires + running),
            "metric": JSON(shown?.metric.rawValue), "unit": JSON(shown.map { AlertShapes.unit($0.metric) }),
            "threshold": LiveView.number(expression.condition.threshold?.number, digits: 6),
            "points": .array(
                points.map { ["at": JSON(Timestamp(milliseconds: $0.at)), "value": LiveView.number($0.value, digits: 6)] }),
            "has_data": .bool(points.contains { $0.value != nil }),
        ]
    }

    private static func fire(_ series: String, _ since: Timestamp?, _ until: Timestamp?) -> JSON {
        ["series": .string(series), "from": JSON(since), "to": JSON(until)]
    }
}
