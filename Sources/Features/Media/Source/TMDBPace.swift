internal import Kernel
internal import Synchronization

/// When the next request may be sent: 30 a second, none while TMDB asks for a pause, and none for a moment after many failures in a row.
final class TMDBPace: Sendable {
    struct Options: Sendable {
        /// Milliseconds between two requests.
        var interval: Int64 = 34
        /// Failures in a row that start a rest.
        var failures = 6
        /// Milliseconds of a rest.
        var rest: Int64 = 30_000
    }

    private struct State {
        var next = Uptime(milliseconds: 0)
        var failures = 0
        var restsUntil = Uptime(milliseconds: 0)
    }

    private let state = Mutex(State())
    private let clock: WallClock
    private let options: Options

    init(clock: WallClock, options: Options = Options()) { (self.clock, self.options) = (clock, options) }

    /// Waits for this request's turn.
    ///
    /// - Throws: `TMDBFault.resting`, or `CancellationError`.
    func turn() async throws {
        while true {
            let now = clock.uptime()
            let slot = try state.withLock { state throws(TMDBFault) -> Uptime in
                guard now >= state.restsUntil else { throw .resting }
                let slot = max(now, state.next)
                // A slot that is far off belongs to a pause. It is not taken: after the pause each request asks again, so that they do not come all at once.
                if slot.milliseconds - now.milliseconds < 1000 { state.next = slot.adding(milliseconds: options.interval) }
                return slot
            }
            let pause = slot.milliseconds - now.milliseconds
            if pause > 0 { try await Task.sleep(for: .milliseconds(pause)) }
            if pause < 1000 { return }
        }
    }

    /// TMDB asked for a pause.
    func pause(seconds: Int) {
        let until = clock.uptime().adding(milliseconds: Int64(seconds) * 1000)
        state.withLock { $0.next = max($0.next, until) }
    }

    func succeeded() { state.withLock { $0.failures = 0 } }

    func failed() {
        let until = clock.uptime().adding(milliseconds: options.rest)
        state.withLock { state in
            state.failures += 1
            if state.failures >= options.failures { (state.failures, state.restsUntil) = (0, until) }
        }
    }

    /// Ends a rest: there is a new key.
    func wake() { state.withLock { ($0.failures, $0.restsUntil) = (0, Uptime(milliseconds: 0)) } }
}
