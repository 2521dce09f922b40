import Bus
import Kernel
import Synchronization
import Testing

/// The presence stores that must pass: each makes a fresh one, as two nodes see it, with a clock that the test moves.
enum TestPresenceStore: String, CaseIterable, Sendable {
    case memory

    func with(
        term: Int64 = 60_000, batch: Int = 500, limit: Int = 100_000, _ body: (PresenceStage) async throws -> Void
    ) async throws {
        switch self {
        case .memory:
            let clock = Mutex(Uptime(milliseconds: 1_000_000))
            let store = MemoryPresenceStore(term: term, batch: batch, limit: limit) { clock.withLock { $0 } }
            let stage = PresenceStage(a: store, b: store) { delta in clock.withLock { $0 = $0.adding(milliseconds: delta) } }
            try await body(stage)
        }
    }
}

/// Two nodes at one store.
struct PresenceStage {
    let a: any PresenceStore
    let b: any PresenceStore
    /// What each of the two was told.
    let heard = (a: Heard<PresenceNews>(), b: Heard<PresenceNews>())
    /// Lets time pass by the store's clock.
    let pass: (Int64) -> Void
    let nodes = (a: NodeID(rawValue: 7), b: NodeID(rawValue: 3))
    private let mark = NodeID(rawValue: .max)

    init(a: any PresenceStore, b: any PresenceStore, pass: @escaping (Int64) -> Void) {
        (self.a, self.b, self.pass) = (a, b, pass)
        a.attach { [heard] in heard.a.add($0) }
        b.attach { [heard] in heard.b.add($0) }
    }

    /// One of the first node's.
    func lease(_ connection: Int, user: Int64 = 1, isIdle: Bool = false) -> PresenceLease {
        lease(nodes.a, connection, user: user, isIdle: isIdle)
    }

    func lease(_ node: NodeID, _ connection: Int, user: Int64 = 1, isIdle: Bool = false) -> PresenceLease {
        PresenceLease(
            id: PresenceLease.ID(node: node, connection: UInt64(connection)), user: UserID(rawValue: user), isIdle: isIdle)
    }

    /// Everything that was told up to now, as both nodes heard it; the mark that says so is left out.
    func told() async throws -> [PresenceNews] {
        let lease = PresenceLease(id: PresenceLease.ID(node: mark, connection: .random(in: .min ... .max)), user: UserID(rawValue: 1))
        _ = try await a.hold([lease])
        let end = PresenceNews.ended([lease.id], .left)
        try await a.end([lease.id], .left)
        try await heard.a.wait("the mark") { $0.contains(end) }
        try await heard.b.wait("the mark") { $0.contains(end) }
        let (first, second) = (heard.a.all, heard.b.all)
        #expect(first == second, "two nodes heard different things, or in another order")
        return first.filter { news in
            switch news {
            case .held(let leases): leases.first?.id.node != mark
            case .ended(let ids, _): ids.first?.node != mark
            default: true
            }
        }
    }

    /// All pages, as one node lists them.
    func listed(by store: (any PresenceStore)? = nil) async throws -> [PresenceLease] {
        let store = store ?? b
        var all: [PresenceLease] = []
        while true {
            let page = try await store.leases(after: all.last?.id)
            all += page
            if page.count < store.batch { return all }
        }
    }
}

/// What stands after some news, from what stood before.
struct Standing {
    var leases: [PresenceLease.ID: PresenceLease] = [:]

    init(_ leases: [PresenceLease] = []) { for lease in leases { self.leases[lease.id] = lease } }

    mutating func apply(_ news: [PresenceNews]) {
        for news in news {
            switch news {
            case .held(let held): for lease in held { leases[lease.id] = lease }
            case .ended(let ids, _): for id in ids { leases[id] = nil }
            case .renewed, .interrupted: break
            }
        }
    }

    var sorted: [PresenceLease] { leases.values.sorted { $0.id < $1.id } }
}
