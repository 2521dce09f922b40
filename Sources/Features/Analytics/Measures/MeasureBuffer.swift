internal import Glibc
internal import Synchronization
internal import Web

/// Where requests leave their measures, without meeting one another: each thread has a place of its own, which the collector empties.
final class MeasureBuffer: RequestMeter {
    /// Places; threads beyond share them.
    private static let places = 16
    /// Measures that wait in one place; those beyond are counted alone.
    static let limit = 1 << 16

    private final class Place: Sendable {
        let waiting = Mutex<[RequestMeasure]>([])
    }

    private let all = (0..<places).map { _ in Place() }
    private let lost = Atomic<Int>(0)

    func note(_ measure: RequestMeasure) {
        let thread = UInt(pthread_self())
        let place = all[Int(truncatingIfNeeded: (thread >> 12 ^ thread >> 20) % UInt(Self.places))]
        let isKept = place.waiting.withLock { waiting in
            guard waiting.count < Self.limit else { return false }
            waiting.append(measure)
            return true
        }
        if !isKept { lost.add(1, ordering: .relaxed) }
    }

    /// All that waits, and how many could not.
    func take() -> (measures: [RequestMeasure], lost: Int) {
        var measures: [RequestMeasure] = []
        for place in all {
            let waiting = place.waiting.withLock { waiting in
                let taken = waiting
                waiting = []
                waiting.reserveCapacity(min(taken.count, 1024))
                return taken
            }
            measures += waiting
        }
        return (measures, lost.exchange(0, ordering: .relaxed))
    }
}
