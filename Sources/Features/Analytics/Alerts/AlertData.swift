internal import Synchronization

/// The windows of memory; further back, minutes of the table. Each span is added up once, however many rules look at it.
final class RecentData: AlertData, Sendable {
    private struct Span: Hashable {
        let start: Int64
        let end: Int64
    }

    private let store: WindowStore
    private let samples: [(at: Int64, sample: MachineSample)]
    private let minutes: [Int64: MeasureWindow]
    private let sums = Mutex<[Span: MeasureWindow?]>([:])

    init(store: WindowStore, samples: [(at: Int64, sample: MachineSample)], minutes: [Int64: MeasureWindow]) {
        (self.store, self.samples, self.minutes) = (store, samples, minutes)
    }

    func window(from start: Int64, to end: Int64) -> MeasureWindow? {
        let span = Span(start: start, end: end)
        if let known = sums.withLock({ $0[span] }) { return known }
        let sum = sum(from: start, to: end)
        sums.withLock { $0[span] = .some(sum) }
        return sum
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

/// Minutes alone: what is finer is the minute that it is in.
struct StoredData: AlertData, Sendable {
    let minutes: [Int64: MeasureWindow]

    func window(from start: Int64, to end: Int64) -> MeasureWindow? {
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
