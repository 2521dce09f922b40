internal import Kernel
internal import Web

/// The sums over some requests.
struct MeasureTotals: Sendable, Hashable {
    var requests = 0
    /// Answers of 500 and above.
    var errors = 0
    /// Answers from 400 to 499.
    var clientErrors = 0
    /// The sum of all durations, for the mean.
    var microseconds: UInt64 = 0
    var latency = LatencyHistogram()
    /// The members who sent them: ids in memory, ordinals in a stored rollup.
    var members: Set<Int64> = []

    mutating func add(_ measure: RequestMeasure, countsMember: Bool = true) {
        requests += 1
        if measure.status >= 500 { errors += 1 } else if measure.status >= 400 { clientErrors += 1 }
        if !measure.isWait {
            let duration = measure.nanoseconds / 1000
            microseconds &+= duration
            latency.add(microseconds: duration)
        }
        if countsMember, let user = measure.user { members.insert(user.rawValue) }
    }

    mutating func merge(_ other: MeasureTotals) {
        requests += other.requests
        errors += other.errors
        clientErrors += other.clientErrors
        microseconds &+= other.microseconds
        latency.merge(other.latency)
        if members.isEmpty { members = other.members } else if !other.members.isEmpty { members.formUnion(other.members) }
    }

    /// Nil without a request.
    var errorRate: Double? { requests > 0 ? Double(errors) / Double(requests) : nil }

    /// Milliseconds; nil without a duration.
    var mean: Double? {
        let count = latency.count
        return count > 0 ? Double(microseconds) / Double(count) / 1000 : nil
    }

    /// Milliseconds.
    func quantile(_ share: Double) -> Double? { latency.quantile(share).map { $0 / 1000 } }
}
