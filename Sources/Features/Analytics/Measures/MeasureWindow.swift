internal import Kernel
internal import Web

/// An endpoint as statistics name it.
struct EndpointKey: Hashable, Sendable {
    let method: String
    let route: String
}

/// A group of requests that have something in common: those of one role, of one kind of device.
struct Segment: Hashable, Sendable {
    enum Dimension: String, CaseIterable, Sendable {
        case role, device, version, region

        /// How many values a process tells apart; all others are `other`.
        var limit: Int {
            switch self {
            case .role: 32
            case .device: 5
            case .version: 20
            case .region: 254
            }
        }
    }

    let dimension: Dimension
    let value: String

    static let other = "other"
}

/// All that was measured in a span of time; windows that follow one another add up.
struct MeasureWindow: Sendable, Hashable {
    var total = MeasureTotals()
    /// Without their members.
    var endpoints: [EndpointKey: MeasureTotals] = [:]
    var segments: [Segment: MeasureTotals] = [:]
    /// Key events by type.
    var events: [String: Int] = [:]
    /// Open sockets, at most at once.
    var sockets = 0
    /// Sessions that were open or in use, at most in one of the windows that were added.
    var sessions = 0
    /// The sessions that asked for something; empty once the window is closed.
    var seenSessions: Set<Int64> = []
    /// How long was measured, of the whole span.
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

    /// What a filter leaves of it: of one segment or endpoint it is not known how many sockets, sessions and events are theirs.
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

/// What of the requests is asked for.
enum MeasureFilter: Sendable, Hashable {
    case segment(Segment)
    case route(String, method: String?)

    /// Whether who asked is known of what is left.
    var hasMembers: Bool { if case .segment = self { true } else { false } }
}
