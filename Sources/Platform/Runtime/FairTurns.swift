internal import Synchronization

/// Limits how many tasks do something at once. The others wait, and principals are served by turns, as with `FairWorkers`.
public final class FairTurns: Sendable {
    private struct State {
        var free: Int
        var waiting: FairSchedule<CheckedContinuation<Void, any Error>>
    }

    private let state: Mutex<State>
    private let limit: Int

    /// - Parameters:
    ///   - count: how many tasks have a turn at once.
    ///   - limit: how many tasks may wait.
    public init(_ count: Int, limit: Int) {
        state = Mutex(State(free: count, waiting: FairSchedule(capacity: limit)))
        self.limit = limit
    }

    /// How many tasks wait.
    public var waiting: Int { state.withLock { $0.waiting.count } }

    /// Runs `body` when it has a turn.
    ///
    /// - Throws: `QueueRefusal` when too many wait; what `body` throws.
    public func take<Result>(for origin: WorkOrigin, _ body: () async throws -> Result) async throws -> Result {
        try await wait(origin)
        defer { leave() }
        return try await body()
    }

    private func wait(_ origin: WorkOrigin) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let admission = state.withLock { state -> FairSchedule<CheckedContinuation<Void, any Error>>.Admission? in
                guard state.free == 0 else {
                    state.free -= 1
                    return nil
                }
                return state.waiting.add(continuation, origin.shares)
            }
            switch admission {
            case nil: continuation.resume()
            case .added: break
            case .replaced(let pushedOut): pushedOut.resume(throwing: QueueRefusal.full(limit))
            case .refused: continuation.resume(throwing: QueueRefusal.full(limit))
            }
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            let next = state.waiting.next()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume()
    }
}
