import Kernel
import Seeded

@testable import Bus
@testable import Presence
@testable import Realtime

/// One of a person's clients: says hello, subscribes, keeps its places, comes back, as web/src/lib/gateway.ts does.
final class Device {
    enum State { case idle, connecting, live, waiting, stopped }

    struct Subscription {
        let id: String
        let topic: String
        /// Whom it names; nil for the whole topic.
        let people: [Int]?
        /// Of `presence`, the role that it is for; asked for by the topic's other name.
        var role: String?

        /// What is asked for.
        var name: String { role.map { "\(topic):role:\($0)" } ?? topic }
    }

    enum Timer: Int, CaseIterable { case heartbeat, silence, retry, snapshot }

    unowned let world: World
    let person: Int
    let number: Int
    /// By server-sent events: frames up are requests of their own, and the place is the last event's id.
    let isStream: Bool
    /// Goes by one place in all durable topics, as long as it is the later one.
    let hasOnePlace: Bool
    /// Where it stands in all durable topics.
    private var durable: Position?
    let lane: Int
    var random: SeededRandom
    var session: SessionID
    private(set) var state = State.idle
    private(set) var link: Link?
    /// The session that it would take up again.
    var name: String?
    var positions: [String: Position] = [:]
    private(set) var subscriptions: [String: Subscription] = [:]
    private(set) var asked: Set<String> = []
    private var resuming = false
    private var handshake: JSON?
    private var attempt = 0
    private var nextID = 1
    private var timers = [Int](repeating: 0, count: Timer.allCases.count)
    var knowledge: Knowledge
    var ledger = Ledger()
    /// Whether the person who holds it wants to be there.
    private(set) var isWanted = false
    private(set) var isIdle = false
    /// Says another's session when it says hello next.
    var isThief = false

    init(_ world: World, person: Int, number: Int, _ random: SeededRandom) {
        (self.world, self.person, self.number, self.random) = (world, person, number, random)
        lane = world.scheduler.newLane()
        isStream = self.random.once(in: 4)
        hasOnePlace = self.random.once(in: 2)
        session = world.disk.newSession(of: person)
        knowledge = Knowledge(people: world.disk.accounts.count, life: 1)
    }

    var own: String { "user:\(Disk.id(person).uuid)" }

    // MARK: Coming and going

    func start() {
        isWanted = true
        guard state == .idle || state == .stopped else { return }
        if state == .stopped || !world.disk.accounts[person].sessions.contains(session) { signIn() }
        guard state == .idle else { return }
        connect()
    }

    /// A new session, after the old one was ended.
    private func signIn() {
        guard !world.disk.accounts[person].isBanned else { return }
        session = world.disk.newSession(of: person)
        forget()
        state = .idle
    }

    /// The page is closed.
    func stop() {
        isWanted = false
        let old = link
        forget()
        old?.leaveOrderly()
        state = .idle
    }

    /// Everything is forgotten, as a page's end does.
    private func forget() {
        leaveLink()
        (name, positions, subscriptions, asked, attempt) = (nil, [:], [:], [], 0)
        for timer in Timer.allCases { cancel(timer) }
        knowledge = Knowledge(people: world.disk.accounts.count, life: knowledge.life + 1)
        ledger = Ledger()
    }

    private func connect() {
        state = .connecting
        guard let process = world.process, process.isUp else { return closed(1006) }
        let link = Link(self, process, random.branch())
        self.link = link
        world.links.append(link)
        within(12_000)
        resuming = name != nil
        handshake = nil
        link.accept()
        if isStream, let name {
            link.send(ResumeToken(session: name, positions: positions).hello.bytes)
        } else {
            link.send(resumption())
        }
        if random.once(in: 50) { link.send(resumption()) }
    }

    private func resumption() -> [UInt8] {
        guard let name = world.stolen(for: self) ?? name else { return Self.hello }
        var named = JSONObject()
        if hasOnePlace, let durable { named.append(TopicRules.durable, .string(durable.description)) }
        for (topic, position) in positions.sorted(by: { $0.key < $1.key }) where !(hasOnePlace && isReached(position)) {
            named.append(topic, .string(position.description))
        }
        return JSON.object(["type": "hello", "resume": ["session": .string(name), "positions": .object(named)]]).bytes
    }

    /// Whether its place in all durable topics says as much.
    private func isReached(_ position: Position) -> Bool {
        durable.map { $0.epoch == position.epoch && $0.offset >= position.offset } ?? false
    }

    private static let hello = JSON.object(["type": "hello"]).bytes
    private static let ping = JSON.object(["type": "ping"]).bytes

    /// The network said so.
    func lost(_ link: Link) { if self.link === link { closed(1006) } }

    private func leaveLink() {
        let old = link
        link = nil
        old?.leaveOrderly()
        world.oracle.left(old)
    }

    private func closed(_ code: UInt16) {
        leaveLink()
        for timer in [Timer.heartbeat, .silence] { cancel(timer) }
        if code >= 4500 && code <= 4999 || code == 4401 && !world.disk.accounts[person].sessions.contains(session) {
            state = .stopped
            (name, positions) = (nil, [:])
            return
        }
        state = .waiting
        let window = min(30_000, Int64(500) << min(Int64(attempt), 10))
        attempt += 1
        after(random.within(0...window), .retry) { [self] in if state == .waiting { connect() } }
    }

    /// The network is back: now rather than later.
    func retryNow() {
        guard state == .waiting else { return }
        cancel(.retry)
        connect()
    }

    /// Nothing is awaited any more.
    var isSettled: Bool {
        guard isWanted else { return link == nil }
        if state == .stopped { return world.disk.accounts[person].isBanned }
        return state == .live && link?.isReadable == true && knowledge.awaiting == 0 && subscriptions.keys.allSatisfy(ledger.isGranted)
    }

    /// What it still waits for.
    var unsettled: String {
        let open = subscriptions.values.filter { !ledger.isGranted($0.id) }.map { "\($0.id) \($0.topic)" }.sorted()
        return "\(self) is \(state), awaits \(knowledge.awaiting) snapshots and \(open)"
    }

    func setIdle(_ isIdle: Bool) {
        guard state == .live else { return }
        self.isIdle = isIdle
        tellIdle()
    }

    /// A new connection knows nothing of it.
    private func tellIdle() { send(JSON.object(["type": "presence.set", "idle": .bool(isIdle)]).bytes) }

    // MARK: Timers

    private func cancel(_ timer: Timer) { timers[timer.rawValue] += 1 }

    private func after(_ milliseconds: Int64, _ timer: Timer, _ work: @escaping () -> Void) {
        cancel(timer)
        let mine = timers[timer.rawValue]
        world.scheduler.after(milliseconds, lane: lane) { [self] in if timers[timer.rawValue] == mine { work() } }
    }

    private func within(_ milliseconds: Int64) {
        silentAt = world.now + milliseconds
        guard !isWatching else { return }
        watch()
    }

    /// The silence that ends a connection; pushed back by every frame, so that it is looked at rather than set anew.
    private var silentAt: Int64 = 0
    private var isWatching = false

    private func watch() {
        isWatching = true
        world.scheduler.after(silentAt - world.now, lane: lane) { [self] in
            isWatching = false
            guard link != nil else { return }
            if silentAt > world.now { return watch() }
            closed(1006)
        }
    }

    private func beat() {
        send(Self.ping)
        after(World.heartbeat, .heartbeat) { [self] in beat() }
    }

    // MARK: Subscriptions

    func subscribe(_ topic: String, people: [Int]?, role: String? = nil) {
        let subscription = Subscription(id: "p\(nextID)", topic: topic, people: people, role: role)
        nextID += 1
        subscriptions[subscription.id] = subscription
        if state == .live { ask(subscription) }
    }

    func unsubscribe(_ id: String) {
        guard subscriptions.removeValue(forKey: id) != nil else { return }
        ledger.release(id)
        guard state == .live else { return }
        asked.remove(id)
        sendUnsubscribe(id)
    }

    private func sendUnsubscribe(_ id: String) {
        send(JSON.object(["type": "unsubscribe", "id": .string(id)]).bytes)
    }

    private func ask(_ subscription: Subscription) {
        asked.insert(subscription.id)
        var frame: JSONObject = ["type": "subscribe", "id": .string(subscription.id), "topic": .string(subscription.name)]
        if let people = subscription.people {
            frame.append("filter", ["user_id": ["in": .array(people.map { .string(Disk.id($0).uuid) })]])
        }
        world.tracing { "\(self) asks \(subscription.id) \(subscription.topic) \(subscription.people ?? [])" }
        ledger.ask(subscription)
        link?.named.formUnion(subscription.people ?? [])
        send(JSON.object(frame).bytes)
    }

    func send(_ frame: [UInt8]) {
        guard let link, state == .live else { return }
        link.send(frame)
    }

    // MARK: Frames

    func receive(_ packet: Link.Packet, on link: Link) {
        guard self.link === link else { return }
        silentAt = max(silentAt, world.now + 2 * World.heartbeat)
        if isStream { positions = ledger.streamPlace }
        switch packet {
        case .ping: link.pong()
        case .close(let code): closed(code)
        case .event(let entry): event(entry)
        case .frame(let text, let places):
            guard let frame = world.parse(text) else { return }
            receive(frame, places)
        }
        if isStream { positions = ledger.streamPlace }
    }

    private func receive(_ frame: JSON, _ places: [String: Position]) {
        world.tracing { "\(self) hears \(JSONTrace.short(frame))" }
        switch frame["type"]?.string {
        case "ready":
            if let notes = frame["user"]?.integer { knowledge.notes = max(knowledge.notes, notes) }
            if resuming { handshake = frame } else { welcome(frame, resumed: false) }
        case "resumed":
            guard var handshake = handshake?.object else { return }
            handshake["subscriptions"] = frame["subscriptions"]
            welcome(.object(handshake), resumed: true)
        case "resync": if let topic = frame["topic"]?.string { resync(topic, places) }
        case "subscribed": subscribed(frame, places)
        case "error": refused(frame)
        default: break
        }
    }

    private func welcome(_ frame: JSON, resumed: Bool) {
        let before = name
        name = frame["session"]?.string
        world.oracle.welcomed(self, name: name ?? "", before: before)
        attempt = 0
        (resuming, handshake, state) = (false, nil, .live)
        var told: [String: Position] = [:]
        for (topic, text) in frame["positions"]?.object ?? [:] { told[topic] = text.string.flatMap { Position($0) } }
        let isSame = resumed && name == before
        let kept = Set(frame["subscriptions"]?.array?.compactMap(\.string) ?? [])
        durable = frame["durable"]?.string.flatMap { Position($0) }
        ledger.welcome(own: own, told: told, durable: durable, kept: isSame ? kept : nil, resumed: resumed)
        if isSame { settle(kept) } else { startOver(resumed ? told.keys.sorted() : []) }
        positions = told.merging(resumed ? positions : [:]) { $1 }
        beat()
        if isIdle { tellIdle() }
        if random.once(in: 3) { world.chooseSomething(self) }
    }

    private func settle(_ kept: Set<String>) {
        for id in kept.sorted() where subscriptions[id] == nil && !id.hasPrefix("user:") { sendUnsubscribe(id) }
        asked = kept.filter { subscriptions[$0] != nil }
        for id in subscriptions.keys.sorted() where !kept.contains(id) || !ledger.isGranted(id) { ask(subscriptions[id]!) }
    }

    private func startOver(_ topics: [String]) {
        asked = []
        for topic in topics where !topic.hasPrefix("user:") {
            ledger.release(topic)
            sendUnsubscribe(topic)
        }
        for id in subscriptions.keys.sorted() { ask(subscriptions[id]!) }
    }

    private func subscribed(_ frame: JSON, _ places: [String: Position]) {
        guard let id = frame["id"]?.string, let topic = frame["topic"]?.string, let place = places[topic] else { return }
        ledger.granted(id, topic: topic, at: place, isWanted: subscriptions[id] != nil)
        guard let subscription = subscriptions[id] else { return }
        if positions[topic] == nil { positions[topic] = place }
        fresh(subscription)
    }

    private func resync(_ topic: String, _ places: [String: Position]) {
        ledger.moved(places)
        positions[topic] = nil
        if topic == own { takeNotes() }
        for id in subscriptions.keys.sorted() where subscriptions[id]!.topic == topic { fresh(subscriptions[id]!) }
    }

    private func refused(_ frame: JSON) {
        guard let id = frame["id"]?.string else { return }
        let code = frame["code"]?.string
        if code == "subscription_revoked" || code == "permission_denied" || code == "too_many_requests" || code == "unavailable" {
            ledger.release(id)
            asked.remove(id)
            // What may no longer be followed is not shown either.
            subscriptions[id] = nil
        }
    }

    private func event(_ entry: Entry) {
        world.tracing { "\(self) hears \(entry.type) of \(entry.person ?? -1) on \(entry.topic) at \(entry.position)" }
        if let fault = ledger.received(entry, own: own, world.journal) { world.fail("\(self): \(fault)") }
        if entry.topic != "presence" {
            // What it has of one durable topic it has of all.
            if let durable, durable.epoch == entry.position.epoch, durable.offset > entry.position.offset {
                world.fail("\(self) got \(entry.topic) \(entry.position) after \(durable) of another topic")
            }
            durable = entry.position
        }
        if entry.topic != "presence", let last = positions[entry.topic], last.epoch == entry.position.epoch,
            last.offset >= entry.position.offset
        {
            return
        }
        positions[entry.topic] = entry.position
        knowledge.learn(entry, at: world.now)
    }

    // MARK: Snapshots

    /// The subscription starts, or starts over: takes a snapshot, again until it has one.
    private func fresh(_ subscription: Subscription) {
        let askedAt = world.now
        knowledge.awaiting += 1
        let life = knowledge.life
        world.snapshot(subscription, for: self) { [self] answer in
            guard knowledge.life == life else { return }
            knowledge.awaiting -= 1
            guard subscriptions[subscription.id] != nil else { return }
            switch answer {
            case .views(let views): knowledge.seed(views, subscription, askedAt: askedAt, at: world.now)
            case .cards(let cards): for (person, card) in cards { knowledge.cards[person] = max(knowledge.cards[person], card) }
            case .refused: break
            case .lost:
                world.scheduler.after(random.within(200...2000), lane: lane) { [self] in
                    if knowledge.life == life, subscriptions[subscription.id] != nil { fresh(subscription) }
                }
            }
        }
    }

    private func takeNotes() {
        let life = knowledge.life
        knowledge.awaiting += 1
        world.notes(for: self) { [self] notes in
            guard knowledge.life == life else { return }
            knowledge.awaiting -= 1
            if let notes { knowledge.notes = max(knowledge.notes, notes) } else { takeNotes() }
        }
    }
}

extension Device: CustomStringConvertible {
    var description: String { "device \(number) of person \(person)" }
}

/// A frame in a line, for who looks into a seed.
enum JSONTrace {
    static func short(_ frame: JSON) -> String {
        String(decoding: frame.bytes.prefix(400), as: UTF8.self)
    }
}
