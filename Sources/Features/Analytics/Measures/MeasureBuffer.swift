internal import Glibc
internal import Synchronization
internal import Web

/// Takes the measure of each request. Each thread has a buffer of its own, so that requests do not wait for each other; the collector empties them.
final class MeasureBuffer: RequestMeter {
    /// Buffers; further threads share them.
    private static let places = 16
    /// Measures in one buffer: 80,000 requests a second of one thread, since the collector comes every 200 ms. More are lost, and counted as lost.
    static let limit = 1 << 14

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

    /// Empties the buffers. `lost` is the number of measures that found no room.
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
