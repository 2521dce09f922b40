internal import Kernel

/// What an alert watches.
enum AlertMetric: String, CaseIterable, Sendable {
    case requests
    case errorsAPI = "errors_api"
    case errors4xx = "errors_4xx"
    case errorRate = "error_rate"
    case latencyMean = "latency_mean"
    case latencyP50 = "latency_p50"
    case latencyP95 = "latency_p95"
    case latencyP99 = "latency_p99"
    case activeUsers = "active_users"
    case sessions, sockets, signups
    case loginFailures = "login_failures"
    case events
    case queueDepth = "queue_depth"
    case diskFree = "disk_free"
    case cpu, memory

    enum Kind: Sendable, Hashable {
        /// A plain number.
        case number
        case count
        case ratio
        /// Milliseconds.
        case duration
        case bytes
    }

    var kind: Kind {
        switch self {
        case .requests, .errorsAPI, .errors4xx, .activeUsers, .sessions, .sockets, .signups, .loginFailures, .events, .queueDepth: .count
        case .errorRate, .diskFree, .cpu: .ratio
        case .latencyMean, .latencyP50, .latencyP95, .latencyP99: .duration
        case .memory: .bytes
        }
    }

    /// Sampled from the machine at each evaluation: without labels, and without a past beyond memory.
    var isGauge: Bool { [.queueDepth, .diskFree, .cpu, .memory].contains(self) }

    /// The labels that it takes.
    var labels: Set<String> {
        switch self {
        case .events: ["type"]
        case .sessions, .sockets, .signups, .loginFailures, .queueDepth, .diskFree, .cpu, .memory: []
        case .activeUsers: Set(Segment.Dimension.allCases.map(\.rawValue))
        default: Set(Segment.Dimension.allCases.map(\.rawValue) + ["route", "method"])
        }
    }

    /// The French names.
    private static let french: [String: AlertMetric] = [
        "requetes": .requests, "erreurs_api": .errorsAPI, "erreurs_4xx": .errors4xx, "taux_erreur": .errorRate, "taux_erreurs": .errorRate,
        "latence_moyenne": .latencyMean, "latence_p50": .latencyP50, "latence_p95": .latencyP95, "latence_p99": .latencyP99,
        "utilisateurs_actifs": .activeUsers, "membres_actifs": .activeUsers, "inscriptions": .signups, "connexions": .sockets,
        "echecs_connexion": .loginFailures, "evenements": .events, "file_attente": .queueDepth, "disque_libre": .diskFree,
        "processeur": .cpu, "memoire": .memory,
    ]

    init?(word: String) {
        guard let metric = AlertMetric(rawValue: word) ?? Self.french[word] else { return nil }
        self = metric
    }
}

/// A condition on a label: `type="auth.login"`, `role in (mod, staff)`.
struct AlertLabel: Hashable, Sendable {
    let name: String
    let isNegated: Bool
    let values: Set<String>

    func admits(_ value: String) -> Bool { values.contains(value) != isNegated }
}

/// A metric in an expression, with its labels and its span.
struct AlertTerm: Hashable, Sendable {
    let metric: AlertMetric
    let labels: [AlertLabel]
    /// Milliseconds; nil for what fits the metric.
    let window: Int64?
    let offset: Int64
}

indirect enum AlertValue: Hashable, Sendable {
    case number(Double)
    case metric(AlertTerm)
    case add(AlertValue, AlertValue)
    case subtract(AlertValue, AlertValue)
    case multiply(AlertValue, AlertValue)
    case divide(AlertValue, AlertValue)
}

enum AlertComparison: String, Sendable {
    case above = ">"
    case atLeast = ">="
    case below = "<"
    case atMost = "<="
    case equal = "=="
    case different = "!="

    func holds(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .above: left > right
        case .atLeast: left >= right
        case .below: left < right
        case .atMost: left <= right
        case .equal: left == right
        case .different: left != right
        }
    }
}

indirect enum AlertCondition: Hashable, Sendable {
    case compare(AlertValue, AlertComparison, AlertValue)
    case all([AlertCondition])
    case any([AlertCondition])
    case not(AlertCondition)
}

/// A parsed expression.
struct AlertExpression: Hashable, Sendable {
    let condition: AlertCondition
    /// A state for each value of it; nil for one state.
    let dimension: Segment.Dimension?
    /// Milliseconds that it must hold.
    let duration: Int64

    /// The metrics in it, in order.
    var terms: [AlertTerm] { condition.terms }

    /// The window of a metric that names none: a minute for counts; ten seconds for ratios and latencies where the rule itself waits.
    func window(of term: AlertTerm) -> Int64 {
        if let window = term.window { return window }
        switch term.metric.kind {
        case .ratio, .duration: return duration > 0 ? 10_000 : 60_000
        default: return 60_000
        }
    }

    /// How far back it looks, without offsets beyond memory.
    static let longestWindow: Int64 = 2 * 3_600_000
    static let longestOffset: Int64 = 7 * 86_400_000
    static let longestDuration: Int64 = 86_400_000
}

extension AlertCondition {
    var terms: [AlertTerm] {
        switch self {
        case .compare(let left, _, let right): left.terms + right.terms
        case .all(let parts), .any(let parts): parts.flatMap(\.terms)
        case .not(let part): part.terms
        }
    }

    /// The first comparison of a metric with a number: what a chart draws as the threshold.
    var threshold: (term: AlertTerm, comparison: AlertComparison, number: Double)? {
        switch self {
        case .compare(.metric(let term), let comparison, .number(let number)): (term, comparison, number)
        case .compare: nil
        case .all(let parts), .any(let parts): parts.lazy.compactMap(\.threshold).first
        case .not(let part): part.threshold
        }
    }
}

extension AlertValue {
    var terms: [AlertTerm] {
        switch self {
        case .number: []
        case .metric(let term): [term]
        case .add(let left, let right), .subtract(let left, let right), .multiply(let left, let right), .divide(let left, let right):
            left.terms + right.terms
        }
    }
}
