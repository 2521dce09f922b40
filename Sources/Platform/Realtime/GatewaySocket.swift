internal import Bus
internal import Kernel
internal import Runtime
internal import Transport

/// One open session and what carries it: does what the session decides. Loop-confined.
final class GatewaySocket: WebSocketDelegate, @unchecked Sendable {
    // SAFETY: everything that changes is touched on the connection's loop only; tasks come back through `loop.execute`.
    let id: ConnectionID
    let gateway: Gateway
    let hub: LoopHub
    let transport: any SessionTransport
    /// Until the client is welcome; it holds the request's token.
    var upgrade: GatewayUpgrade?
    var session: GatewaySession
    /// One a topic.
    var listeners: [Listener] = []
    /// Among the loop's sockets.
    var place = 0
    /// The session's, once there is one. Written on the loop before others learn of the socket.
    var name = ""
    var user: UserID?
    private(set) var wasHeard = false
    private var isClosed = false
    var isReady = false
    /// Whether it is one of the person's sessions that are counted.
    var isCounted = false
    /// What reads the handshake.
    var handshake: Task<Void, Never>?
    /// Commands that wait for the one that runs.
    private var commands: [(Command, CommandCall.Frame)] = []
    private var isRunning = false
    /// Rights changed before it was known whose socket this is, or could not be read.
    var mustRefresh = false
    /// Counts the questions after who this is, so that an older answer never takes a newer one's place.
    private var asked = 0

    init(_ id: ConnectionID, _ transport: any SessionTransport, _ upgrade: GatewayUpgrade, _ gateway: Gateway, _ hub: LoopHub) {
        (self.id, self.transport, self.upgrade, self.gateway, self.hub) = (id, transport, upgrade, gateway, hub)
        principal = upgrade.scope.principal
        session = gateway.newSession(language: upgrade.scope.language)
    }

    var identity: GatewayIdentity? { session.identity }
    /// Who asked for it, a person or a key of theirs; never changes.
    let principal: Int64

    func listener(to topic: String) -> Listener? { listeners.first { $0.topic == topic } }

    func received(text: [UInt8]) {
        wasHeard = true
        perform(session.received(text, at: gateway.now))
    }

    func receivedControl() {
        wasHeard = true
        perform(session.receivedControl(at: gateway.now))
    }

    /// A sign of life that is no frame.
    func heard() {
        wasHeard = true
        session.heard(at: gateway.now)
    }

    func received(binary: [UInt8]) {
        wasHeard = true
        perform(session.receivedBinary(at: gateway.now))
    }

    func closed(code: UInt16) {
        isClosed = true
        handshake?.cancel()
        handshake = nil
        session.end()
        if isCounted, let user { gateway.stock.close(user) }
        gateway.closed(self, hub, code: code)
        remember(endedAt: gateway.now)
    }

    private func remember(endedAt: Uptime? = nil) {
        guard !name.isEmpty else { return }
        gateway.resumes.update(name, connection: id, subscriptions: session.subscriptions, endedAt: endedAt)
    }

    func tick() {
        wasHeard = false
        if transport.isGone(at: gateway.now) { return close(.heartbeatMissed) }
        if mustRefresh, session.identity != nil { refresh() }
        perform(session.tick(at: gateway.moment))
    }

    func send(_ item: Delivery.Item) { transport.send(item) }
    func send(_ delivery: Delivery) { transport.send(delivery) }

    func resync(_ topic: String, at position: Position) { transport.send(GatewayReply.resync(topic: topic), places: [topic: position]) }

    func close(_ code: CloseCode) {
        // A session that was ended from outside is not to be taken up again.
        if code.rawValue >= 4500, !name.isEmpty { gateway.resumes.forget(name, connection: id) }
        transport.close(code: code.rawValue, reason: code.reason)
    }

    func overflowed() { close(.slowReader) }

    // MARK: Actions

    func perform(_ actions: [GatewaySession.Action]) {
        for action in actions where !isClosed { perform(action) }
    }

    private func perform(_ action: GatewaySession.Action) {
        switch action {
        case .send(let text): transport.send(text, places: [:])
        case .authenticate(let token): arrive(with: token)
        case .welcome(let identity, let resume):
            prepareWelcome(identity, resume)
            if mustRefresh { refresh() }
        case .resolve(let id, let wish): resolve(id, wish)
        case .listen(let subscription): listen(subscription)
        case .unlisten(let subscription):
            gateway.unlisten(self, hub, subscription)
            if listener(to: subscription.topic) == nil { transport.leave(subscription.topic) }
            remember()
        case .run(let command, let frame): enqueue(command, frame)
        case .ping: if transport.ping() { heard() }
        case .close(let code): close(code)
        }
    }

    /// Those who are here already go first: a crowd that comes back is let in with what time they leave.
    private func arrive(with token: String?) {
        guard session.identity == nil else { return authenticate(token) }
        transport.executor.deferLowPriority { if !self.isClosed { self.authenticate(token) } }
    }

    private func authenticate(_ token: String?) {
        let isRenewal = session.identity != nil
        run { [gateway, upgrade, scope = session.identity?.scope] in
            try await gateway.authenticate(token ?? upgrade?.token, like: scope ?? upgrade?.scope ?? Scope())
        } then: { socket, result in
            socket.perform(socket.session.authenticated(result))
            // EffectivePermissions that changed while the token was looked at are looked at once more.
            if isRenewal { socket.refresh() }
        }
    }

    /// Asks who this is anew, after a change of rights; while it is still being asked, once that is answered.
    func refresh() {
        guard let identity = session.identity else {
            mustRefresh = true
            return
        }
        mustRefresh = false
        asked += 1
        let question = asked
        transport.executor.deferLowPriority { if !self.isClosed { self.ask(question, identity) } }
    }

    private func ask(_ question: Int, _ identity: GatewayIdentity) {
        guard asked == question else { return }
        let topics = gateway.prepared(session.subscriptions)
        run { [gateway] in
            try await gateway.refresh(identity, for: topics)
        } then: { socket, result in
            guard socket.asked == question else { return }
            // EffectivePermissions that cannot be read are not the old ones: the next tick asks again.
            if case .failure(let problem) = result, problem.status >= 500 { socket.mustRefresh = true }
            socket.perform(socket.session.rightsChanged(result))
        }
    }

    private func resolve(_ id: JSON, _ wish: TopicAliases) {
        guard let scope = session.identity?.scope else { return }
        run { [gateway] in
            try await gateway.resolve(wish, for: scope)
        } then: { socket, result in
            socket.perform(socket.session.resolved(id: id, wish, result))
        }
    }

    private func listen(_ subscription: GatewaySession.Subscription) {
        let position = gateway.listen(self, hub, subscription)
        remember()
        transport.send(
            GatewayReply.subscribed(id: subscription.id, topic: subscription.topic, position: position),
            places: [subscription.topic: position])
        if let listener = listener(to: subscription.topic), listener.pending != nil { listener.start(after: position.offset) }
    }

    private func enqueue(_ command: Command, _ frame: CommandCall.Frame) {
        guard commands.count < 100 else { return perform([session.refusal(.tooManyRequests(retryAfter: 1), id: frame.id)]) }
        commands.append((command, frame))
        runNextCommand()
    }

    private func runNextCommand() {
        guard !isRunning, !commands.isEmpty else { return }
        isRunning = true
        let (command, frame) = commands.removeFirst()
        // With the rights of now: it may have waited for others.
        let call = CommandCall(scope: session.identity?.scope ?? frame.scope, connection: id, body: frame.body)
        run {
            try await command.handler(call)
        } then: { socket, result in
            socket.isRunning = false
            if case .failure(let problem) = result { socket.perform([socket.session.refusal(problem, id: frame.id)]) }
            socket.runNextCommand()
        }
    }

    /// Does something that waits, then comes back to the loop, unless the socket is gone.
    @discardableResult
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value, then body: @escaping @Sendable (GatewaySocket, Result<Value, Problem>) -> Void
    ) -> Task<Void, Never> {
        let loop = transport.executor
        return loop.start {
            let result: Result<Value, Problem>
            do { result = .success(try await work()) } catch { result = .failure(self.gateway.problem(from: error)) }
            loop.execute {
                if !self.isClosed { body(self, result) }
            }
        }
    }
}

extension CloseCode {
    var reason: String {
        switch self {
        case .goingAway: "going away"
        case .heartbeatMissed: "nothing was heard"
        case .flooding: "too many frames"
        case .unauthenticated: "sign in again"
        case .slowReader: "slow reader"
        case .helloMissed: "no hello"
        case .serverStopping: "try again"
        case .busy: "too many newcomers at once"
        case .loggedOut: "signed out"
        case .revoked: "the session was ended"
        case .banned: "banned"
        case .disabled: "the account is disabled"
        }
    }
}
