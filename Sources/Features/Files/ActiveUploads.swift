internal import HTTP
internal import Kernel
internal import Synchronization

/// The requests of this process that are writing to an upload, one for each: the next one ends the one before, whose client is gone or will try again.
final class ActiveUploads: Sendable {
    private struct Active {
        let number: UInt64
        let body: HTTPBody
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct State {
        var active: [FileID: Active] = [:]
        var last: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Runs `body` alone for this upload, once the request before it has kept what it had.
    func alone<Result>(_ id: FileID, reading stream: HTTPBody, _ body: () async throws -> Result) async rethrows -> Result {
        var number = begin(id, stream)
        while number == nil {
            await interrupt(id)
            number = begin(id, stream)
        }
        defer { end(id) }
        return try await body()
    }

    /// Ends what is being written, and waits until it is kept.
    func interrupt(_ id: FileID) async {
        await withCheckedContinuation { continuation in
            let stream = state.withLock { state -> HTTPBody? in
                guard state.active[id] != nil else { return nil }
                state.active[id]?.waiters.append(continuation)
                return state.active[id]?.body
            }
            if let stream { stream.cut(0) } else { continuation.resume() }
        }
    }

    private func begin(_ id: FileID, _ stream: HTTPBody) -> UInt64? {
        state.withLock { state in
            guard state.active[id] == nil else { return nil }
            state.last += 1
            state.active[id] = Active(number: state.last, body: stream)
            return state.last
        }
    }

    private func end(_ id: FileID) {
        let waiters = state.withLock { $0.active.removeValue(forKey: id)?.waiters ?? [] }
        for waiter in waiters { waiter.resume() }
    }
}

/// How many may be at something at once; the others wait for their turn.
final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func take<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { leave() }
        return try await body()
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
