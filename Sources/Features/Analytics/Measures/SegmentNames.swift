internal import Kernel
internal import Web

/// The segments of a request. The number of values is bounded, so that a client cannot create any number of series.
struct SegmentNames: Sendable {
    private var known: [Segment.Dimension: Set<String>] = [:]
    private var devices: [ByteKey: ClientClass] = [:]
    /// The roles' names by their priority.
    var roles: [Int: String] = [:]

    mutating func segments(of measure: RequestMeasure) -> [Segment] {
        let role = measure.user == nil ? "guest" : roles[measure.rank] ?? Segment.other
        return [
            named(.role, role), Segment(dimension: .device, value: device(measure.userAgent).rawValue),
            named(.version, ClientClass.version(measure.client) ?? Segment.other),
        ]
    }

    private mutating func named(_ dimension: Segment.Dimension, _ value: String) -> Segment {
        if value != Segment.other, !(known[dimension]?.contains(value) ?? false) {
            guard known[dimension]?.count ?? 0 < dimension.limit else { return Segment(dimension: dimension, value: Segment.other) }
            known[dimension, default: []].insert(value)
        }
        return Segment(dimension: dimension, value: value)
    }

    private mutating func device(_ userAgent: String) -> ClientClass {
        let key = ByteKey(userAgent)
        if let device = devices[key] { return device }
        if devices.count >= 1000 { devices = [:] }
        let device = ClientClass(userAgent: userAgent)
        devices[key] = device
        return device
    }
}
