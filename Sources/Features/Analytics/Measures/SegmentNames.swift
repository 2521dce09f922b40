internal import Kernel
internal import Web

/// The segments of a request. How many values there are is bounded, so that a peer cannot make series.
struct SegmentNames: Sendable {
    private var known: [Segment.Dimension: Set<String>] = [:]
    private var devices: [ByteKey: ClientClass] = [:]
    /// The roles' names by their priority.
    var roles: [Int: String] = [:]
    /// Finds the country of an address; nil without the list of an owner.
    var region: (@Sendable (String) -> String?)?

    mutating func segments(of measure: RequestMeasure) -> [Segment] {
        let role = measure.user == nil ? "guest" : roles[measure.rank] ?? Segment.other
        var segments = [
            named(.role, role), Segment(dimension: .device, value: device(measure.userAgent).rawValue),
            named(.version, ClientClass.version(measure.client) ?? Segment.other),
        ]
        if let region { segments.append(named(.region, region(measure.address) ?? Segment.other)) }
        return segments
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
