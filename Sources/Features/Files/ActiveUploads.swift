internal import HTTP
internal import Kernel
internal import Synchronization

/// The requests of this process that are writing to an upload, at most one for each upload.
///
/// A new request ends the earlier one: its client has lost the connection, or will try again.
final class ActiveUploads: Sendable {
    private struct Active {
        let body: HTTPBody
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let active = Mutex<[FileID: Active]>([:])

    /// Runs `body` as the only request of this upload, once the earlier one has kept what it received.
    func alone<Result>(_ id: FileID, reading stream: HTTPBody, _ body: () async throws -> Result) async rethrows -> Result {
        while !begin(id, stream) { await interrupt(id) }
        defer { end(id) }
        return try await body()
    }

    /// Ends the request that is writing, and waits until it has kept what it received.
    func interrupt(_ id: FileID) async {
        await withCheckedContinuation { continuation in
            let stream = active.withLock { active -> HTTPBody? in
                active[id]?.waiters.append(continuation)
                return active[id]?.body
            }
            if let stream { stream.cut(0) } else { continuation.resume() }
        }
    }

    private func begin(_ id: FileID, _ stream: HTTPBody) -> Bool {
        active.withLock { active in
            guard active[id] == nil else { return false }
            active[id] = Active(body: stream)
            return true
        }
    }

    private func end(_ id: FileID) {
        let waiters = active.withLock { $0.removeValue(forKey: id)?.waiters ?? [] }
        for waiter in waiters { waiter.resume() }
    }
}
