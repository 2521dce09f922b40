internal import Bus
internal import Kernel
internal import Realtime
internal import Runtime
internal import Synchronization

/// This node's part in the presence of a site of several: its own connections go to the store, the others' come from there, as events of the engine.
///
/// What the store was not told yet waits, the latest of each connection; nothing on a connection's path waits for it. Without word from the store
/// for a term the others' connections lapse like any that fell silent, and this node speaks for nobody.
final class PresenceNodes: Sendable {
    private enum Change: Sendable {
        case hold
        case end(PresenceLease.End)
    }

    private struct State {
        /// This node's connections as the store should have them.
        var own: [ConnectionID: PresenceLease] = [:]
        var changes: [ConnectionID: Change] = [:]
        /// What the engine calls the others' connections.
        var others: [PresenceLease.ID: ConnectionID] = [:]
        var nextOther: UInt64 = 1 << 63
        /// What is heard while the leases are listed.
        var heard: [PresenceNews]?
        var mustList = true
        var leadsUntil: Uptime?
        var apply: @Sendable ([PresenceEngine.Event]) -> Void = { _ in }
    }

    /// For how long one asks to speak, and after how long again; milliseconds.
    private static let (leadership, step): (Int64, Int64) = (5_000, 1_000)
    private static let maximumHeard = 10_000

    let node: NodeID
    private let store: any PresenceStore
    private let clock: WallClock
    private let log: Log
    private let state = Mutex(State())
    private let changes = Signal()
    private let schedule: Mutex<(step: Uptime, renewal: Uptime)>

    init(store: any PresenceStore, node: NodeID = .random(), clock: WallClock, log: Log) {
        (self.store, self.node, self.clock, self.log) = (store, node, clock, log)
        let now = clock.uptime()
        schedule = Mutex((step: now, renewal: now.adding(milliseconds: store.term / 4)))
    }

    /// Gives `apply` what happens on other nodes, from now on, in order; it must not call this.
    func begin(_ apply: @escaping @Sendable ([PresenceEngine.Event]) -> Void) {
        state.withLock { $0.apply = apply }
        store.attach { [weak self] news in self?.hear(news) }
    }

    /// Whether what this node's engine makes of all connections is what the site says.
    func isLeader(at now: Uptime) -> Bool { state.withLock { state in state.leadsUntil.map { now < $0 } ?? false } }

    // MARK: From here

    /// What happened to one of this node's connections; the engine knows it already.
    func happened(_ event: PresenceEngine.Event) {
        let isNew = state.withLock { state in
            switch event {
            case .connected(let id, let user, let session):
                let lease = PresenceLease(id: PresenceLease.ID(node: node, connection: id.rawValue), user: user, session: session)
                state.own[id] = lease
                state.changes[id] = .hold
            case .idle(let id, let isIdle):
                guard let lease = state.own[id], lease.isIdle != isIdle else { return false }
                state.own[id]?.isIdle = isIdle
                state.changes[id] = .hold
            case .disconnected(let id, let reason):
                guard state.own.removeValue(forKey: id) != nil else { return false }
                state.changes[id] = .end(reason.end)
            default: return false
            }
            return true
        }
        if isNew { changes.raise() }
    }

    // MARK: From there

    private func hear(_ news: PresenceNews) {
        let isNew = state.withLock { state in
            if case .interrupted = news {
                state.mustList = true
                // Perhaps it has lost what it had.
                for id in state.own.keys { state.changes[id] = .hold }
            } else if let heard = state.heard {
                if heard.count < Self.maximumHeard { state.heard?.append(news) } else { state.mustList = true }
            } else {
                let events = translate(news, &state)
                if !events.isEmpty { state.apply(events) }
            }
            return !state.changes.isEmpty
        }
        if isNew { changes.raise() }
    }

    private func translate(_ news: PresenceNews, _ state: inout State) -> [PresenceEngine.Event] {
        switch news {
        case .held(let leases): return leases.flatMap { translate($0, &state) }
        case .renewed(let ids):
            let known = ids.compactMap { state.others[$0] }
            return known.isEmpty ? [] : [.seen(known)]
        case .ended(let ids, let reason):
            // What the store gave up here is connected all the same: it is held anew.
            for id in ids where id.node == node && state.own[ConnectionID(rawValue: id.connection)] != nil {
                state.changes[ConnectionID(rawValue: id.connection)] = .hold
            }
            return ids.compactMap { state.others.removeValue(forKey: $0).map { .disconnected($0, reason.reason) } }
        case .interrupted: return []
        }
    }

    private func translate(_ lease: PresenceLease, _ state: inout State) -> [PresenceEngine.Event] {
        guard lease.id.node != node else { return [] }
        let id = state.others[lease.id] ?? ConnectionID(rawValue: state.nextOther)
        if state.others.updateValue(id, forKey: lease.id) == nil { state.nextOther += 1 }
        return [.connected(id, lease.user, lease.session), .idle(id, lease.isIdle)]
    }

    // MARK: Keeping

    /// Until cancelled; then the others hear that this node's connections have left.
    func run() async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while true {
                        try await Task.sleep(for: .milliseconds(Self.step))
                        self.changes.raise()
                    }
                }
                group.addTask { try await self.keepWell() }
                try await group.waitForAll()
            }
        } catch {
            // Cancelled: a task that is not says goodbye.
            await Task { await self.leave() }.value
            throw error
        }
    }

    private func keepWell() async throws {
        var isWell = true
        for await _ in changes.stream {
            do {
                try await keep()
                if !isWell { log.info("the presence store answers again", []) }
                isWell = true
            } catch {
                if isWell { log.warning("the presence store does not answer", [("cause", .string("\(error)"))]) }
                isWell = false
            }
            // Those that come in a storm go together.
            try await Task.sleep(for: .milliseconds(50))
        }
        try Task.checkCancellation()
    }

    /// Does all that is due. What fails is due again.
    func keep() async throws {
        try await send()
        let now = clock.uptime()
        let (isStep, isRenewal) = schedule.withLock { ($0.step <= now, $0.renewal <= now) }
        if isStep {
            try await store.expire()
            try await lead()
            schedule.withLock { $0.step = now.adding(milliseconds: Self.step) }
        }
        if isRenewal {
            try await renew()
            schedule.withLock { $0.renewal = now.adding(milliseconds: store.term / 4) }
        }
        if state.withLock({ $0.mustList }) { try await list() }
    }

    private func send() async throws {
        let work = state.withLock { state in
            defer { state.changes = [:] }
            return state.changes.map { (id: $0.key, change: $0.value, lease: state.own[$0.key]) }
        }
        var undone = Set(work.map { $0.id })
        do {
            for part in parts(work.compactMap { $0.lease }) {
                let refused = try await store.hold(part)
                if !refused.isEmpty { log.warning("the presence store is full", [("refused", .integer(Int64(refused.count)))]) }
                for lease in part { undone.remove(ConnectionID(rawValue: lease.id.connection)) }
            }
            for reason in [PresenceLease.End.left, .silent, .ended, .barred] {
                let ended = work.filter { if case .end(reason) = $0.change { true } else { false } }
                for part in parts(ended) {
                    try await store.end(part.map { PresenceLease.ID(node: node, connection: $0.id.rawValue) }, reason)
                    for (id, _, _) in part { undone.remove(id) }
                }
            }
        } catch {
            state.withLock { state in
                for (id, change, _) in work where undone.contains(id) && state.changes[id] == nil { state.changes[id] = change }
            }
            throw error
        }
    }

    private func renew() async throws {
        for part in parts(state.withLock { $0.own.values.map(\.id) }) {
            let unknown = try await store.renew(part)
            state.withLock { state in
                for id in unknown.map({ ConnectionID(rawValue: $0.connection) }) where state.own[id] != nil { state.changes[id] = .hold }
            }
            if !unknown.isEmpty { changes.raise() }
        }
    }

    /// Counted from before the question, so that nobody speaks when the store has given the place to another.
    private func lead() async throws {
        let until = clock.uptime().adding(milliseconds: Self.leadership)
        let isLeader = try await store.lead(node, for: Self.leadership)
        state.withLock { $0.leadsUntil = isLeader ? until : nil }
    }

    /// Learns what stands from the beginning, and what happens meanwhile behind it.
    private func list() async throws {
        state.withLock { ($0.mustList, $0.heard) = (false, []) }
        var found: [PresenceLease] = []
        do {
            var page: [PresenceLease]
            repeat {
                page = try await store.leases(after: found.last?.id)
                found += page
            } while page.count >= store.batch
        } catch {
            state.withLock { ($0.mustList, $0.heard) = (true, nil) }
            throw error
        }
        state.withLock { state in
            defer { state.heard = nil }
            // What was missed in between would be missed for good.
            guard !state.mustList else { return }
            let standing = Set(found.map(\.id))
            var events: [PresenceEngine.Event] = []
            // A grace, since a store that has lost its leases gets them again.
            for (lease, id) in state.others where !standing.contains(lease) {
                state.others[lease] = nil
                events.append(.disconnected(id, .left))
            }
            events += found.flatMap { translate($0, &state) }
            for news in state.heard ?? [] { events += translate(news, &state) }
            state.apply(events)
        }
    }

    private func leave() async {
        let own = state.withLock { state in
            defer { (state.own, state.changes, state.leadsUntil) = ([:], [:], nil) }
            return state.own.values.map(\.id)
        }
        do {
            for part in parts(own) { try await store.end(part, .left) }
        } catch {
            log.warning("the presence store was not told of the end", [("cause", .string("\(error)"))])
        }
    }

    private func parts<Element>(_ all: [Element]) -> [[Element]] {
        stride(from: 0, to: all.count, by: store.batch).map { Array(all[$0..<min($0 + store.batch, all.count)]) }
    }
}

extension DisconnectReason {
    fileprivate var end: PresenceLease.End {
        switch self {
        case .left: .left
        case .silent: .silent
        case .ended: .ended
        case .barred: .barred
        }
    }
}

extension PresenceLease.End {
    fileprivate var reason: DisconnectReason {
        switch self {
        case .left: .left
        case .silent, .expired: .silent
        case .ended: .ended
        case .barred: .barred
        }
    }
}
