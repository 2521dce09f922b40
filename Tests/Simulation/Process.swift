import Database
import Directory
import FeatureKit
import Kernel
import Roles
import Runtime
import Seeded
import Synchronization

@testable import Bus
@testable import Presence
@testable import Realtime

/// One life of the server: everything in it is real but loops, clocks, disk and network.
final class Process: @unchecked Sendable {
    // SAFETY: one thread runs the whole simulation.
    unowned let world: World
    let number: Int
    let broker: WatchedBroker
    let loops: [SimulatedLoop]
    private(set) var relay: OutboxRelay!
    private(set) var gateway: Gateway!
    private(set) var presence: PresenceService!
    private let lane: Int
    private var random: SeededRandom
    private(set) var isUp = false
    private(set) var isDead = false
    let startedAt: Int64
    private var pausedUntil: Int64 = 0
    /// Until when nothing of it can be expected.
    var sluggishUntil: Int64 { max(pausedUntil, startedAt) }
    private var tickAwaited = false
    private var isLoading = false
    private var loadAgain = false
    private var isRelaying = false
    private var relayAgain = false

    init(_ world: World, number: Int, _ random: SeededRandom) {
        (self.world, self.number) = (world, number)
        var random = random
        lane = world.scheduler.newLane()
        startedAt = world.now
        loops = (0..<2).map { _ in SimulatedLoop(world.scheduler, random.branch()) }
        let epoch = world.has(.restartKeepsTheEpoch) ? "v" : "v\(number)"
        broker = WatchedBroker(
            MemoryBroker(
                epoch: epoch, bounds: .init(events: world.style.memory),
                volatile: [VolatileTopics("presence", budget: MemoryBudget(events: world.style.memory))],
                clock: world.clock), world, random.branch())
        self.random = random
        build()
    }

    private func build() {
        let clock = world.clock
        relay = OutboxRelay(table: OutboxOnDisk(process: self), broker: broker, clock: clock, options: .init()) { _ in }
        var options = Gateway.Options()
        (options.heartbeat, options.tokenGrace, options.openings) = (World.heartbeat, 5_000, nil)
        gateway = Gateway(broker: broker, relay: relay, clock: clock, log: .silent, metrics: Metrics(), options: options)
        var configuration = PresenceOptions()
        (configuration.grace, configuration.lease) = (World.grace, World.lease)
        if world.has(.noGrace) { configuration.grace = 0 }
        if world.has(.noLease) { configuration.lease = 3_600_000 }
        let log = PresenceJournal(
            database: NoDatabase(), ids: IDGenerator(clock: clock), clock: clock, log: .silent, retention: .max / 2)
        presence = PresenceService(
            source: PresenceOnDisk(process: self), broker: broker, journal: log, clock: clock, log: .silent, options: configuration,
            start: world.disk.start(), store: nil, delivering: { 0 })
        broker.presence = presence
        relay.observe { [weak self] record in self?.observe(record) }
        gateway.open(features: FeatureSet([SimulatedFeature(process: self)]), authenticator: Doorman(process: self), observer: self) {
            [self] scope in
            JSON.integer(world.disk.accounts[Disk.index(scope.userID!)].notes)
        }
    }

    func start() {
        world.scheduler.start { [self] in
            do { try await relay.begin() } catch { preconditionFailure("\(error)") }
            await world.scheduler.sleep(5, lane: lane)
            guard !isDead else { return }
            isUp = true
            world.oracle.began(self)
            every(1000) { self.gateway.tick() }
            every(500) { self.publishCommitted() }
            every(5000) { self.world.disk.highWater = max(self.world.disk.highWater, self.world.wallClock()) }
            every(2000) { self.keepShown() }
            every(250) { self.presence.tick() }
            every(60_000) { _ = self.presence.state.withLock { $0.engine.keepSeen(at: self.world.wallClock()) } }
        }
    }

    private func every(_ milliseconds: Int64, _ work: @escaping () -> Void) {
        world.scheduler.after(max(milliseconds, pausedUntil - world.now), lane: lane) { [self] in
            guard !isDead else { return }
            if pausedUntil <= world.now { work() }
            every(milliseconds, work)
        }
    }

    /// The machine loses power: nothing of it is ever heard again.
    func crash() {
        (isDead, isUp) = (true, false)
        broker.isDead = true
        for loop in loops { loop.isDead = true }
    }

    func pause(_ milliseconds: Int64) {
        pausedUntil = max(pausedUntil, world.now + milliseconds)
        for loop in loops { loop.pausedUntil = pausedUntil }
    }

    /// Asks the disk, which takes its time.
    func query<Value>(_ body: (Disk) -> Value) async throws -> Value {
        await world.scheduler.sleep(delay(), lane: lane)
        if world.disk.awayUntil > world.now { throw Problem.unavailable(retryAfter: 1, cause: "the disk is away") }
        let value = body(world.disk)
        await world.scheduler.sleep(delay(), lane: lane)
        return value
    }

    private func delay() -> Int64 {
        let usual = random.once(in: 20) ? random.within(20...world.style.slowest) : random.within(0...8)
        return max(usual, pausedUntil - world.now)
    }

    // MARK: The relay

    /// A commit woke it, or half a second passed.
    func publishCommitted() {
        guard isUp, !isRelaying else {
            relayAgain = true
            return
        }
        isRelaying = true
        world.scheduler.start { [self] in
            repeat {
                relayAgain = false
                await relay.publishCommitted()
            } while relayAgain && !isDead
            isRelaying = false
        }
    }

    private func observe(_ record: OutboxRecord) {
        guard !isDead else { return }
        world.oracle.observed(record, by: self)
        var heard = record
        if world.has(.invisibleIsHeardAsOnline), record.members["status"] == "invisible" {
            var members = record.members
            members["status"] = "online"
            heard.members = members
        }
        presence.observe(heard)
        // The same again, and one of the past: a bus may tell things more than once.
        if random.once(in: 10) { presence.observe(heard) }
        if random.once(in: 30), let old = world.disk.records.randomElement(using: &random), old.offset < record.offset {
            presence.observe(old)
        }
        presenceTouched()
    }

    // MARK: Presence

    /// What was shown since it was last stored, as the real journal keeps it.
    var shown: [Int: PresenceView] = [:]

    private func keepShown() {
        guard world.disk.awayUntil <= world.now else { return }
        for (person, view) in shown { world.disk.keep(view, of: person) }
        shown = [:]
    }

    func presenceTouched() {
        let (isDirty, isWanting) = presence.state.withLock { ($0.engine.hasChanges, !$0.engine.wanted.isEmpty) }
        if isDirty, !tickAwaited {
            tickAwaited = true
            world.scheduler.after(max(random.within(0...50), pausedUntil - world.now), lane: lane) { [self] in
                tickAwaited = false
                if !isDead { presence.tick() }
            }
        }
        if isWanting { load() }
    }

    func load() {
        guard !isLoading, isUp else {
            loadAgain = true
            return
        }
        (isLoading, loadAgain) = (true, false)
        world.scheduler.start { [self] in
            do {
                try await presence.load()
                try await presence.refreshTraits()
                isLoading = false
            } catch {
                await world.scheduler.sleep(1000, lane: lane)
                isLoading = false
                load()
            }
            guard !isDead else { return }
            presenceTouched()
            if loadAgain { load() }
        }
    }

    /// Somebody's rights or roles are others.
    func rightsChanged(_ people: Set<UserID>) {
        guard isUp else { return }
        if !world.has(.rightsChangeIsNotTold) { gateway.rightsChanged(users: people) }
        presence.rolesChanged(AuthorizationChange(version: 1, concerned: .users(people)))
        load()
    }

    func ended(_ sessions: Set<SessionID>, _ code: CloseCode) {
        guard isUp, !world.has(.endIsNotTold) else { return }
        gateway.close(sessions: sessions, code: code)
    }
}

extension Process: ConnectionObserver {
    func connected(_ connection: ConnectionID, user: UserID, session: SessionID?) {
        guard !isDead else { return }
        world.tracing { "connection \(connection.rawValue) of person \(Disk.index(user))" }
        world.oracle.connected(connection, Disk.index(user), to: self)
        presence.connected(connection, user: user, session: session)
        presenceTouched()
    }

    func seen(_ connections: [ConnectionID]) {
        guard !isDead, !world.has(.leaseWithoutRenewal) else { return }
        world.tracing { "seen \(connections.map(\.rawValue))" }
        world.oracle.told(connections)
        presence.seen(connections)
        presenceTouched()
    }

    func disconnected(_ connection: ConnectionID, reason: DisconnectReason) {
        guard !isDead else { return }
        world.tracing { "connection \(connection.rawValue) ends: \(reason)" }
        world.oracle.disconnected(connection, reason)
        // Without its lease a connection whose end was lost is a ghost for good.
        if world.has(.noLease), random.once(in: 4) { return }
        presence.disconnected(connection, reason: reason)
        if world.has(.oneDeviceEndsAll) {
            for other in world.oracle.siblings(of: connection) { presence.disconnected(other, reason: .silent) }
        }
        presenceTouched()
    }
}

/// Nobody asks it anything: what presence would store is of no use here.
struct NoDatabase: Database {
    var dialect: Dialect { .sqlite }
    func read<Result: Sendable>(_ lane: ReadLane, _ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        throw DatabaseError.unavailable("simulated")
    }
    func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        throw DatabaseError.unavailable("simulated")
    }
    func onCommit(_ body: @escaping @Sendable () -> Void) {}
    func close() async {}
    func abort() {}
}

/// Knows who is who by the disk.
struct Doorman: GatewayAuthenticator {
    unowned let process: Process

    func authenticate(token: String, scope: Scope) async throws -> GatewayIdentity { throw Problem.unauthenticated }

    func refresh(_ identity: GatewayIdentity) async throws -> GatewayIdentity {
        let session = identity.scope.sessionID!
        let person = Disk.person(of: session)
        return try await process.query { disk -> Result<GatewayIdentity, Problem> in
            let account = disk.accounts[person]
            guard account.sessions.contains(session) else { return .failure(.unauthenticated) }
            var scope = identity.scope
            if !process.world.has(.oldRightsAreGiven) || scope.permissions.isEmpty { scope.permissions = account.permissions }
            return .success(GatewayIdentity(scope: scope))
        }.get()
    }
}

/// The topics and commands of the site, as far as the live side needs them.
struct SimulatedFeature: Feature {
    static let declaration = FeatureDeclaration("site", title: LocalizedText(en: "Site", fr: "Site"), module: .core)

    unowned let process: Process

    var topics: [TopicRule] {
        let real = PresenceFeature.topics + [TopicRule("users", requires: .usersRead)]
        guard process.world.has(.ruleForgetsTheRight) else { return real }
        return real.map { rule in TopicRule(rule.name, filterFields: rule.filterFields) { _, _, _ throws(Problem) in } }
    }

    var commands: [Command] {
        [
            Command("presence.set") { [process] call in
                let input = try StatusInput(.object(call.body), at: process.world.wallClock(), allowsIdle: true)
                let person = Disk.index(try call.scope.requireUser())
                if let idle = input.idle {
                    process.world.oracle.idle(call.connection, idle)
                    process.presence.handle(.idle(call.connection, idle))
                    process.presenceTouched()
                }
                guard input.isChoice else { return }
                try await process.query { disk in disk.choose(input, person: person) }
            }
        ]
    }

    func snapshot(for scope: Scope) async throws -> [(String, JSON)] { try await process.query { _ in [] } }
}
