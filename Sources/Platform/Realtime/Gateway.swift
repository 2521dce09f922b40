public import Bus
internal import HTTP
public import Kernel
public import Runtime
internal import Synchronization
internal import Transport
public import Web

/// The live side of the site as one value: accepts sockets, knows them all, and carries the bus to them.
///
/// Made before the features, since they close sessions through it; `open` gives it what they have.
public final class Gateway: Sendable {
    public struct Options: Sendable {
        /// Milliseconds; a peer is dead when two have passed without a sign of it.
        public var heartbeat: Int64 = 25_000
        /// Milliseconds; the time after a token's expiry in which a new one is awaited.
        public var tokenGrace: Int64 = 30_000
        /// The origins that may use the cookie, beside the one that the request was sent to.
        public var origins: Set<String> = []

        /// Sessions that one signed-in person opens; each costs a handshake from the database. Nil for no limit.
        public var openings: RateLimiter.Budget? = .steady("gateway_opening", burst: 100, perSecond: 10)

        /// Sessions and streams that one person has open at once, and people that the subscriptions of all of them name. Nil for no limit.
        public var sessionsEach: Int? = 200
        public var watchedEach: Int? = 20_000

        /// Sessions that are not yet greeted, in all; one more is answered 503.
        public var pendingSessions = 20_000
        /// Greetings from the database at once; who comes back to what memory holds is not among them.
        public var greetingsAtOnce = 16
        /// Newcomers that wait for their handshake; one more is told when to come back.
        public var greetingsWaiting = 5_000
        /// Milliseconds that a newcomer waits.
        public var greetingPatience: Int64 = 10_000
        /// Bytes of events that wait for each loop; what finds no room there is dropped, and its readers are told `resync`.
        public var inboxBytes = 64 << 20

        public init() {}
    }

    /// What a session that is taken up wants of a topic.
    struct Missed: Sendable {
        let topic: String
        /// Nil for one that knows no place in it.
        let after: Position?
        /// Nil for all.
        let people: [UserID]?
    }

    struct Handshake: Sendable {
        let user: JSON
        let snapshot: JSONObject
    }

    /// Finds the ids behind aliases.
    public typealias Names = @Sendable (_ aliases: Set<String>, Scope) async throws -> [String: String]

    /// Bytes of a client's message, by whatever transport.
    public static let maximumMessage = 64 << 10

    let options: Options
    private let broker: any Broker
    private let relay: OutboxRelay
    private let clock: WallClock
    private let log: Log
    private let site = AtomicLazyReference<GatewayContext>()
    let hubs: Mutex<LoopHubs>
    let nextConnection = Atomic<UInt64>(1)
    let count = Counter()
    let resumes = ResumeStore()
    let feed: EventFeed
    private let streams = Mutex<[ObjectIdentifier: EventStream]>([:])
    /// The sessions whose frames come by requests, by name.
    let links = OneWaySessions()
    let openings: RateLimiter
    let stock: PersonalStock
    let connectQueue: ConnectQueue
    let pendingSessions = Counter()
    let refusedUpgrades = Counter()
    let resumedFromMemory = Counter()
    let resumedFromDatabase = Counter()

    public init(
        broker: any Broker, relay: OutboxRelay, clock: WallClock = .system, log: Log, metrics: Metrics, options: Options = Options()
    ) {
        (self.broker, self.relay, self.clock, self.log, self.options) = (broker, relay, clock, log, options)
        feed = EventFeed(broker: broker, relay: relay)
        hubs = Mutex(LoopHubs(inboxBytes: options.inboxBytes))
        stock = PersonalStock(PersonalStock.Limits(sessions: options.sessionsEach, watched: options.watchedEach))
        let limits = ConnectQueue.Limits(
            atOnce: options.greetingsAtOnce, waiting: options.greetingsWaiting, patience: options.greetingPatience)
        connectQueue = ConnectQueue(limits, clock: clock)
        openings = RateLimiter(clock: clock)
        count(in: metrics)
        broker.attach { [weak self] publications in
            self?.deliver(publications)
        } interrupted: { [weak self] topic, position in
            self?.interrupt(topic, at: position)
        }
    }

    /// Takes what the features have; before the first socket.
    /// - Parameters:
    ///   - ids: what aliases stand for; those of nobody are left out.
    ///   - known: what memory holds of those who were here; nil when every handshake reads the database.
    ///   - snapshot: the `snapshot` of `ready`.
    ///   - user: the `user` of `ready`, for the person who connects.
    public func open(
        commands: [Command], topics: [TopicRule], authenticator: any GatewayAuthenticator, observer: (any ConnectionObserver)?,
        ids: @escaping Names = { _, _ in [:] }, known: (any HandshakeCache)? = nil,
        snapshot: @escaping @Sendable (Scope) async throws -> JSONObject, user: @escaping @Sendable (Scope) async throws -> JSON
    ) {
        let ownTopic = TopicRule("user:", compresses: false) { scope, argument, _ throws(Problem) in
            guard try scope.requireUser().uuid == argument else { throw .notFound }
        }
        var limits = GatewaySession.Limits()
        (limits.heartbeat, limits.tokenGrace) = (options.heartbeat, options.tokenGrace)
        let rules = TopicRules(topics + [ownTopic])
        broker.declare(rules.volatile)
        _ = site.storeIfNil(GatewayContext(limits, commands, rules, authenticator, observer, ids, known, stock, snapshot, user))
    }

    var opened: GatewayContext {
        guard let site = site.load() else { preconditionFailure("the gateway is used before it is open") }
        return site
    }

    /// `/gateway` in its three transports, at the root and under the API's base.
    public var routes: [Route] {
        ["//gateway", "/gateway"].flatMap { path in
            [
                Route(.get, path, .anyone, GatewayShapes.connect) { call in try await self.connect(call) },
                Route(
                    .post, "\(path)/{session}", .signedIn, GatewayShapes.receive, takesAnyKey: true, bodyAtMost: Self.maximumMessage
                ) { call in
                    try await self.receive(call)
                },
            ]
        }
    }

    public var connectionCount: Int { count.value }

    /// Milliseconds that the last events took to be written, on the loop that took longest.
    public var deliveryMilliseconds: Int { hubs.withLock { $0.all }.reduce(0) { max($0, $1.figures.delivering.value) } }

    // MARK: Ending

    /// Closes the sockets of some sessions: logout, revocation.
    public func close(sessions: Set<SessionID>, code: CloseCode) {
        endStreams { $0.session.map(sessions.contains) ?? false }
        everywhere { hub in
            for socket in hub.sockets {
                guard let identity = socket.identity else {
                    socket.refresh()
                    continue
                }
                if let session = identity.scope.sessionID, sessions.contains(session) { socket.close(code) }
            }
        }
    }

    /// Closes all sockets of some people: ban, disable, deletion.
    public func close(users: Set<UserID>, code: CloseCode) {
        endStreams { $0.user.map(users.contains) ?? false }
        everywhere { hub in
            for socket in hub.sockets {
                guard socket.identity != nil else {
                    socket.refresh()
                    continue
                }
                if let user = socket.user, users.contains(user) { socket.close(code) }
            }
        }
    }

    /// Asks again what these people may; nil is everybody.
    public func rightsChanged(users: Set<UserID>?) {
        endStreams { stream in users.map { users in stream.user.map(users.contains) ?? true } ?? true }
        everywhere { hub in
            for socket in hub.sockets {
                guard let users, let user = socket.user else {
                    socket.refresh()
                    continue
                }
                if users.contains(user) { socket.refresh() }
            }
        }
    }

    /// Heartbeats, expiries and leases, until the task is cancelled.
    public func run() async throws {
        var round = 0
        while true {
            try await Task.sleep(for: .milliseconds(min(1000, options.heartbeat / 4)))
            tick()
            round += 1
            if round.isMultiple(of: 60) { resumes.sweep(at: clock.uptime()) }
        }
    }

    /// Tells of those who were heard, and lets each session's time pass.
    func tick() {
        everywhere { [self] hub in
            let heard = hub.sockets.filter { $0.wasHeard && $0.user != nil }.map(\.id)
            if !heard.isEmpty { observer?.seen(heard) }
            for socket in hub.sockets { socket.tick() }
            hub.measure()
        }
        connectQueue.tick()
    }

    private func everywhere(_ body: @escaping @Sendable (LoopHub) -> Void) {
        for hub in hubs.withLock({ $0.all }) { hub.loop.execute { body(hub) } }
    }
}

// MARK: Streams

extension Gateway {
    /// What somebody wants of one topic, with ids in the place of aliases.
    ///
    /// - Throws: 404 for a topic that does not exist, 422 for a filter, 401 or 403 from the rule.
    public func wish(_ scope: Scope, topic: String, filter: JSON? = nil) async throws -> SubscriptionRequest {
        let aliases = try opened.rules.admitAliases(scope, to: topic, filter: filter)
        let ids = aliases.isResolvable ? try await self.ids(behind: aliases.names, for: scope) : [:]
        let named = aliases.replaced(by: ids)
        try await opened.rules.prepare(scope, [named.topic])
        return try opened.rules.admit(scope, to: named.topic, filter: named.filter)
    }

    func check(_ scope: Scope, _ wish: SubscriptionRequest) throws(Problem) {
        try opened.rules.check(scope, topic: wish.topic, filter: wish.filter)
    }

    func keep(_ stream: EventStream) { streams.withLock { $0[ObjectIdentifier(stream)] = stream } }
    func forget(_ stream: EventStream) { streams.withLock { $0[ObjectIdentifier(stream)] = nil } }

    private func endStreams(where matches: (EventStream) -> Bool) {
        for stream in streams.withLock({ Array($0.values) }) where matches(stream) { stream.finish() }
    }
}

// MARK: What sockets ask

extension Gateway {
    var now: Uptime { clock.uptime() }
    var moment: Moment { clock.moment() }
    var observer: (any ConnectionObserver)? { opened.observer }

    func newSession(language: Language) -> GatewaySession { GatewaySession(opened.terms, language: language, at: now) }

    /// - Parameter token: nil when the request's own credentials count.
    func authenticate(_ token: String?, like scope: Scope) async throws -> GatewayIdentity {
        if let token { return try await opened.authenticator.authenticate(token: token, scope: scope) }
        _ = try scope.requireUser()
        return try await opened.authenticator.refresh(GatewayIdentity(scope: scope))
    }

    func refresh(_ identity: GatewayIdentity) async throws -> GatewayIdentity { try await opened.authenticator.refresh(identity) }

    /// - Parameter topics: those whose rules are then asked: what they read is loaded with the rights of now.
    func refresh(_ identity: GatewayIdentity, for topics: [String]) async throws -> GatewayIdentity {
        let fresh = try await refresh(identity)
        try await prepare(fresh.scope, topics)
        return fresh
    }

    func ids(behind aliases: Set<String>, for scope: Scope) async throws -> [String: String] { try await opened.ids(aliases, scope) }

    /// The ids behind a wish's aliases, once what its topic's rule reads is loaded.
    func resolve(_ wish: TopicAliases, for scope: Scope) async throws -> [String: String] {
        let ids = wish.isResolvable ? try await self.ids(behind: wish.names, for: scope) : [:]
        try await prepare(scope, [wish.replaced(by: ids).topic])
        return ids
    }

    func prepare(_ scope: Scope, _ topics: [String]) async throws { try await opened.rules.prepare(scope, topics) }

    /// Those of the subscriptions' topics whose rules read an index.
    func prepared(_ subscriptions: [GatewaySession.Subscription]) -> [String] {
        Set(subscriptions.map(\.topic)).filter(opened.rules.needsPreparation).sorted()
    }

    func isDurable(_ topic: String) -> Bool { opened.rules.isDurable(topic) }

    func automaticTopics(_ user: UserID?) -> [String] { user.map { ["user:\($0.uuid)"] } ?? [] }

    func isKnown(_ user: UserID?) -> Bool { user.map { opened.known?.isKnown($0) ?? false } ?? false }

    /// From memory, as far as that goes, with what was missed.
    func handshake(_ scope: Scope, with missed: [Missed]) async throws -> (Handshake, [String: Replay]) {
        let replays = try await replays(missed)
        return (try await handshake(scope), replays)
    }

    /// The same from what is stored, when it is this newcomer's turn.
    func queuedHandshake(_ scope: Scope, with missed: [Missed]) async throws -> (Handshake, [String: Replay]) {
        try await connectQueue.run {
            if let user = scope.userID { opened.known?.forget(user) }
            return try await handshake(scope, with: missed)
        }
    }

    private func handshake(_ scope: Scope) async throws -> Handshake {
        let site = opened
        let snapshot = try await site.snapshot(scope)
        return Handshake(user: try await site.user(scope), snapshot: snapshot)
    }

    private func replays(_ wanted: [Missed]) async throws -> [String: Replay] {
        var replays: [String: Replay] = [:]
        for missed in wanted {
            let topic = missed.topic
            guard let after = missed.after else {
                replays[topic] = .lost
                continue
            }
            let isQuiet = topic.hasPrefix("user:") && hubs.withLock { $0.quiet.hasNothing(topic, after: after) }
            replays[topic] = isQuiet ? .events([], upTo: after) : try await relay.replay(topic, after: after, of: missed.people)
        }
        return replays
    }

    /// Registers first, then asks for the position: whatever is published later reaches the listener.
    func listen(_ socket: GatewaySocket, _ hub: LoopHub, _ subscription: GatewaySession.Subscription) -> Position {
        let (listener, isFirst) = hub.listen(socket, subscription)
        if isFirst { hubs.withLock { $0.gain(subscription.topic, hub) } }
        return listener.place(at: broker.position(of: subscription.topic))
    }

    /// How many sockets of this node listen to a topic; always 0 for the topics `user:…`.
    package func listeners(of topic: String) -> Int {
        hubs.withLock { $0.interested(in: topic) }.reduce(0) { $0 + $1.size(of: topic) }
    }

    func unlisten(_ socket: GatewaySocket, _ hub: LoopHub, _ subscription: GatewaySession.Subscription) {
        if hub.unlisten(socket, subscription) { lose([subscription.topic], hub) }
    }

    func closed(_ socket: GatewaySocket, _ hub: LoopHub, code: UInt16) {
        count.add(-1)
        if !socket.isReady { pendingSessions.add(-1) }
        links.remove(socket)
        lose(hub.remove(socket), hub)
        guard socket.user != nil else { return }
        let reason: DisconnectReason =
            switch code {
            case CloseCode.heartbeatMissed.rawValue: .silent
            case CloseCode.loggedOut.rawValue, CloseCode.revoked.rawValue: .ended
            case CloseCode.banned.rawValue, CloseCode.disabled.rawValue: .barred
            default: .left
            }
        observer?.disconnected(socket.id, reason: reason)
    }

    private func lose(_ topics: [String], _ hub: LoopHub) {
        guard !topics.isEmpty else { return }
        hubs.withLock { hubs in for topic in topics { hubs.lose(topic, hub) } }
    }

    /// Called by the broker, in order, for each batch.
    private func deliver(_ publications: [Publication]) {
        guard let first = publications.first else { return }
        guard first.recipients.isEmpty else { return deliver(first, to: first.recipients) }
        let topic = first.topic
        let interested = hubs.withLock { hubs in
            if first.isDurable { hubs.quiet.note(first.position) }
            return hubs.interested(in: topic)
        }
        guard !interested.isEmpty else { return }
        let delivery = Delivery(publications, compresses: opened.rules.compresses(topic))
        for hub in interested { hub.post(.delivery(delivery)) }
    }

    private func deliver(_ publication: Publication, to recipients: [UserID]) {
        let interested = hubs.withLock { hubs in
            hubs.quiet.note(publication.position, to: recipients)
            return hubs.interested(in: recipients)
        }
        for hub in interested { hub.post(.people(publication)) }
    }

    /// Called by the broker, in the place of what is missing.
    private func interrupt(_ topic: String, at position: Position) {
        for hub in hubs.withLock({ $0.interested(in: topic) }) { hub.post(.interruption(topic, position)) }
    }

    /// What a peer may know of an error; what is ours to mend goes to the log.
    func problem(from error: any Error) -> Problem {
        let problem = Application.problem(from: error)
        if problem.status >= 500, let cause = problem.cause {
            log.warning("gateway", [("code", .string(problem.code)), ("cause", .string(cause))])
        }
        return problem
    }
}
