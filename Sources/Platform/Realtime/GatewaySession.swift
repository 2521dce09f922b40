internal import Kernel

/// One client's side of the gateway's protocol: a pure state machine from frames and time to actions.
///
/// Frames that arrive before `ready` wait, in order. A mistake is answered with `error`. The connection is closed when the client does not identify
/// itself, when its session ends, when it is silent, or when it does not read.
struct GatewaySession {
    private enum State {
        case new, authenticating, welcoming, open, closed
    }

    /// Bytes of a token that a frame brings.
    private static let maximumToken = 8 << 10

    private let terms: Terms
    private var state = State.new
    private(set) var identity: GatewayIdentity?
    /// In the order in which they were made, as far as they stand.
    private(set) var subscriptions: [Subscription] = []
    private var language: Language
    private var waiting: [[UInt8]] = []
    private var resume: GatewayResume?
    private let openedAt: Uptime
    private var heardAt: Uptime
    private var pingedAt: Uptime
    private var toldExpiredAt: Uptime?
    private var isRenewing = false
    /// The people that it counts in the person's stock.
    private var counted = 0
    private var budget: FrameBudget

    init(limits: Limits, rules: TopicRules, commands: [String: Command], language: Language, at now: Uptime) {
        self.init(Terms(limits: limits, rules: rules, commands: commands), language: language, at: now)
    }

    init(_ terms: Terms, language: Language, at now: Uptime) {
        (self.terms, self.language) = (terms, language)
        (openedAt, heardAt, pingedAt) = (now, now, now)
        budget = FrameBudget(terms.limits, at: now)
    }

    var limits: Limits { terms.limits }
    private var rules: TopicRules { terms.rules }

    func subscription(_ id: JSON) -> Subscription? { subscriptions.first { $0.id == id } }

    private mutating func removeSubscription(_ id: JSON) -> Subscription? {
        subscriptions.firstIndex { $0.id == id }.map { subscriptions.remove(at: $0) }
    }

    /// Counts the people that the subscriptions name among those of all sessions of the person.
    ///
    /// - Returns: false, and nothing is changed, when they would be too many.
    private mutating func count(watched: Int) -> Bool {
        guard let user = identity?.scope.userID else { return true }
        guard terms.stock.watch(user, watched - counted) else { return false }
        counted = watched
        return true
    }

    private var watched: Int { subscriptions.reduce(0) { $0 + $1.filter.watchedCount } }

    /// The session is over: what it counted is given back.
    mutating func end() { _ = count(watched: 0) }

    /// Something came that is no frame.
    mutating func heard(at now: Uptime) { heardAt = now }

    mutating func received(_ text: [UInt8], at now: Uptime) -> [Action] {
        heardAt = now
        guard budget.take(now, bytes: text.count, limits) else { return refuseFrame() }
        return dispatch(text)
    }

    /// Counts like any frame, and is never one of the protocol's.
    mutating func receivedBinary(at now: Uptime) -> [Action] {
        heardAt = now
        guard budget.take(now, limits) else { return refuseFrame() }
        return [refusal(.malformed(LocalizedText(en: "Frames are text.", fr: "Les trames sont du texte.")), id: nil)]
    }

    /// A ping or a pong of the WebSocket's own.
    mutating func receivedControl(at now: Uptime) -> [Action] {
        heardAt = now
        return budget.take(now, limits) ? [] : refuseFrame()
    }

    /// Each refused frame gets an error. A client that continues is closed, since it would slow down the others of the loop.
    private mutating func refuseFrame() -> [Action] {
        guard state != .closed else { return [] }
        budget.refuse()
        let told = refusal(.tooManyRequests(retryAfter: 1), id: nil)
        guard budget.refused >= limits.flood else { return [told] }
        state = .closed
        return [told, .close(.flooding)]
    }

    private mutating func dispatch(_ text: [UInt8]) -> [Action] {
        var frame: GatewayFrame?
        do {
            switch state {
            case .closed: return []
            case .authenticating, .welcoming:
                guard waiting.count < limits.waiting else { throw Problem.tooManyRequests(retryAfter: 1) }
                waiting.append(text)
                return []
            case .new:
                frame = try GatewayFrame(text)
                return try handleNew(frame!)
            case .open:
                frame = try GatewayFrame(text)
                return try handleOpen(frame!)
            }
        } catch let problem as Problem {
            return [refusal(problem, id: frame?.id)]
        } catch {
            return [refusal(.internalError("\(error)"), id: frame?.id)]
        }
    }

    private mutating func handleNew(_ frame: GatewayFrame) throws -> [Action] {
        switch frame.type {
        case "hello":
            try frame.allow(["token", "resume"])
            let token = frame.body["token"].flatMap { $0.isNull ? nil : $0 }
            guard token == nil || token?.string != nil else {
                _ = try frame.requiredString("token", maximum: Self.maximumToken)
                return []
            }
            resume = try frame.body["resume"].flatMap { $0.isNull ? nil : $0 }.map(GatewayResume.init)
            state = .authenticating
            return [.authenticate(token: token?.string)]
        case "ping": return [.send(GatewayReply.pong)]
        default:
            throw Problem(409, "hello_expected", LocalizedText(en: "Say hello first.", fr: "Commencez par « hello »."))
        }
    }

    private mutating func handleOpen(_ frame: GatewayFrame) throws -> [Action] {
        switch frame.type {
        case "ping":
            try frame.allow(["id"])
            return [.send(GatewayReply.pong)]
        case "subscribe":
            try frame.allow(["id", "topic", "filter"])
            let id = try frame.requiredID()
            let topic = try frame.requiredString("topic", maximum: GatewayFrame.maximumTopic)
            return try subscribe(id: id, topic: topic, filter: frame.body["filter"])
        case "unsubscribe":
            try frame.allow(["id"])
            guard let gone = removeSubscription(try frame.requiredID()) else { throw Self.unknownSubscription }
            _ = count(watched: watched)
            return [.unlisten(gone)]
        case "auth":
            try frame.allow(["token"])
            isRenewing = true
            return [.authenticate(token: try frame.requiredString("token", maximum: Self.maximumToken))]
        case "hello":
            throw Problem(
                409, "already_open", LocalizedText(en: "This connection is open already.", fr: "Cette connexion est déjà ouverte."))
        default:
            guard let command = terms.commands[frame.type] else { throw Self.unknownType(frame.type) }
            guard let scope = identity?.scope, scope.userID != nil else { throw Problem.unauthenticated }
            var body = frame.body
            (body["type"], body["id"]) = (nil, nil)
            return [.run(command, CommandCall.Frame(scope: scope, id: frame.id, body: body))]
        }
    }

    /// A wish of the client's, or one that comes with the address; it goes on in `resolved` when it names aliases, or its
    /// topic's rule reads an index.
    ///
    /// The rule is asked first: what is refused costs neither a walk through the filter nor a look at the database.
    mutating func subscribe(id: JSON, topic: String, filter: JSON?) throws(Problem) -> [Action] {
        guard let scope = identity?.scope else { throw .unauthenticated }
        let wish = try rules.admitAliases(scope, to: topic, filter: filter)
        guard !wish.isResolvable, !rules.needsPreparation(topic) else { return [.resolve(id: id, wish)] }
        return try admit(id: id, topic: topic, filter: filter)
    }

    /// The same id again takes the old one's place.
    private mutating func admit(id: JSON, topic: String, filter: JSON?) throws(Problem) -> [Action] {
        guard let scope = identity?.scope else { throw .unauthenticated }
        let admitted = try rules.admit(scope, to: topic, filter: filter)
        // What is refused leaves the one of this id as it was: one that is listened to and not known here would outlive the right to it.
        let others = subscriptions.filter { $0.id != id }
        guard others.count < limits.subscriptions else { throw Self.tooManySubscriptions }
        let watched = others.reduce(admitted.filter.watchedCount) { $0 + $1.filter.watchedCount }
        guard watched <= limits.watched else { throw Self.tooManyWatched(limits.watched) }
        let searches = others.count { $0.filter.searches }
        guard !admitted.filter.searches || searches < limits.searches else { throw Self.tooManySearches(limits.searches) }
        guard count(watched: watched) else { throw Self.tooManyWatched }
        let old = removeSubscription(id)
        let subscription = Subscription(id: id, topic: admitted.topic, filter: admitted.filter)
        subscriptions.append(subscription)
        // On the same topic nothing is lost in between: only the filter changes.
        guard let old, old.topic != admitted.topic else { return [.listen(subscription)] }
        return [.unlisten(old), .listen(subscription)]
    }

    /// Goes on with a wish to subscribe once it is known whom its aliases stand for.
    mutating func resolved(id: JSON, _ wish: TopicAliases, _ result: Result<[String: String], Problem>) -> [Action] {
        guard state == .open else { return [] }
        do throws(Problem) {
            let (topic, filter) = wish.replaced(by: try result.get())
            return try admit(id: id, topic: topic, filter: filter)
        } catch {
            return [refusal(error, id: id)]
        }
    }

    /// Takes up what a session was subscribed to before, as far as it still may.
    mutating func restore(_ old: [Subscription]) -> (kept: [Subscription], refusals: [Action]) {
        guard let scope = identity?.scope else { return ([], []) }
        var refusals: [Action] = []
        for subscription in old.prefix(limits.subscriptions) {
            do {
                subscriptions.append(try rules.readmit(scope, subscription))
            } catch {
                refusals.append(refusal(Self.revoked(subscription.topic), id: subscription.id))
            }
        }
        return (subscriptions, refusals)
    }

    // MARK: Who

    mutating func authenticated(_ result: Result<GatewayIdentity, Problem>) -> [Action] {
        switch (state, result) {
        case (.authenticating, .success(let identity)):
            self.identity = identity
            state = .welcoming
            return [.welcome(identity, resume)]
        case (.authenticating, .failure(let problem)):
            state = .closed
            return [refusal(problem, id: nil), .close(Self.closeCode(for: problem))]
        case (.open, .success(let renewed)) where isRenewing:
            isRenewing = false
            guard renewed.scope.userID == identity?.scope.userID else { return [refusal(Self.otherPerson, id: nil)] }
            toldExpiredAt = nil
            return changed(renewed)
        case (.open, .failure(let problem)) where isRenewing:
            isRenewing = false
            return [refusal(problem, id: nil)]
        default: return []
        }
    }

    /// `ready` is sent: what waited is dealt with.
    mutating func welcomed() -> [Action] {
        guard state == .welcoming else { return [] }
        state = .open
        let frames = waiting
        (waiting, resume) = ([], nil)
        var actions: [Action] = []
        for (index, frame) in frames.enumerated() {
            guard state == .open else {
                waiting = Array(frames[index...])
                break
            }
            actions += dispatch(frame)
        }
        return actions
    }

    /// The person's rights as they are now, or why they may not stay.
    mutating func rightsChanged(_ result: Result<GatewayIdentity, Problem>) -> [Action] {
        guard state == .open || state == .welcoming else { return [] }
        switch result {
        case .success(let identity): return changed(identity)
        case .failure(let problem) where problem.status == 401 || problem.status == 423:
            state = .closed
            return [refusal(problem, id: nil), .close(problem.status == 401 ? .revoked : Self.closeCode(for: problem))]
        case .failure: return []
        }
    }

    private mutating func changed(_ identity: GatewayIdentity) -> [Action] {
        let hasOtherRights = self.identity?.scope.permissions != identity.scope.permissions
        self.identity = identity
        var actions: [Action] = hasOtherRights ? [.send(GatewayReply.rights(identity.scope))] : []
        for subscription in subscriptions {
            do {
                let kept = try rules.narrowed(identity.scope, subscription)
                guard kept.filter != subscription.filter else { continue }
                _ = removeSubscription(subscription.id)
                subscriptions.append(kept)
                // On the same topic nothing is lost in between: only the filter changes.
                actions.append(.listen(kept))
            } catch {
                _ = removeSubscription(subscription.id)
                actions += [.unlisten(subscription), refusal(Self.revoked(subscription.topic), id: subscription.id)]
            }
        }
        _ = count(watched: watched)
        return actions
    }

    // MARK: Time

    mutating func tick(at moment: Moment) -> [Action] {
        let now = moment.uptime
        switch state {
        case .closed: return []
        case .new where openedAt.adding(milliseconds: limits.hello) <= now:
            state = .closed
            return [.close(.helloMissed)]
        default: break
        }
        if heardAt.adding(milliseconds: 2 * limits.heartbeat) <= now {
            state = .closed
            return [.close(.heartbeatMissed)]
        }
        var actions: [Action] = []
        if max(heardAt, pingedAt).adding(milliseconds: limits.heartbeat) <= now {
            pingedAt = now
            actions.append(.ping)
        }
        return actions + expireToken(moment)
    }

    private mutating func expireToken(_ now: Moment) -> [Action] {
        guard state == .open, let expiry = identity?.expiresAt, expiry <= now.time else { return [] }
        guard let told = toldExpiredAt else {
            toldExpiredAt = now.uptime
            return [refusal(Self.tokenExpired, id: nil)]
        }
        guard told.adding(milliseconds: limits.tokenGrace) <= now.uptime else { return [] }
        state = .closed
        return [.close(.unauthenticated)]
    }

    func refusal(_ problem: Problem, id: JSON?) -> Action {
        .send(GatewayReply.error(problem, language: identity?.scope.language ?? language, id: id))
    }

    static func closeCode(for problem: Problem) -> CloseCode {
        switch problem.code {
        case "banned": .banned
        case "disabled": .disabled
        // The client is not at fault: it comes back with what it has.
        case _ where problem.status >= 500: .serverStopping
        default: .unauthenticated
        }
    }
}
