internal import Kernel

/// Gauges of the machine at a moment: shares from 0 to 1, or bytes.
package struct MachineSample: Sendable {
    package var queueDepth: Double?
    package var diskFree: Double?
    package var cpu: Double?
    package var memory: Double?

    package init() {}

    func value(_ metric: AlertMetric) -> Double? {
        switch metric {
        case .queueDepth: queueDepth
        case .diskFree: diskFree
        case .cpu: cpu
        case .memory: memory
        default: nil
        }
    }
}

/// The measures that an evaluation reads. Times are Unix milliseconds.
protocol AlertData {
    /// The sum of a span; nil without data.
    func window(from start: Int64, to end: Int64) -> MeasureWindow?
    /// The sample at or before a moment.
    func sample(at time: Int64) -> MachineSample?
}

/// The value of an expression at a moment.
struct AlertOutcome: Sendable, Hashable {
    /// Nil: no data.
    var holds: Bool?
    /// Of the first metric; nil: no data.
    var value: Double?
}

/// Computes expressions. A missing value makes a comparison neither true nor false.
struct AlertEvaluator {
    let expression: AlertExpression
    let data: any AlertData

    /// Requests that a ratio or percentile needs. With fewer the window widens, up to the duration of the rule.
    static let fewest = 5

    /// The outcome for each series; of a rule without `by` the one named by the empty text.
    func outcomes(at time: Int64) -> [String: AlertOutcome] {
        guard let dimension = expression.dimension else { return ["": outcome(nil, time)] }
        var values: [String: Int] = [:]
        for term in expression.terms {
            let end = time - term.offset
            for (segment, totals) in data.window(from: end - expression.window(of: term), to: end)?.segments ?? [:]
            where segment.dimension == dimension {
                values[segment.value, default: 0] += totals.requests
            }
        }
        let most = values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostSeries)
        return Dictionary(
            uniqueKeysWithValues: most.map { ($0.key, outcome(Segment(dimension: dimension, value: $0.key), time)) })
    }

    static let mostSeries = 32

    private func outcome(_ segment: Segment?, _ time: Int64) -> AlertOutcome {
        AlertOutcome(
            holds: holds(expression.condition, segment, time), value: expression.terms.first.flatMap { value(of: $0, segment, time) })
    }

    private func holds(_ condition: AlertCondition, _ segment: Segment?, _ time: Int64) -> Bool? {
        switch condition {
        case .compare(let left, let comparison, let right):
            guard let left = value(left, segment, time), let right = value(right, segment, time) else { return nil }
            return comparison.holds(left, right)
        case .all(let parts):
            let verdicts = parts.map { holds($0, segment, time) }
            return verdicts.contains(false) ? false : verdicts.contains(nil) ? nil : true
        case .any(let parts):
            let verdicts = parts.map { holds($0, segment, time) }
            return verdicts.contains(true) ? true : verdicts.contains(nil) ? nil : false
        case .not(let part): return holds(part, segment, time).map { !$0 }
        }
    }

    private func value(_ value: AlertValue, _ segment: Segment?, _ time: Int64) -> Double? {
        let pair = { (left: AlertValue, right: AlertValue, combine: (Double, Double) -> Double?) -> Double? in
            guard let left = self.value(left, segment, time), let right = self.value(right, segment, time) else { return nil }
            return combine(left, right)
        }
        switch value {
        case .number(let number): return number
        case .metric(let term): return self.value(of: term, segment, time)
        case .add(let left, let right): return pair(left, right) { $0 + $1 }
        case .subtract(let left, let right): return pair(left, right) { $0 - $1 }
        case .multiply(let left, let right): return pair(left, right) { $0 * $1 }
        // A share of nothing is no data.
        case .divide(let left, let right): return pair(left, right) { $1 == 0 ? nil : $0 / $1 }
        }
    }

    /// The value of one metric, in its base unit; nil without data.
    func value(of term: AlertTerm, _ segment: Segment?, _ time: Int64) -> Double? {
        let end = time - term.offset
        if term.metric.isGauge { return data.sample(at: end)?.value(term.metric) }
        var width = expression.window(of: term)
        while true {
            guard let window = data.window(from: end - width, to: end) else { return nil }
            let totals = Self.totals(window, term, segment)
            let isThin = term.metric.kind != .count && totals.requests < Self.fewest && term.window == nil
            if isThin, width < expression.duration {
                width = min(width * 2, expression.duration)
                continue
            }
            return Self.value(term, window, totals)
        }
    }

    private static func value(_ term: AlertTerm, _ window: MeasureWindow, _ totals: MeasureTotals) -> Double? {
        switch term.metric {
        case .requests: Double(totals.requests)
        case .errorsAPI: Double(totals.errors)
        case .errors4xx: Double(totals.clientErrors)
        case .errorRate: totals.errorRate
        case .latencyMean: totals.mean
        case .latencyP50: totals.quantile(0.5)
        case .latencyP95: totals.quantile(0.95)
        case .latencyP99: totals.quantile(0.99)
        case .activeUsers: Double(totals.members.count)
        case .sessions: Double(window.sessions)
        case .sockets: Double(window.sockets)
        case .signups: Double(window.events["user.created"] ?? 0)
        case .loginFailures:
            Double(window.endpoints[EndpointKey(method: "POST", route: "/auth/login")]?.clientErrors ?? 0)
        case .events:
            Double(
                window.events.reduce(0) { sum, event in
                    term.labels.allSatisfy { $0.admits(event.key) } ? sum + event.value : sum
                })
        case .queueDepth, .diskFree, .cpu, .memory: nil
        }
    }

    /// The totals of a window that match the labels and the series.
    private static func totals(_ window: MeasureWindow, _ term: AlertTerm, _ segment: Segment?) -> MeasureTotals {
        if let segment { return window.segments[segment] ?? MeasureTotals() }
        guard let first = term.labels.first, term.metric != .events else { return window.total }
        var sum = MeasureTotals()
        if let dimension = Segment.Dimension(rawValue: first.name) {
            for (segment, totals) in window.segments where segment.dimension == dimension && first.admits(segment.value) {
                sum.merge(totals)
            }
            return sum
        }
        for (key, totals) in window.endpoints {
            let admits = term.labels.allSatisfy { $0.admits($0.name == "route" ? key.route : key.method.lowercased()) }
            if admits { sum.merge(totals) }
        }
        return sum
    }
}
