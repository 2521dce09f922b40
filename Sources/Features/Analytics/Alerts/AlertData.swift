internal import Synchronization

/// Sums of spans, each computed once: the terms and series of a rule ask for the same ones.
final class SpanSums: Sendable {
    private struct Span: Hashable {
        let start: Int64
        let end: Int64
    }

    /// A preview goes through many spans, each for a moment.
    private static let limit = 256

    private let known = Mutex<[Span: MeasureWindow?]>([:])

    func sum(from start: Int64, to end: Int64, _ make: () -> MeasureWindow?) -> MeasureWindow? {
        let span = Span(start: start, end: end)
        if let sum = known.withLock({ $0[span] }) { return sum }
        let sum = make()
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[span] = .some(sum)
        }
        return sum
    }
}

/// Windows of memory, and minutes of the table for older spans. Each span is summed once for all rules.
final class RecentData: AlertData, Sendable {
    private let store: WindowStore
    private let samples: [(at: Int64, sample: MachineSample)]
    private let minutes: [Int64: MeasureWindow]
    private let sums = SpanSums()

    init(store: WindowStore, samples: [(at: Int64, sample: MachineSample)], minutes: [Int64: MeasureWindow]) {
        (self.store, self.samples, self.minutes) = (store, samples, minutes)
    }

    func window(from start: Int64, to end: Int64) -> MeasureWindow? {
        sums.sum(from: start, to: end) { sum(from: start, to: end) }
    }

    private func sum(from start: Int64, to end: Int64) -> MeasureWindow? {
        if !minutes.isEmpty, start < store.oldestFive { return StoredData(minutes: minutes).window(from: start, to: end) }
        var (sum, at): (MeasureWindow?, Int64) = (nil, start.floored(to: 5000))
        while at < end {
            let isMinute = at.floored(to: 60_000) == at && at + 60_000 <= end
            let resolution = isMinute ? Resolution.minute : .five
            if let window = store.windows(resolution, from: at, count: 1).first?.window {
                sum = sum ?? MeasureWindow()
                sum?.merge(window)
            }
            at += resolution.milliseconds
        }
        return sum
    }

    func sample(at time: Int64) -> MachineSample? { samples.last { $0.at <= time && time - $0.at <= 60_000 }?.sample }
}

/// Stored minutes. A finer span is the minute that contains it.
struct StoredData: AlertData, Sendable {
    let minutes: [Int64: MeasureWindow]
    private let sums = SpanSums()

    init(minutes: [Int64: MeasureWindow]) { self.minutes = minutes }

    func window(from start: Int64, to end: Int64) -> MeasureWindow? {
        sums.sum(from: start, to: end) { sum(from: start, to: end) }
    }

    private func sum(from start: Int64, to end: Int64) -> MeasureWindow? {
        var (sum, at): (MeasureWindow?, Int64) = (nil, start.floored(to: 60_000))
        // A part of a minute at the front is left out where others follow.
        if at < start, end - start >= 60_000 { at += 60_000 }
        while at < end {
            if let window = minutes[at] {
                sum = sum ?? MeasureWindow()
                sum?.merge(window)
            }
            at += 60_000
        }
        return sum
    }

    func sample(at time: Int64) -> MachineSample? { nil }
}
