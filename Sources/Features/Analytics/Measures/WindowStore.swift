internal import Kernel
internal import Synchronization
internal import Web

/// The width of a window.
enum Resolution: Int64, Sendable, CaseIterable {
    case second = 1000
    case five = 5000
    case minute = 60_000
    case hour = 3_600_000
    case day = 86_400_000

    var milliseconds: Int64 { rawValue }

    /// The start of the window that a moment is in; not for days, which are cut in the site's time zone.
    func start(of milliseconds: Int64) -> Int64 { milliseconds.floored(to: rawValue) }

    /// As `?interval=` names it.
    var name: String {
        switch self {
        case .second: "1s"
        case .five: "5s"
        case .minute: "1m"
        case .hour: "1h"
        case .day: "1d"
        }
    }

    init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}

extension Int64 {
    func floored(to step: Int64) -> Int64 {
        let rest = self % step
        return self - (rest < 0 ? rest + step : rest)
    }
}

/// A window in its place.
struct PlacedWindow: Sendable {
    /// Unix milliseconds.
    let start: Int64
    /// Nil where the process did not run.
    let window: MeasureWindow?
    let isPartial: Bool
}

/// The latest windows, in memory: seconds for a quarter of an hour, five seconds and minutes for two hours.
///
/// A second closes 300 ms after its end and is added to its five seconds and its minute. A measure that arrives after that is added to all three.
final class WindowStore: Sendable {
    /// A window that is new or has changed.
    struct Change: Hashable, Sendable {
        let resolution: Resolution
        let start: Int64
        let isOpen: Bool
    }

    private struct Series {
        let resolution: Resolution
        let keep: Int64
        var windows: [Int64: MeasureWindow] = [:]

        mutating func prune(before now: Int64) {
            let limit = resolution.start(of: now) - keep * resolution.milliseconds
            guard windows.count > Int(keep) + 60 else { return }
            windows = windows.filter { $0.key >= limit }
        }
    }

    private struct State {
        var seconds = Series(resolution: .second, keep: 900)
        var fives = Series(resolution: .five, keep: 1440)
        var minutes = Series(resolution: .minute, keep: 120)
        /// The second that closes next.
        var open: Int64
        var names = SegmentNames()
        /// Closed seconds that have changed since.
        var late: Set<Int64> = []
        /// Minutes that have changed since they were stored.
        var unsaved: Set<Int64> = []
    }

    /// Milliseconds that a second stays open for requests that ended in it.
    static let patience: Int64 = 300
    /// Milliseconds. After a longer gap, such as the sleep of a machine, nothing counts as measured in between.
    static let longestPause: Int64 = 120_000

    private let state: Mutex<State>
    private let gauges: @Sendable (Set<Int64>) -> (sockets: Int, sessions: Int)

    /// - Parameter gauges: open sockets, and sessions that have one or are among those seen.
    init(begin: Timestamp, gauges: @escaping @Sendable (Set<Int64>) -> (sockets: Int, sessions: Int) = { (0, $0.count) }) {
        state = Mutex(State(open: Resolution.second.start(of: begin.milliseconds)))
        self.gauges = gauges
    }

    func setRoles(_ roles: [Int: String]) { state.withLock { $0.names.roles = roles } }

    // MARK: Adding

    func add(_ measures: [RequestMeasure]) {
        guard !measures.isEmpty else { return }
        state.withLock { state in
            for measure in measures {
                let segments = state.names.segments(of: measure)
                Self.change(&state, at: measure.at.milliseconds) { $0.add(measure, segments: segments) }
            }
        }
    }

    /// Counts a key event in the windows of its time, as far as they are in memory.
    func count(_ event: String, at time: Timestamp) {
        state.withLock { state in Self.change(&state, at: time.milliseconds) { $0.events[event, default: 0] += 1 } }
    }

    private static func change(_ state: inout State, at time: Int64, _ body: (inout MeasureWindow) -> Void) {
        let second = Resolution.second.start(of: time)
        if second >= state.open - state.seconds.keep * 1000 { body(&state.seconds.windows[second, default: MeasureWindow()]) }
        guard second < state.open else { return }
        let (five, minute) = (Resolution.five.start(of: time), Resolution.minute.start(of: time))
        if five >= state.open - state.fives.keep * 5000 { body(&state.fives.windows[five, default: MeasureWindow()]) }
        guard minute >= state.open - state.minutes.keep * 60_000 else { return }
        body(&state.minutes.windows[minute, default: MeasureWindow()])
        state.late.insert(second)
        state.unsaved.insert(minute)
    }

    /// Adds what an earlier process stored of a minute.
    func restore(_ window: MeasureWindow, minute: Int64) {
        state.withLock { $0.minutes.windows[minute, default: MeasureWindow()].merge(window) }
    }

    // MARK: Closing

    /// Closes the seconds that are over.
    ///
    /// - Returns: all windows that have changed, the finest first.
    func close(at now: Timestamp) -> [Change] {
        state.withLock { state in
            let limit = Resolution.second.start(of: now.milliseconds - Self.patience)
            var changed: Set<Int64> = state.late
            state.late = []
            if limit - state.open > Self.longestPause { state.open = limit }
            while state.open < limit {
                closeSecond(&state)
                changed.insert(state.open - 1000)
            }
            prune(&state, before: state.open)
            return Self.changes(changed, open: state.open)
        }
    }

    private func closeSecond(_ state: inout State) {
        let second = state.open
        var window = state.seconds.windows[second] ?? MeasureWindow()
        let seen = window.seenSessions
        (window.sockets, window.sessions) = gauges(seen)
        window.seconds = 1
        for path in [\State.fives, \State.minutes] {
            let start = state[keyPath: path].resolution.start(of: second)
            var sum = state[keyPath: path].windows[start] ?? MeasureWindow()
            sum.merge(window)
            sum.sessions = max(sum.sessions, gauges(sum.seenSessions).sessions)
            // With its last second the sessions are counted, and no longer needed one by one.
            if second + 1000 == start + state[keyPath: path].resolution.milliseconds { sum.seenSessions = [] }
            state[keyPath: path].windows[start] = sum
        }
        window.seenSessions = []
        state.seconds.windows[second] = window
        state.unsaved.insert(Resolution.minute.start(of: second))
        state.open = second + 1000
    }

    private func prune(_ state: inout State, before now: Int64) {
        state.seconds.prune(before: now)
        state.fives.prune(before: now)
        state.minutes.prune(before: now)
    }

    private static func changes(_ seconds: Set<Int64>, open: Int64) -> [Change] {
        var changes: Set<Change> = []
        for second in seconds {
            changes.insert(Change(resolution: .second, start: second, isOpen: false))
            for resolution in [Resolution.five, .minute] {
                let start = resolution.start(of: second)
                changes.insert(Change(resolution: resolution, start: start, isOpen: start + resolution.milliseconds > open))
            }
        }
        return changes.sorted { ($0.resolution.rawValue, $0.start) < ($1.resolution.rawValue, $1.start) }
    }

    // MARK: Reading

    /// The start of the second that is open.
    var open: Int64 { state.withLock { $0.open } }

    /// The start of the oldest window of five seconds that is kept.
    var oldestFive: Int64 { state.withLock { Resolution.five.start(of: $0.open) - $0.fives.keep * 5000 } }

    /// Consecutive windows of a width that is kept in memory.
    func windows(_ resolution: Resolution, from start: Int64, count: Int) -> [PlacedWindow] {
        state.withLock { state in
            let series =
                switch resolution {
                case .second: state.seconds
                case .five: state.fives
                default: state.minutes
                }
            return (0..<Int64(count)).map { index in
                let start = start + index * resolution.milliseconds
                let window = series.windows[start].flatMap { $0.seconds > 0 || $0.total.requests > 0 ? $0 : nil }
                let isOpen = start + resolution.milliseconds > state.open
                let isWhole = Int64(window?.seconds ?? 0) * 1000 >= resolution.milliseconds
                return PlacedWindow(start: start, window: window, isPartial: isOpen || !isWhole)
            }
        }
    }

    /// The minutes that have changed since they were stored; they count as stored from now on.
    func takeUnsaved() -> [(start: Int64, window: MeasureWindow)] {
        state.withLock { state in
            defer { state.unsaved = [] }
            return state.unsaved.sorted().compactMap { start in state.minutes.windows[start].map { (start, $0) } }
        }
    }

    /// Marks minutes as not stored again.
    func putBack(_ minutes: [Int64]) { state.withLock { $0.unsaved.formUnion(minutes) } }
}
