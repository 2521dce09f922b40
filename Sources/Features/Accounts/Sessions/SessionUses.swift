internal import Kernel
internal import Synchronization

/// When sessions were last used, gathered here and written down now and then, off the requests' path.
final class SessionUses: Sendable {
    /// A session is noted again once this has passed.
    private static let grain: Int64 = 60_000
    private static let maximumCount = 100_000

    private struct State {
        var pending: [SessionID: Timestamp] = [:]
        var written: [SessionID: Timestamp] = [:]
    }

    private let state = Mutex(State())

    func note(_ session: SessionID, at now: Timestamp) {
        state.withLock { state in
            if let last = state.written[session], now.milliseconds - last.milliseconds < Self.grain { return }
            guard state.pending.count < Self.maximumCount else { return }
            state.pending[session] = now
        }
    }

    /// What is to be written, at most `limit` of it.
    func take(_ limit: Int) -> [SessionID: Timestamp] {
        state.withLock { state in
            let batch = Dictionary(uniqueKeysWithValues: state.pending.prefix(limit).map { ($0.key, $0.value) })
            for (session, at) in batch {
                state.pending[session] = nil
                state.written[session] = at
            }
            if state.written.count > Self.maximumCount { state.written = batch }
            return batch
        }
    }
}
