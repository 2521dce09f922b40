internal import Kernel
internal import Synchronization

/// Admission control: how many handshakes run at once, how many wait, and how long. A resume served from memory does not pass here.
///
/// A handshake reads the database: a crowd that all did so at once would be late together, and keep the requests of everybody else waiting.
final class ConnectQueue: Sendable {
    struct Limits: Sendable {
        var atOnce = 16
        var waiting = 5_000
        /// Milliseconds.
        var patience: Int64 = 10_000
    }

    private struct Waiter {
        let since: Uptime
        let turn: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var running = 0
        var waiters: [UInt64: Waiter] = [:]
        /// Those who came, the first first; some may have gone.
        var order: [UInt64] = []
        var head = 0
        var next: UInt64 = 0
        /// Milliseconds that a handshake takes, of late.
        var pace = 2.0
        var refused = 0

        mutating func popFirst() -> Waiter? {
            while head < order.count {
                let id = order[head]
                passHead()
                if let waiter = waiters.removeValue(forKey: id) { return waiter }
            }
            return nil
        }

        /// The first is done with; while there is always somebody behind, the places of those before are given back now and then.
        mutating func passHead() {
            head += 1
            guard head == order.count || head > 1000 && head > order.count / 2 else { return }
            order.removeFirst(head)
            head = 0
        }
    }

    let limits: Limits
    private let clock: WallClock
    private let state = Mutex(State())

    init(_ limits: Limits = Limits(), clock: WallClock) { (self.limits, self.clock) = (limits, clock) }

    var waiting: Int { state.withLock { $0.waiters.count } }
    /// Since the start.
    var refused: Int { state.withLock { $0.refused } }

    /// Seconds after which those who are before one will have been greeted.
    var retryAfter: Int { state.withLock { retryAfter($0) } }

    private func retryAfter(_ state: State) -> Int {
        let milliseconds = Double(state.waiters.count + state.running) * state.pace / Double(limits.atOnce)
        return max(1, min(60, Int((milliseconds / 1000).rounded(.up))))
    }

    /// Runs a handshake when it is its turn.
    ///
    /// - Throws: 503 with the time after which to come again when too many wait, or this one has waited too long; what `body` throws.
    func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await enter()
        let begin = clock.uptime()
        defer { leave(begin) }
        return try await body()
    }

    private func enter() async throws {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (turn: CheckedContinuation<Void, any Error>) in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.running < limits.atOnce {
                        state.running += 1
                        return .success(())
                    }
                    guard state.waiters.count < limits.waiting else { return .failure(refuse(&state)) }
                    state.waiters[id] = Waiter(since: clock.uptime(), turn: turn)
                    state.order.append(id)
                    return nil
                }
                if let outcome { turn.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.turn.resume(throwing: CancellationError())
        }
    }

    private func refuse(_ state: inout State) -> Problem {
        state.refused += 1
        return .unavailable(retryAfter: retryAfter(state))
    }

    private func leave(_ begin: Uptime) {
        let now = clock.uptime()
        let next = state.withLock { state in
            state.pace += (Double(now.milliseconds - begin.milliseconds) - state.pace) / 32
            let next = state.popFirst()
            if next == nil { state.running -= 1 }
            return next
        }
        next?.turn.resume()
    }

    /// Sends away those who have waited too long; about once a second.
    func tick() {
        let now = clock.uptime()
        let late = state.withLock { state in
            var late: [(Waiter, Problem)] = []
            while state.head < state.order.count {
                let id = state.order[state.head]
                if let waiter = state.waiters[id] {
                    guard waiter.since.adding(milliseconds: limits.patience) <= now else { break }
                    state.waiters[id] = nil
                    late.append((waiter, refuse(&state)))
                }
                state.passHead()
            }
            return late
        }
        for (waiter, problem) in late { waiter.turn.resume(throwing: problem) }
    }
}
