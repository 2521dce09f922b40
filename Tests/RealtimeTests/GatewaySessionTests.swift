import Kernel
import Testing

@testable import Realtime

/// A session with its clock; frames go in, what the server would send or do comes out.
private struct Peer {
    var session: GatewaySession
    var now = Timestamp(milliseconds: 1_000_000)
    /// By how much the time of day was set.
    var set: Int64 = 0
    var frames: [JSON] = []
    var others: [GatewaySession.Action] = []

    init(limits: GatewaySession.Limits = GatewaySession.Limits(), stock: PersonalStock = PersonalStock()) {
        let rules = TopicRules([
            TopicRule("roles", requires: .rolesRead),
            TopicRule("presence", filterFields: ["status", "user_id"], wordFields: ["text"]) { scope, _, _ throws(Problem) in
                try scope.require(.presenceRead)
            },
            // Whoever may read the audit log does not hear of person 2.
            TopicRule("people", filterFields: ["user_id"]) { _, _, _ throws(Problem) in }.showing { scope, people in
                scope.can(.auditRead) ? people.filter { $0.rawValue != 2 } : people
            },
        ])
        session = GatewaySession(
            GatewaySession.Terms(limits: limits, rules: rules, commands: ["presence.set": Command("presence.set") { _ in }], stock: stock),
            language: .english, at: Uptime(milliseconds: now.milliseconds))
    }

    var uptime: Uptime { Uptime(milliseconds: now.milliseconds - set) }

    mutating func setClock(by seconds: Int64) {
        now = now.adding(seconds: seconds)
        set += seconds * 1000
    }

    mutating func take(_ actions: [GatewaySession.Action]) throws {
        for action in actions {
            if case .send(let text) = action { frames.append(try JSONParser.parse(text)) } else { others.append(action) }
        }
    }

    mutating func send(_ text: String) throws { try take(session.received(Array(text.utf8), at: uptime)) }

    mutating func pass(milliseconds: Int64) throws {
        now = now.adding(milliseconds: milliseconds)
        try take(session.tick(at: Moment(time: now, uptime: uptime)))
    }

    mutating func open(_ permissions: [Permission] = [.rolesRead, .presenceRead], expiresAt: Timestamp? = nil) throws {
        try send(#"{"type": "hello", "token": "t"}"#)
        try take(session.authenticated(.success(Self.identity(permissions, expiresAt: expiresAt))))
        try take(session.welcomed())
        (frames, others) = ([], [])
    }

    static func identity(_ permissions: [Permission], user: Int64 = 1, expiresAt: Timestamp? = nil) -> GatewayIdentity {
        GatewayIdentity(scope: Scope(userID: UserID(rawValue: user), permissions: PermissionSet(permissions)), expiresAt: expiresAt)
    }

    var codes: [String] { frames.compactMap { $0["code"]?.string } }
    var closes: [CloseCode] { others.compactMap { if case .close(let code) = $0 { code } else { nil } } }
    var listens: [String] { others.compactMap { if case .listen(let subscription) = $0 { subscription.topic } else { nil } } }
    var unlistens: [String] { others.compactMap { if case .unlisten(let subscription) = $0 { subscription.topic } else { nil } } }
}

@Suite struct GatewaySessionTests {
    @Test func whoSaysNothingIsClosedAfterTenSeconds() throws {
        var peer = Peer()
        try peer.pass(milliseconds: 9_999)
        #expect(peer.closes.isEmpty)
        try peer.pass(milliseconds: 1)
        #expect(peer.closes == [.helloMissed])
    }

    @Test func framesBeforeTheWelcomeWaitInOrder() throws {
        var peer = Peer()
        try peer.send(#"{"type": "hello", "token": "t"}"#)
        try peer.send(#"{"type": "subscribe", "id": 1, "topic": "roles"}"#)
        try peer.send(#"{"type": "ping"}"#)
        #expect(peer.listens.isEmpty && peer.frames.isEmpty)
        try peer.take(peer.session.authenticated(.success(Peer.identity([.rolesRead]))))
        #expect(peer.listens.isEmpty)
        try peer.take(peer.session.welcomed())
        #expect(peer.listens == ["roles"])
        #expect(peer.frames.map { $0["type"]?.string } == ["pong"])
    }

    /// A database that is away is no reason to ask people for their password again.
    @Test func aServerThatCannotSaySendsThemBackLater() throws {
        var peer = Peer()
        try peer.send(#"{"type": "hello", "token": "t"}"#)
        try peer.take(peer.session.authenticated(.failure(.unavailable(retryAfter: 1))))
        #expect(peer.codes == ["unavailable"])
        #expect(peer.closes == [.serverStopping])
    }

    @Test func aTokenThatDoesNotHoldIsToldAndClosed() throws {
        var peer = Peer()
        try peer.send(#"{"type": "hello", "token": "t"}"#)
        try peer.take(peer.session.authenticated(.failure(.unauthenticated)))
        #expect(peer.codes == ["unauthenticated"])
        #expect(peer.closes == [.unauthenticated])
        try peer.send(#"{"type": "ping"}"#)
        #expect(peer.frames.count == 1)
    }

    @Test(arguments: [
        ("[]", "malformed"), ("{", "malformed"), (#"{"type": 1}"#, "malformed"), (#"{"type": "dance"}"#, "unknown_type"),
        (#"{"type": "ping", "x": 1}"#, "invalid"), (#"{"type": "subscribe", "id": "a"}"#, "invalid"),
        (#"{"type": "subscribe", "topic": "roles"}"#, "invalid"),
        (#"{"type": "subscribe", "id": "a", "topic": "secrets"}"#, "unknown_topic"),
        (#"{"type": "subscribe", "id": "a", "topic": "roles", "filter": {"status": "x"}}"#, "invalid"),
        (#"{"type": "unsubscribe", "id": "a"}"#, "unknown_subscription"), (#"{"type": "hello"}"#, "already_open"),
    ])
    func mistakesAreAnsweredNotClosed(frame: String, code: String) throws {
        var peer = Peer()
        try peer.open()
        try peer.send(frame)
        #expect(peer.codes == [code])
        #expect(peer.closes.isEmpty)
        try peer.send(#"{"type": "ping"}"#)
        #expect(peer.frames.last?["type"] == "pong")
    }

    /// What a reader may not have is refused before its filter is looked at.
    @Test func whoMayNotListenLearnsThatFirst() throws {
        var peer = Peer()
        try peer.open([])
        let fields = (0..<500).map { "\"f\($0)_id\": \"me\"" }.joined(separator: ", ")
        try peer.send("{\"type\": \"subscribe\", \"id\": 1, \"topic\": \"roles\", \"filter\": {}}")
        #expect(peer.codes == ["permission_denied"])
        func steps(_ filter: String) throws -> Int {
            try Steps.count { try peer.send("{\"type\": \"subscribe\", \"id\": 1, \"topic\": \"presence\", \"filter\": {\(filter)}}") }
        }
        let (once, twice) = (try steps(fields), try steps(fields + ", " + fields.replacing("f", with: "g")))
        #expect(once > 0 && twice <= 2 * once + once / 4)
        #expect(peer.codes.dropFirst() == ["invalid", "invalid"])
    }

    @Test func topicsAndTypesHaveAGreatestLength() throws {
        var peer = Peer()
        try peer.open()
        let flags = String(repeating: "🇫🇷", count: 40)
        try peer.send("{\"type\": \"subscribe\", \"id\": 1, \"topic\": \"\(flags)\"}")
        try peer.send("{\"type\": \"\(flags)\"}")
        #expect(peer.codes == ["invalid", "malformed"])
    }

    /// A frame counts by its size: a burst of the longest is refused long before two hundred of them.
    @Test func aLongFrameCountsForSeveral() throws {
        var peer = Peer()
        try peer.open()
        let frame = "{\"type\": \"ping\"\(String(repeating: " ", count: 40_000))}"
        for _ in 0..<20 { try peer.send(frame) }
        #expect(peer.frames.count { $0["type"] == "pong" } == 19)
        #expect(peer.codes == ["rate_limited"])
    }

    /// Three sessions of one person name as many people together as the stock has room for.
    @Test func thePeopleThatAllSessionsNameAreCounted() throws {
        let stock = PersonalStock(PersonalStock.Limits(sessions: 2, watched: 3))
        var (first, second) = (Peer(stock: stock), Peer(stock: stock))
        try first.open()
        try second.open()
        func subscribe(_ id: Int, _ people: ClosedRange<Int64>) -> String {
            let list = people.map { "\"\(UserID(rawValue: $0).uuid)\"" }.joined(separator: ", ")
            return "{\"type\": \"subscribe\", \"id\": \(id), \"topic\": \"presence\", \"filter\": {\"user_id\": {\"in\": [\(list)]}}}"
        }
        try first.send(subscribe(1, 1...2))
        try second.send(subscribe(1, 1...2))
        #expect(first.codes.isEmpty && second.codes == ["too_many_watched"])
        // The same id again takes the old one's place, and what is given back is there for others.
        try first.send(subscribe(1, 5...5))
        try second.send(subscribe(1, 1...2))
        #expect(first.codes.isEmpty && second.codes == ["too_many_watched"])
        second.session.end()
        try first.send(subscribe(2, 6...7))
        #expect(first.codes.isEmpty)
        try first.send(#"{"type": "unsubscribe", "id": 2}"#)
        #expect(stock.watch(UserID(rawValue: 1), 2) && !stock.watch(UserID(rawValue: 1), 1))
    }

    @Test func aPersonHasSoManySessions() throws {
        let stock = PersonalStock(PersonalStock.Limits(sessions: 2, watched: 3))
        let (ann, bob) = (UserID(rawValue: 1), UserID(rawValue: 2))
        try stock.open(ann)
        try stock.open(ann)
        #expect(throws: Problem.self) { try stock.open(ann) }
        try stock.open(bob)
        stock.close(ann)
        try stock.open(ann)
    }

    /// Who follows named people learns nothing of them by a role or a part of their names.
    @Test(arguments: [#""role": "x""#, #""text": "a""#])
    func aFieldThatTellsOfPeopleNeedsTheRightToSeeThem(_ field: String) throws {
        let rules = TopicRules([
            TopicRule(
                "presence", filterFields: ["user_id", "role"], wordFields: ["text"],
                fieldPermissions: ["role": .presenceRead, "text": .presenceRead]
            ) { scope, _, filter throws(Problem) in
                if !filter.namesPeople { try scope.require(.presenceRead) }
            }
        ])
        let filter = try JSONParser.parse(Array("{\"user_id\": \"\(UserID(rawValue: 2))\", \(field)}".utf8))
        let plain = Scope(userID: UserID(rawValue: 1))
        var seeing = plain
        seeing.permissions = PermissionSet([.presenceRead])
        #expect(throws: Never.self) { try rules.admit(plain, to: "presence", filter: ["user_id": .string(UserID(rawValue: 2).uuid)]) }
        let problem = #expect(throws: Problem.self) { try rules.admit(plain, to: "presence", filter: filter) }
        #expect(problem?.status == 403)
        let admitted = try rules.admit(seeing, to: "presence", filter: filter)
        // And once more when the right is taken away.
        #expect(throws: Problem.self) { try rules.check(plain, topic: "presence", filter: admitted.filter) }
    }

    @Test func anErrorCarriesTheIDOfItsFrame() throws {
        var peer = Peer()
        try peer.open([])
        try peer.send(#"{"type": "subscribe", "id": "mine", "topic": "roles"}"#)
        #expect(peer.frames.first?["id"] == "mine")
        #expect(peer.frames.first?["permission"] == "roles.read")
    }

    @Test func lostRightsDropTheirSubscriptionsAlone() throws {
        var peer = Peer()
        try peer.open()
        try peer.send(#"{"type": "subscribe", "id": "r", "topic": "roles"}"#)
        try peer.send(#"{"type": "subscribe", "id": "p", "topic": "presence"}"#)
        try peer.take(peer.session.rightsChanged(.success(Peer.identity([.rolesRead]))))
        #expect(peer.unlistens == ["presence"])
        #expect(peer.codes == ["subscription_revoked"])
        #expect(peer.frames.last?["id"] == "p")
        #expect(peer.session.subscriptions.map(\.topic) == ["roles"])
    }

    @Test func otherRightsAreToldOnceAndTheSameAreNot() throws {
        var peer = Peer()
        try peer.open([.rolesRead])
        try peer.take(peer.session.rightsChanged(.success(Peer.identity([.rolesRead]))))
        #expect(peer.frames.isEmpty)
        try peer.take(peer.session.rightsChanged(.success(Peer.identity([.rolesRead, .auditRead]))))
        #expect(peer.frames.map { $0["type"] } == ["permissions.changed"])
        #expect(peer.frames.first?["permissions"] == ["roles.read", "audit.read"])
    }

    @Test func theSameIDAgainReplacesTheSubscription() throws {
        var peer = Peer()
        try peer.open()
        try peer.send(#"{"type": "subscribe", "id": "p", "topic": "presence"}"#)
        try peer.send(#"{"type": "subscribe", "id": "p", "topic": "presence", "filter": {"status": "dnd"}}"#)
        #expect(peer.unlistens.isEmpty)
        try peer.send(#"{"type": "subscribe", "id": "p", "topic": "roles"}"#)
        #expect(peer.unlistens == ["presence"])
        #expect(peer.session.subscriptions.map(\.topic) == ["roles"])
    }

    @Test func subscriptionsAreBounded() throws {
        var limits = GatewaySession.Limits()
        limits.subscriptions = 3
        var peer = Peer(limits: limits)
        try peer.open()
        for id in 0..<4 { try peer.send(#"{"type": "subscribe", "id": \#(id), "topic": "roles"}"#) }
        #expect(peer.listens.count == 3)
        #expect(peer.codes == ["too_many_subscriptions"])
    }

    @Test func thePeopleOfAllSubscriptionsAreBounded() throws {
        var limits = GatewaySession.Limits()
        limits.watched = 3
        var peer = Peer(limits: limits)
        try peer.open()
        func people(_ numbers: ClosedRange<Int64>) -> String { numbers.map { "\"\(UserID(rawValue: $0).uuid)\"" }.joined(separator: ",") }
        try peer.send(#"{"type": "subscribe", "id": 1, "topic": "presence", "filter": {"user_id": {"in": [\#(people(1...2))]}}}"#)
        try peer.send(#"{"type": "subscribe", "id": 2, "topic": "presence", "filter": {"user_id": {"in": [\#(people(1...2))]}}}"#)
        #expect(peer.codes == ["too_many_watched"])
        // What takes the place of another counts alone.
        try peer.send(#"{"type": "subscribe", "id": 1, "topic": "presence", "filter": {"user_id": {"in": [\#(people(4...6))]}}}"#)
        #expect(peer.codes.count == 1 && peer.session.subscriptions.map(\.filter.watchedCount) == [3])
    }

    @Test func searchesAreBounded() throws {
        var limits = GatewaySession.Limits()
        limits.searches = 2
        var peer = Peer(limits: limits)
        try peer.open()
        for id in 0..<3 { try peer.send(#"{"type": "subscribe", "id": \#(id), "topic": "presence", "filter": {"text": "a\#(id)"}}"#) }
        try peer.send(#"{"type": "subscribe", "id": 1, "topic": "presence", "filter": {"text": "again"}}"#)
        try peer.send(#"{"type": "subscribe", "id": 3, "topic": "presence", "filter": {"status": "dnd"}}"#)
        #expect(peer.codes == ["too_many_searches"])
        #expect(peer.session.subscriptions.map(\.id) == [0, 1, 3])
    }

    @Test func framesAreBoundedPerSecond() throws {
        var limits = GatewaySession.Limits()
        (limits.rate, limits.burst) = (1, 3)
        var peer = Peer(limits: limits)
        try peer.open()
        for _ in 0..<3 { try peer.send(#"{"type": "ping"}"#) }
        #expect(peer.codes == ["rate_limited"])
        try peer.pass(milliseconds: 1000)
        try peer.send(#"{"type": "ping"}"#)
        #expect(peer.frames.last?["type"] == "pong")
    }

    @Test func whoGoesOnFloodingIsClosed() throws {
        var limits = GatewaySession.Limits()
        (limits.rate, limits.burst, limits.flood) = (1, 4, 10)
        var peer = Peer(limits: limits)
        try peer.open()
        let before = peer.codes.count
        for _ in 0..<12 { try peer.take(peer.session.receivedControl(at: peer.uptime)) }
        #expect(peer.codes.count - before == 9 && peer.closes.isEmpty)
        // Half a burst later it is forgiven, and begins anew.
        try peer.pass(milliseconds: 3000)
        for _ in 0..<12 { try peer.send(#"{"type": "ping"}"#) }
        #expect(peer.closes.isEmpty)
        for _ in 0..<2 { try peer.send(#"{"type": "ping"}"#) }
        #expect(peer.closes == [.flooding])
        let told = peer.codes.count
        try peer.send(#"{"type": "ping"}"#)
        #expect(peer.codes.count == told)
    }

    @Test func silenceIsPingedThenClosed() throws {
        var peer = Peer()
        try peer.open()
        try peer.pass(milliseconds: 25_000)
        #expect(peer.others.contains { if case .ping = $0 { true } else { false } })
        try peer.pass(milliseconds: 24_999)
        #expect(peer.closes.isEmpty)
        try peer.pass(milliseconds: 1)
        #expect(peer.closes == [.heartbeatMissed])
    }

    /// The gateway looks once a second, and the peer's close is awaited for five more.
    @Test func theUsualHeartbeatFindsTheDeadWithinAMinute() throws {
        var peer = Peer()
        try peer.open()
        let lastHeard = peer.now
        while peer.closes.isEmpty { try peer.pass(milliseconds: 1000) }
        #expect(peer.now.milliseconds - lastHeard.milliseconds + 5000 < 60_000)
    }

    @Test func binaryFramesAreRefusedAndCounted() throws {
        var limits = GatewaySession.Limits()
        (limits.rate, limits.burst) = (1, 3)
        var peer = Peer(limits: limits)
        try peer.open()
        for _ in 0..<3 { try peer.take(peer.session.receivedBinary(at: peer.uptime)) }
        #expect(peer.codes == ["malformed", "malformed", "rate_limited"])
    }

    @Test func aPongKeepsTheConnection() throws {
        var peer = Peer()
        try peer.open()
        for _ in 0..<10 {
            try peer.pass(milliseconds: 30_000)
            peer.session.heard(at: peer.uptime)
        }
        #expect(peer.closes.isEmpty)
    }

    @Test func aClockThatIsSetClosesNobodyAndFillsNoBucket() throws {
        var limits = GatewaySession.Limits()
        (limits.rate, limits.burst) = (1, 3)
        var peer = Peer(limits: limits)
        try peer.open()
        for step: Int64 in [86_400, -172_800, 3600] {
            peer.setClock(by: step)
            try peer.pass(milliseconds: 0)
        }
        #expect(peer.closes.isEmpty && peer.others.isEmpty)
        for _ in 0..<3 { try peer.send(#"{"type": "ping"}"#) }
        #expect(peer.codes == ["rate_limited"])
    }

    @Test func aTokenExpiresByTheTimeOfDayAndItsGraceDoesNot() throws {
        var peer = Peer()
        try peer.open(expiresAt: peer.now.adding(seconds: 3600))
        peer.setClock(by: 3600)
        try peer.pass(milliseconds: 0)
        #expect(peer.codes == ["token_expired"])
        peer.setClock(by: 3600)
        try peer.pass(milliseconds: 24_999)
        #expect(peer.closes.isEmpty)
        try peer.send(#"{"type": "ping"}"#)
        try peer.pass(milliseconds: 5_001)
        #expect(peer.closes == [.unauthenticated])
    }

    @Test func anExpiredTokenIsToldThenClosedUnlessRenewed() throws {
        var peer = Peer()
        try peer.open(expiresAt: peer.now.adding(seconds: 10))
        try peer.pass(milliseconds: 10_000)
        try peer.pass(milliseconds: 10_000)
        #expect(peer.codes == ["token_expired"])
        try peer.send(#"{"type": "auth", "token": "new"}"#)
        try peer.take(peer.session.authenticated(.success(Peer.identity([.rolesRead], expiresAt: peer.now.adding(seconds: 10)))))
        try peer.pass(milliseconds: 20_000)
        #expect(peer.codes == ["token_expired", "token_expired"])
        #expect(peer.closes.isEmpty)
        try peer.send(#"{"type": "ping"}"#)
        try peer.pass(milliseconds: 30_000)
        #expect(peer.closes == [.unauthenticated])
    }

    @Test func aTokenOfSomebodyElseChangesNothing() throws {
        var peer = Peer()
        try peer.open()
        try peer.send(#"{"type": "auth", "token": "other"}"#)
        try peer.take(peer.session.authenticated(.success(Peer.identity([], user: 2))))
        #expect(peer.codes == ["other_person"])
        #expect(peer.session.identity?.scope.userID == UserID(rawValue: 1))
    }

    @Test(arguments: [(401, "unauthenticated", CloseCode.revoked), (423, "banned", .banned), (423, "disabled", .disabled)])
    func anEndedSessionIsClosedWithItsReason(status: Int, code: String, close: CloseCode) throws {
        var peer = Peer()
        try peer.open()
        try peer.take(peer.session.rightsChanged(.failure(Problem(status, code, LocalizedText(en: "", fr: "")))))
        #expect(peer.closes == [close])
    }

    @Test func whoHidesIsLeftOutOfAFilter() throws {
        func people(_ peer: Peer) -> [[Int64]] {
            peer.session.subscriptions.map { $0.filter.people?.ids.map(\.rawValue) ?? [] }
        }
        let named = [Int64(1), 2, 3].map { "\"\(UserID(rawValue: $0).uuid)\"" }.joined(separator: ", ")
        let wish = #"{"type": "subscribe", "id": "f", "topic": "people", "filter": {"user_id": {"in": [\#(named)]}}}"#
        var peer = Peer()
        try peer.open([])
        try peer.send(wish)
        #expect(people(peer) == [[1, 2, 3]])
        // They hide while one listens.
        try peer.take(peer.session.rightsChanged(.success(Peer.identity([.auditRead]))))
        #expect(people(peer) == [[1, 3]] && peer.listens == ["people", "people"] && peer.unlistens.isEmpty)
        #expect(peer.codes.isEmpty)
        try peer.take(peer.session.rightsChanged(.success(Peer.identity([.auditRead]))))
        #expect(peer.listens.count == 2)
        // Asked again, and taken up again.
        try peer.send(wish)
        #expect(people(peer) == [[1, 3]])
        let kept = peer.session.subscriptions
        var other = Peer()
        try other.send(#"{"type": "hello", "token": "t"}"#)
        try other.take(other.session.authenticated(.success(Peer.identity([.auditRead]))))
        #expect(other.session.restore(kept).kept.map { $0.filter.people?.ids.count } == [2])
    }

    /// One that is listened to and forgotten would outlive the right to it.
    @Test func aWishThatIsRefusedLeavesTheSubscriptionOfItsIDAsItWas() throws {
        var limits = GatewaySession.Limits()
        limits.watched = 1
        var peer = Peer(limits: limits)
        try peer.open()
        try peer.send(#"{"type": "subscribe", "id": 1, "topic": "presence"}"#)
        let people = [Int64(1), 2].map { "\"\(UserID(rawValue: $0).uuid)\"" }.joined(separator: ", ")
        try peer.send(#"{"type": "subscribe", "id": 1, "topic": "presence", "filter": {"user_id": {"in": [\#(people)]}}}"#)
        #expect(peer.codes == ["too_many_watched"])
        #expect(peer.listens == ["presence"] && peer.session.subscriptions.count == 1)
        try peer.take(peer.session.rightsChanged(.success(Peer.identity([]))))
        #expect(peer.unlistens == ["presence"])
    }

    @Test func aRestoredSessionKeepsWhatItStillMayHear() throws {
        var peer = Peer()
        try peer.open([.rolesRead])
        let (kept, refusals) = peer.session.restore([
            GatewaySession.Subscription(id: "r", topic: "roles"), GatewaySession.Subscription(id: "p", topic: "presence"),
        ])
        #expect(kept.map(\.topic) == ["roles"])
        try peer.take(refusals)
        #expect(peer.frames.map { $0["id"] } == ["p"])
    }

    @Test(arguments: [
        #"{"session": "s", "positions": {"roles": "x"}}"#, #"{"positions": {}}"#, #"{"session": "s", "positions": []}"#, #"7"#,
    ])
    func aResumeThatCannotBeReadIsAnErrorAndHelloMayBeSaidAgain(resume: String) throws {
        var peer = Peer()
        try peer.send(#"{"type": "hello", "token": "t", "resume": \#(resume)}"#)
        #expect(peer.codes == ["invalid"])
        try peer.open()
        #expect(peer.session.identity != nil)
    }
}
