internal import Bus
internal import Directory
internal import Kernel
internal import Realtime
internal import Roles
internal import Runtime
internal import Synchronization

/// Runs the engine: hears of connections on their loops, of choices from the relay, and sends what changed in batches.
///
/// The path from a connection to an event touches no database; what a person chose is read once, when they come.
final class PresenceService: Sendable {
    struct State {
        var engine: PresenceEngine
        /// The roles and names of everybody the engine knows.
        var memberAttributes: [UserID: MemberAttributes] = [:]
        /// The sets of roles that they hold, each once.
        private var roleSets: [Set<RoleID>: [String]] = [:]
        /// Whose traits may have changed; nil stands for everybody.
        var stale: Set<UserID>? = []

        init(engine: PresenceEngine) { self.engine = engine }

        mutating func take(_ found: MemberAttributes, of user: UserID) {
            var memberAttributes = found
            memberAttributes.share(&roleSets)
            self.memberAttributes[user] = memberAttributes
        }
    }

    /// Milliseconds within which roles that were given are known here.
    private static let roleDelay: Int64 = 300_000

    let broker: any Broker
    private let source: any PresenceSource
    let clock: WallClock
    let log: Log
    let journal: PresenceJournal
    /// Nil for a site of one node, whose engine knows all connections.
    let nodes: PresenceNodes?
    let state: Mutex<State>
    let start: Timestamp
    /// Held from a look at the state until what follows from it is published: what two tasks say of a person must not overtake each other.
    private let publishing = Mutex(())
    /// Milliseconds that the last tick's events took to be written.
    private let delivering: @Sendable () -> Int
    private let ticks = Signal()
    private let loads = Signal()

    /// - Parameter start: the version that people without a stored one begin at: later than any that an earlier process gave.
    init(
        source: any PresenceSource, broker: any Broker, journal: PresenceJournal, clock: WallClock, log: Log, options: PresenceOptions,
        start: Timestamp, store: (any PresenceStore)?, delivering: @escaping @Sendable () -> Int
    ) {
        (self.source, self.broker, self.journal, self.clock, self.log) = (source, broker, journal, clock, log)
        broker.declare([PresenceFeature.volatile])
        self.delivering = delivering
        nodes = store.map { PresenceNodes(store: $0, clock: clock, log: log) }
        self.start = start
        let configuration = PresenceEngine.Configuration(grace: options.grace, lease: options.lease)
        var engine = PresenceEngine(configuration: configuration, start: start)
        // Until the store gives this node the place.
        engine.lead(store == nil, at: clock.moment())
        state = Mutex(State(engine: engine))
        join()
    }

    /// What happened on this node.
    func handle(_ event: PresenceEngine.Event) {
        apply(CollectionOfOne(event))
        nodes?.happened(event)
    }

    private func apply(_ events: some Sequence<PresenceEngine.Event>) {
        let now = clock.moment()
        let (isDirty, isWanting) = state.withLock { state in
            for event in events { state.engine.handle(event, at: now) }
            return (state.engine.hasChanges, !state.engine.wanted.isEmpty)
        }
        if isDirty { ticks.raise() }
        if isWanting { loads.raise() }
    }

    /// A committed event: choices and deletions reach the engine this way, on every node in the same order.
    func observe(_ record: OutboxRecord) {
        if let (user, chosen) = PresenceEvents.choice(in: record) {
            handle(.chosen(user, chosen, at: record.offset))
        } else if record.type == "user.deleted", let user = record.members["user_id"]?.string.flatMap(UserID.init(uuid:)) {
            handle(.removed(user))
            // Those of a person who is shown are forgotten once their roles' listeners heard of the end.
            state.withLock { state in if !state.engine.present.contains(user) { state.memberAttributes[user] = nil } }
        } else if let user = PresenceEvents.renamed(in: record) {
            state.withLock { state in _ = state.stale?.insert(user) }
            loads.raise()
        }
    }

    /// What was last sent out, or what is stored of somebody who was not heard of since the start.
    func view(of member: Member) -> PresenceView {
        state.withLock { $0.engine.view(of: member.id) }
            ?? PresenceView(
                offline: member.presence, lastSeenAt: member.lastSeenAt, version: max(member.presence.version, start.milliseconds),
                at: clock.now())
    }

    /// Those who are shown as present and satisfy a condition on what they show and on their names; in no order.
    func present(_ isWanted: (PresenceView, _ name: String) -> Bool) -> [UserID] {
        let present = state.withLock { state in
            state.engine.present.compactMap { user in
                state.engine.view(of: user).map { (user: user, view: $0, name: state.memberAttributes[user]?.name ?? "") }
            }
        }
        return present.filter { isWanted($0.view, $0.name) }.map(\.user)
    }

    func rolesChanged(_ change: AuthorizationChange) {
        state.withLock { state in
            switch change.concerned {
            case .everybody: state.stale = nil
            case .users(let users): state.stale?.formUnion(users)
            }
        }
        loads.raise()
    }

    /// Until cancelled; what is not yet stored is stored on the way out.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.runTicks() }
            group.addTask { try await self.runLoads() }
            group.addTask {
                while true {
                    // Leases, graces and expiries end within this step.
                    try await Task.sleep(for: .milliseconds(250))
                    self.ticks.raise()
                }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(300))
                    self.keepSeen()
                }
            }
            group.addTask { try await self.journal.run() }
            if let nodes = self.nodes { group.addTask { try await nodes.run() } }
            try await group.waitForAll()
        }
    }

    private func keepSeen() {
        let now = clock.now()
        journal.add(state.withLock { $0.engine.keepSeen(at: now) })
    }

    /// The first change goes out at once, the next ones together a tick later. Where it takes long to write them all, a tick is as long again, so that
    /// more changes share a write.
    private func runTicks() async throws {
        for await _ in ticks.stream {
            publishing.withLock { _ in tick() }
            try await Task.sleep(for: .milliseconds(min(150, max(50, 2 * delivering()))))
        }
        try Task.checkCancellation()
    }

    func tick() {
        let now = clock.moment()
        let isLeader = nodes?.isLeader(at: now.uptime) ?? true
        let (batch, memberAttributes) = state.withLock { state in
            state.engine.lead(isLeader, at: now)
            let batch = state.engine.drain(at: now)
            let memberAttributes = batch.changes.map { state.memberAttributes[$0.user] ?? MemberAttributes() }
            for change in batch.changes where state.engine.view(of: change.user) == nil { state.memberAttributes[change.user] = nil }
            return (batch, memberAttributes)
        }
        guard !batch.changes.isEmpty else { return }
        let events = zip(batch.changes, memberAttributes).map {
            PresenceEvents.event($0, traitsBefore: $1, memberAttributes: $1)
        }
        broker.publish(events, to: "presence")
        journal.add(batch)
    }

    // MARK: Loading

    private func runLoads() async throws {
        for await _ in loads.stream {
            do {
                try await load()
                try await refreshTraits()
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                log.warning("presence could not be loaded", [("cause", .string("\(error)"))])
                try await Task.sleep(for: .seconds(1))
                loads.raise()
            }
        }
        try Task.checkCancellation()
    }

    /// Reads what newcomers chose, many in one statement.
    func load() async throws {
        let wanted = state.withLock { Array($0.engine.wanted) }
        for begin in stride(from: 0, to: wanted.count, by: 500) {
            let ids = Array(wanted[begin..<min(begin + 500, wanted.count)])
            let loaded = try await source.stored(ids)
            let now = clock.moment()
            state.withLock { state in
                for user in ids {
                    guard let row = loaded[user] else {
                        state.engine.handle(.removed(user), at: now)
                        continue
                    }
                    state.take(row.memberAttributes, of: user)
                    state.engine.handle(.loaded(user, row.chosen, lastSeenAt: row.lastSeenAt, asOf: row.asOf), at: now)
                }
            }
            ticks.raise()
        }
    }

    /// Those who are shown as present move in and out of filters; of the others, the end of who went meanwhile is told to those who filter by the
    /// new roles.
    func refreshTraits() async throws {
        let (stale, known) = state.withLock { state in
            defer { state.stale = [] }
            return (state.stale, Array(state.memberAttributes.keys))
        }
        let users = stale.map { stale in known.filter(stale.contains) } ?? known
        for begin in stride(from: 0, to: users.count, by: 500) {
            let part = Array(users[begin..<min(begin + 500, users.count)])
            let memberAttributes: [UserID: MemberAttributes]
            do {
                memberAttributes = try await source.memberAttributes(of: part)
            } catch {
                state.withLock { $0.stale?.formUnion(users[begin...]) }
                throw error
            }
            for user in part { publishing.withLock { _ in move(user, to: memberAttributes[user]) } }
        }
    }

    /// - Parameter found: nil for who is gone: their names stay until the end of them is told.
    private func move(_ user: UserID, to found: MemberAttributes?) {
        let (before, memberAttributes, view, hasGone) = state.withLock { state in
            let before = state.memberAttributes[user] ?? MemberAttributes()
            let memberAttributes = found ?? before.withoutRoles
            state.take(memberAttributes, of: user)
            let hasGone = state.engine.hasGone(user, since: clock.uptime().adding(milliseconds: -Self.roleDelay))
            return (before, memberAttributes, state.engine.isLeader ? state.engine.view(of: user) : nil, hasGone)
        }
        guard let view, before != memberAttributes else { return }
        let change = PresenceChange(user: user, before: view, after: view)
        let event = PresenceEvents.event(change, traitsBefore: before, memberAttributes: memberAttributes)
        guard view.status != .offline else {
            // A snapshot of a new role may have shown them there, and who took it did not hear of the end.
            if hasGone, !memberAttributes.roles.isSubset(of: before.roles) { broker.publish([event], to: "presence") }
            return
        }
        broker.publish([event], to: "presence")
    }
}

// MARK: Several nodes

extension PresenceService {
    /// Hears of the other nodes' connections, and of what the one says that speaks for the site.
    private func join() {
        guard let nodes else { return }
        nodes.begin { [weak self] events in self?.apply(events) }
        // What is missed leaves people untold here: they are told again when this node speaks.
        broker.attach { [weak self] publications in
            self?.hear(publications)
        } interrupted: { _, _ in
        }
    }

    private func hear(_ publications: [Publication]) {
        guard publications.first?.topic == "presence", state.withLock({ !$0.engine.isLeader }) else { return }
        apply(publications.compactMap(PresenceEvents.announced(in:)).map { .announced($0.user, $0.view) })
    }
}

extension PresenceService: ConnectionObserver {
    func connected(_ connection: ConnectionID, user: UserID, session: SessionID?) { handle(.connected(connection, user, session)) }
    func seen(_ connections: [ConnectionID]) { handle(.seen(connections)) }
    func disconnected(_ connection: ConnectionID, reason: DisconnectReason) { handle(.disconnected(connection, reason)) }
}

/// Wakes one waiting task; raised several times before it looks, it is raised once.
struct Signal: Sendable {
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func raise() { continuation.yield() }
}
