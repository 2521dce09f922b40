internal import Kernel
internal import Synchronization

/// How often keys were used, gathered here and written down now and then, off the requests' path.
final class KeyUses: Sendable {
    struct Use: Sendable, Hashable {
        var count: Int64
        var at: Timestamp
        var address: String
    }

    private struct State {
        var pending: [APIKeyID: Use] = [:]
        var written: [APIKeyID: Timestamp] = [:]
    }

    /// A key is written down again once this has passed; what comes in between is counted.
    private let grain: Int64 = 60_000
    private let maximumCount = 100_000
    private let state = Mutex(State())

    func note(_ key: APIKeyID, from address: String, at now: Timestamp) {
        state.withLock { state in
            let before = state.pending[key]?.count ?? 0
            guard before > 0 || state.pending.count < maximumCount else { return }
            state.pending[key] = Use(count: before + 1, at: now, address: address)
        }
    }

    /// What is to be written, at most `limit` of it.
    func take(_ limit: Int, at now: Timestamp) -> [APIKeyID: Use] {
        state.withLock { state in
            let due = state.pending.lazy.filter { [written = state.written, grain] key, _ in
                written[key].map { now.milliseconds - $0.milliseconds >= grain } ?? true
            }
            let batch = Dictionary(uniqueKeysWithValues: due.prefix(limit).map { ($0.key, $0.value) })
            for key in batch.keys {
                state.pending[key] = nil
                state.written[key] = now
            }
            if state.written.count > maximumCount { state.written = batch.mapValues(\.at) }
            return batch
        }
    }
}
