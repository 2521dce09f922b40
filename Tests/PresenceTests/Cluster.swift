import Audit
import Bus
import Crypto
import Database
import Directory
import Kernel
import Realtime
import Roles
import Runtime
import Sanctions
import Synchronization
import TestSupport

@testable import Presence

/// Nodes of one site at one presence store, in one time that the test lets pass; each has a time of day of its own.
final class Cluster: Sendable {
    /// The way from a node to the store; cut, calls fail and news is missed.
    final class Link: PresenceStore {
        struct Cut: Error {}

        private struct State {
            var isCut = false
            var readers: [@Sendable (PresenceNews) -> Void] = []
        }

        private let store: any PresenceStore
        private let state = Mutex(State())
        var term: Int64 { store.term }
        var batch: Int { store.batch }

        init(_ store: any PresenceStore) {
            self.store = store
            store.attach { [weak self] news in
                let readers = self?.state.withLock { $0.isCut ? [] : $0.readers } ?? []
                for reader in readers { reader(news) }
            }
        }

        func cut() { state.withLock { $0.isCut = true } }

        func mend() {
            let readers = state.withLock { state in
                state.isCut = false
                return state.readers
            }
            for reader in readers { reader(.interrupted) }
        }

        private var open: any PresenceStore {
            get throws {
                if state.withLock({ $0.isCut }) { throw Cut() }
                return store
            }
        }

        func attach(_ reader: @escaping @Sendable (PresenceNews) -> Void) { state.withLock { $0.readers.append(reader) } }
        func hold(_ leases: [PresenceLease]) async throws -> [PresenceLease.ID] { try await open.hold(leases) }
        func renew(_ leases: [PresenceLease.ID]) async throws -> [PresenceLease.ID] { try await open.renew(leases) }
        func end(_ leases: [PresenceLease.ID], _ reason: PresenceLease.End) async throws { try await open.end(leases, reason) }
        func expire() async throws { try await open.expire() }
        func leases(after last: PresenceLease.ID?) async throws -> [PresenceLease] { try await open.leases(after: last) }
        func lead(_ node: NodeID, for milliseconds: Int64) async throws -> Bool { try await open.lead(node, for: milliseconds) }
    }

    final class Node: Sendable {
        let link: Link
        let feature: PresenceFeature
        private let state = Mutex((isStopped: false, connections: [UInt64: UserID]()))

        init(_ link: Link, _ feature: PresenceFeature) { (self.link, self.feature) = (link, feature) }

        var service: PresenceService { feature.service }
        func status(_ user: UserID) -> ShownStatus { service.state.withLock { $0.engine.view(of: user)?.status ?? .offline } }
        func version(_ user: UserID) -> Int64? { service.state.withLock { $0.engine.view(of: user)?.version } }

        func connect(_ connection: UInt64, _ user: UserID) {
            state.withLock { $0.connections[connection] = user }
            service.connected(ConnectionID(rawValue: connection), user: user, session: nil)
        }

        func disconnect(_ connection: UInt64, _ reason: DisconnectReason = .left) {
            state.withLock { $0.connections[connection] = nil }
            service.disconnected(ConnectionID(rawValue: connection), reason: reason)
        }

        func idle(_ connection: UInt64, _ isIdle: Bool) { service.handle(.idle(ConnectionID(rawValue: connection), isIdle)) }

        /// It stands still, or is dead; its clients do not know.
        func stop() { state.withLock { $0.isStopped = true } }
        func goOn() { state.withLock { $0.isStopped = false } }

        /// What its services do in a second.
        func run() async throws {
            let (isStopped, connections) = state.withLock { ($0.isStopped, $0.connections.keys.map(ConnectionID.init(rawValue:))) }
            guard !isStopped else { return }
            service.seen(connections)
            do { try await service.nodes?.keep() } catch is Link.Cut {}
            try await service.load()
            service.tick()
        }
    }

    let store: MemoryPresenceStore
    let broker = MemoryBroker(epoch: "e")
    private let database: any Database
    private let relay: OutboxRelay
    private let time: @Sendable () -> Int64
    private let advance: @Sendable (Int64) -> Void
    private let said = Mutex<[JSON]>([])
    private let nodes = Mutex<[Node]>([])

    private init(_ database: any Database) {
        self.database = database
        let clock = Clock()
        time = { clock.now.withLock { $0 } }
        advance = { delta in clock.now.withLock { $0 += delta } }
        store = MemoryPresenceStore(term: 65_000, batch: 3) { Uptime(milliseconds: clock.now.withLock { $0 }) }
        relay = OutboxRelay(database: database, broker: broker) { _ in }
        broker.attach { [weak self] publications in
            let events = publications.compactMap { publication -> JSON? in
                guard publication.topic == "presence" else { return nil }
                do { return try JSONParser.parse(publication.payload) } catch { return nil }
            }
            self?.said.withLock { $0 += events }
        } interrupted: { _, _ in
        }
    }

    private final class Clock: Sendable { let now = Mutex<Int64>(1_000_000) }

    static func run(_ body: (Cluster) async throws -> Void) async throws {
        let migrations =
            outboxMigrations + directoryMigrations + auditMigrations + rolesMigrations + presenceMigrations + sanctionMigrations
        try await TestDatabase.sqlite.with(migrations) { database in try await body(Cluster(database)) }
    }

    /// - Parameter skew: by how much its time of day is ahead, in seconds.
    func node(skew: Int64 = 0) throws -> Node {
        let (link, time) = (Link(store), time)
        let clock = WallClock {
            Uptime(milliseconds: time())
        } now: {
            Timestamp(milliseconds: 1_700_000_000_000 + time() + skew * 1000)
        }
        let ids = IDGenerator(clock: clock, node: nodes.withLock { $0.count + 1 })
        let gateway = Gateway(broker: broker, relay: relay, clock: clock, log: .silent, metrics: Metrics())
        let audit = AuditLog(database: database, keyring: try .ephemeral(), ids: ids)
        let roles = RolesFeature(database: database, audit: audit, ids: ids, clock: clock)
        let node = Node(
            link,
            PresenceFeature(
                database: database, broker: broker, relay: relay, gateway: gateway, audit: audit, roles: roles, ids: ids, clock: clock,
                log: .silent, store: link))
        nodes.withLock { $0.append(node) }
        return node
    }

    func person(_ number: Int64) async throws -> UserID {
        let user = UserID(rawValue: number)
        try await database.write { transaction in
            let member = Member(id: user, username: "p\(number)", displayName: "P", at: Timestamp(milliseconds: 0))
            try MemberDirectory().insert(member, emailBlind: nil, in: transaction)
        }
        return user
    }

    /// Every node hears of a choice, as from its relay.
    func choose(_ status: ChosenPresence.Status, for user: UserID, at offset: Int64) {
        var chosen = ChosenPresence()
        chosen.status = status
        let record = OutboxRecord(
            offset: offset, topics: ["users"], type: "status.changed", members: PresenceEvents.changed(user, chosen),
            at: Timestamp(milliseconds: 0))
        for node in nodes.withLock({ $0 }) { node.service.observe(record) }
    }

    func pass(_ seconds: Int) async throws {
        for _ in 0..<seconds {
            advance(1000)
            for node in nodes.withLock({ $0 }) { try await node.run() }
        }
    }

    /// The statuses that the site's readers were told of somebody, in order.
    func said(of user: UserID) -> [String] {
        said.withLock { $0.filter { $0["user_id"]?.string == user.uuid }.compactMap { $0["status"]?.string } }
    }

    func versions(of user: UserID) -> [Int64] {
        said.withLock { $0.filter { $0["user_id"]?.string == user.uuid }.compactMap { $0["version"]?.integer } }
    }
}
