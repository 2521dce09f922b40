internal import Synchronization

/// Threads of their own for C that takes long, which serve principals by turns (`WorkOrigin`).
///
/// What waits is bounded for each principal and in all; the threads live as long as their owner and finish what is queued.
public final class FairWorkers: Sendable {
    private struct Pending: Sendable {
        let run: @Sendable () -> Void
        let refuse: @Sendable () -> Void
    }

    private final class Lanes: Sendable {
        private struct State {
            var schedules: [FairSchedule<Pending>]
            var last = 0
        }

        private let state: Mutex<State>

        init(capacity: Int) {
            state = Mutex(State(schedules: WorkOrigin.Lane.allCases.map { _ in FairSchedule(capacity: capacity) }))
        }

        func add(_ pending: Pending, _ origin: WorkOrigin) -> FairSchedule<Pending>.Admission {
            state.withLock { $0.schedules[origin.lane.rawValue].add(pending, origin.shares) }
        }

        var count: Int { state.withLock { $0.schedules.reduce(0) { $0 + $1.count } } }

        /// The next of the lane that was not served last.
        func next() -> Pending? {
            state.withLock { state in
                for offset in 1...state.schedules.count {
                    let lane = (state.last + offset) % state.schedules.count
                    guard let pending = state.schedules[lane].next() else { continue }
                    state.last = lane
                    return pending
                }
                return nil
            }
        }
    }

    private let lanes: Lanes
    private let limit: Int
    /// One element for each piece of work that waits.
    private let arrivals: WorkQueue<Void>

    /// - Parameters:
    ///   - name: at most 15 bytes, for the kernel's list of threads.
    ///   - limit: how many pieces may wait in each lane.
    public init(named name: String, threads: Int = 1, limit: Int) {
        let lanes = Lanes(capacity: limit)
        let arrivals = WorkQueue<Void>(capacity: limit * WorkOrigin.Lane.allCases.count)
        (self.lanes, self.limit, self.arrivals) = (lanes, limit, arrivals)
        for _ in 0..<threads {
            ThreadGroup().start(named: name) {
                while case .jobs = arrivals.take(upTo: 1) { lanes.next()?.run() }
            }
        }
    }

    deinit { arrivals.close() }

    /// How many pieces wait.
    public var waiting: Int { lanes.count }

    /// Runs `body` on one of the threads and gives what it returns.
    ///
    /// - Throws: `QueueRefusal` when the principal, or the lane, has too much waiting; or what `body` throws.
    public func run<Result: Sendable>(for origin: WorkOrigin, _ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let refusal = QueueRefusal.full(limit)
            let pending = Pending {
                continuation.resume(with: Swift.Result { try body() })
            } refuse: {
                continuation.resume(throwing: refusal)
            }
            switch lanes.add(pending, origin) {
            case .added:
                // There is room for as many as may wait; closed it is only when nobody holds this object any more.
                do throws(QueueRefusal) { try arrivals.submit(()) } catch { preconditionFailure("work that waits is not counted") }
            case .replaced(let pushedOut): pushedOut.refuse()
            case .refused: pending.refuse()
            }
        }
    }
}
