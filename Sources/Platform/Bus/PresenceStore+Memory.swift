public import Kernel
internal import Synchronization

/// The presence store of nodes that live in one process; for what it does, the model of any other.
public final class MemoryPresenceStore: PresenceStore {
    private struct Standing {
        var lease: PresenceLease
        var until: Uptime
    }

    private struct State {
        var leases: [PresenceLease.ID: Standing] = [:]
        var readers: [@Sendable (PresenceNews) -> Void] = []
        var leader: (node: NodeID, until: Uptime)?

        func emit(_ news: PresenceNews) { for reader in readers { reader(news) } }
    }

    public let term: Int64
    public let batch: Int
    private let limit: Int
    private let uptime: @Sendable () -> Uptime
    private let state = Mutex(State())

    /// - Parameters:
    ///   - term: milliseconds; several times what lies between two renewals.
    ///   - limit: leases in all.
    ///   - uptime: the store's clock.
    public init(
        term: Int64 = 65_000, batch: Int = 500, limit: Int = 1_000_000, uptime: @escaping @Sendable () -> Uptime = WallClock.system.uptime
    ) {
        (self.term, self.batch, self.limit, self.uptime) = (term, batch, limit, uptime)
    }

    public func attach(_ reader: @escaping @Sendable (PresenceNews) -> Void) {
        state.withLock { $0.readers.append(reader) }
    }

    public func hold(_ leases: [PresenceLease]) async throws -> [PresenceLease.ID] {
        precondition(leases.count <= batch)
        let until = uptime().adding(milliseconds: term)
        return state.withLock { state in
            var (held, refused): ([PresenceLease], [PresenceLease.ID]) = ([], [])
            for lease in leases {
                if state.leases[lease.id] == nil, state.leases.count >= limit {
                    refused.append(lease.id)
                    continue
                }
                state.leases[lease.id] = Standing(lease: lease, until: until)
                held.append(lease)
            }
            if !held.isEmpty { state.emit(.held(held)) }
            return refused
        }
    }

    public func renew(_ leases: [PresenceLease.ID]) async throws -> [PresenceLease.ID] {
        precondition(leases.count <= batch)
        let until = uptime().adding(milliseconds: term)
        return state.withLock { state in
            var (renewed, unknown): ([PresenceLease.ID], [PresenceLease.ID]) = ([], [])
            for id in leases {
                guard state.leases[id] != nil else {
                    unknown.append(id)
                    continue
                }
                state.leases[id]?.until = until
                renewed.append(id)
            }
            if !renewed.isEmpty { state.emit(.renewed(renewed)) }
            return unknown
        }
    }

    public func end(_ leases: [PresenceLease.ID], _ reason: PresenceLease.End) async throws {
        precondition(leases.count <= batch)
        state.withLock { state in
            let ended = leases.filter { state.leases.removeValue(forKey: $0) != nil }
            if !ended.isEmpty { state.emit(.ended(ended, reason)) }
        }
    }

    public func expire() async throws {
        let now = uptime()
        state.withLock { state in
            let overdue = state.leases.values.filter { $0.until <= now }.map(\.lease.id).sorted()
            for first in stride(from: 0, to: overdue.count, by: batch) {
                let part = Array(overdue[first..<min(first + batch, overdue.count)])
                for id in part { state.leases[id] = nil }
                state.emit(.ended(part, .expired))
            }
        }
    }

    public func leases(after last: PresenceLease.ID?) async throws -> [PresenceLease] {
        state.withLock { state in
            let ids = state.leases.keys.filter { id in last.map { $0 < id } ?? true }.sorted()
            return ids.prefix(batch).compactMap { state.leases[$0]?.lease }
        }
    }

    public func lead(_ node: NodeID, for milliseconds: Int64) async throws -> Bool {
        let now = uptime()
        return state.withLock { state in
            if let leader = state.leader, leader.node != node, leader.until > now { return false }
            state.leader = (node, now.adding(milliseconds: milliseconds))
            return true
        }
    }
}
