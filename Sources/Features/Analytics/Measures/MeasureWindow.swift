internal import Kernel
internal import Web

/// An endpoint as statistics name it.
struct EndpointKey: Hashable, Sendable {
    let method: String
    let route: String
}

/// Requests that share a value: those of one role, or of one kind of device.
struct Segment: Hashable, Sendable {
    enum Dimension: String, CaseIterable, Sendable {
        case role, device, version

        /// How many values a process keeps apart; the rest are `other`.
        var limit: Int {
            switch self {
            case .role: 32
            case .device: 5
            case .version: 20
            }
        }
    }

    let dimension: Dimension
    let value: String

    static let other = "other"
}

/// The measures of a span of time; consecutive windows add up.
struct MeasureWindow: Sendable, Hashable {
    var total = MeasureTotals()
    /// Without their members.
    var endpoints: [EndpointKey: MeasureTotals] = [:]
    var segments: [Segment: MeasureTotals] = [:]
    /// Key events by type.
    var events: [String: Int] = [:]
    /// The most open sockets at once.
    var sockets = 0
    /// Sessions that were open or in use: the most in one of the windows that were added.
    var sessions = 0
    /// The sessions that asked for something; empty once the window is closed.
    var seenSessions: Set<Int64> = []
    /// Seconds of the span in which the process measured.
    var seconds = 0

    mutating func add(_ measure: RequestMeasure, segments values: [Segment]) {
        total.add(measure)
        endpoints[EndpointKey(method: measure.method, route: measure.route), default: MeasureTotals()].add(measure, countsMember: false)
        for segment in values { segments[segment, default: MeasureTotals()].add(measure) }
        if let session = measure.session { seenSessions.insert(session.rawValue) }
    }

    mutating func merge(_ other: MeasureWindow) {
        total.merge(other.total)
        for (key, totals) in other.endpoints { endpoints[key, default: MeasureTotals()].merge(totals) }
        for (segment, totals) in other.segments { segments[segment, default: MeasureTotals()].merge(totals) }
        for (type, count) in other.events { events[type, default: 0] += count }
        sockets = max(sockets, other.sockets)
        sessions = max(sessions, other.sessions)
        if !other.seenSessions.isEmpty { seenSessions.formUnion(other.seenSessions) }
        seconds += other.seconds
    }

    /// The totals that match a filter. Sockets, sessions and events are not counted for each segment or endpoint.
    func totals(_ filter: MeasureFilter?) -> MeasureTotals {
        switch filter {
        case nil: total
        case .segment(let segment): segments[segment] ?? MeasureTotals()
        case .route(let route, let method):
            endpoints.reduce(into: MeasureTotals()) { sum, endpoint in
                if endpoint.key.route == route, method == nil || endpoint.key.method == method { sum.merge(endpoint.value) }
            }
        }
    }
}

/// Which requests a reader asks for.
enum MeasureFilter: Sendable, Hashable {
    case segment(Segment)
    case route(String, method: String?)

    /// Whether members are counted for such requests.
    var hasMembers: Bool { if case .segment = self { true } else { false } }
}
