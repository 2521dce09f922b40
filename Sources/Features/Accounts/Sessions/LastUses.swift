internal import Kernel
internal import Synchronization

/// When sessions, or keys, were last used, gathered here and written down now and then, off the requests' path.
final class LastUses<Subject: Hashable & Sendable>: Sendable {
    /// A subject is noted again once this has passed.
    private let grain: Int64 = 60_000
    private let maximumCount = 100_000

    private struct State {
        var pending: [Subject: Timestamp] = [:]
        var written: [Subject: Timestamp] = [:]
    }

    private let state = Mutex(State())

    func note(_ subject: Subject, at now: Timestamp) {
        state.withLock { state in
            if let last = state.written[subject], now.milliseconds - last.milliseconds < grain { return }
            guard state.pending.count < maximumCount else { return }
            state.pending[subject] = now
        }
    }

    /// What is to be written, at most `limit` of it.
    func take(_ limit: Int) -> [Subject: Timestamp] {
        state.withLock { state in
            let batch = Dictionary(uniqueKeysWithValues: state.pending.prefix(limit).map { ($0.key, $0.value) })
            for (subject, at) in batch {
                state.pending[subject] = nil
                state.written[subject] = at
            }
            if state.written.count > maximumCount { state.written = batch }
            return batch
        }
    }
}
