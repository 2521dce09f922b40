import Kernel
import Seeded

@testable import Bus
@testable import Realtime

/// One connection: what the server puts in comes out at the client in order and later, or, from some moment on, never.
final class Link: SessionTransport, @unchecked Sendable {
    // SAFETY: one thread runs the whole simulation.
    enum Packet {
        case frame([UInt8], [String: Position])
        case event(Entry)
        case ping
        case close(UInt16)
    }

    private enum Upward {
        case text([UInt8])
        case control
        case bye
    }

    let process: Process
    private let loop: SimulatedLoop
    private unowned let device: Device
    private let world: World
    private let lane: Int
    private var random: SeededRandom
    private(set) var socket: GatewaySocket?
    private let latency: Int64
    private var down: [(at: Int64, packet: Packet)] = []
    private var downHead = 0
    private var up: [(at: Int64, what: Upward)] = []
    private var upHead = 0
    private var isPumpingDown = false
    private var isPumpingUp = false
    /// Nothing gets through any more, and neither side knows.
    private(set) var isSevered = false
    /// Nothing of it will ever be heard again.
    var isForgotten: Bool { isSevered && process.isDead }
    /// The server has closed it, or knows of its end.
    private(set) var isOver = false
    private var stalledUntil: Int64 = 0
    /// When the server last heard of it.
    private(set) var heardAt: Int64
    let person: Int
    let session: SessionID
    let own: String
    let isOneWay: Bool

    static let capacity = 400

    init(_ device: Device, _ process: Process, _ random: SeededRandom) {
        (self.device, self.process, self.random) = (device, process, random)
        (world, person, isOneWay) = (process.world, device.person, device.isStream)
        (session, own, named) = (device.session, device.own, device.ledger.named)
        lane = world.scheduler.newLane()
        loop = process.loops[self.random.below(process.loops.count)]
        latency = self.random.within(1...30)
        heardAt = world.now
    }

    var executor: any LoopExecutor { loop }
    var connection: ConnectionID? { socket?.id }
    var isReadable: Bool { !isSevered && !isOver }

    /// Who was asked for by name, here or on a connection before.
    var named: Set<Int>

    func names(_ person: Int?) -> Bool { person.map(named.contains) ?? false }

    /// The upgrade arrived.
    func accept() {
        loop.execute { [self] in
            guard !isSevered, !isOver else { return }
            let scope = Scope(userID: Disk.id(person), sessionID: session)
            heardAt = world.now
            socket = process.gateway.accept(self, GatewayUpgrade(scope: scope, token: nil, topics: []))
            world.oracle.opened(self)
            pumpUp()
        }
    }

    // MARK: From the server

    var queuedBytes: Int { down.count - downHead }
    func begin(_ session: String) {}

    func send(_ text: [UInt8], places: [String: Position]) {
        let topics = places.filter { $0.key != TopicRules.durable }
        if let (topic, position) = topics.first, topics.count == 1, !Self.answers.contains(where: { text.starts(with: $0) }),
            let entry = world.journal.entry(topic, position)
        {
            return push(entry)
        }
        push(.frame(text, places))
    }

    /// What moves a place and is no event.
    private static let answers = ["ready", "subscribed", "resync"].map { Array("{\"type\":\"\($0)\"".utf8) }

    func send(_ item: Delivery.Item) {
        guard let entry = world.journal.entry(item.publication.topic, item.publication.position) else {
            return world.fail("an event was sent that was never published: \(item.publication.topic) \(item.publication.position)")
        }
        push(entry)
    }

    private func push(_ entry: Entry) {
        world.oracle.sent(entry, on: self)
        push(.event(entry))
    }

    func leave(_ topic: String) {}

    func ping() -> Bool {
        push(.ping)
        return isOneWay && !isSevered
    }

    private func push(_ packet: Packet) {
        guard !isOver else { return }
        if down.count - downHead > Self.capacity { return close(code: CloseCode.slowReader.rawValue, reason: "") }
        append(packet)
    }

    private func append(_ packet: Packet) {
        let last = down.count > downHead ? down[down.count - 1].at : 0
        down.append((max(last, world.now + latency + random.within(0...8)), packet))
        if !isPumpingDown { pumpDown() }
    }

    func close(code: UInt16, reason: String) {
        guard !isOver else { return }
        isOver = true
        // What had not begun to be written is dropped.
        if code == CloseCode.slowReader.rawValue { down.removeSubrange(min(downHead + 20, down.count)...) }
        append(.close(code))
        world.scheduler.after(random.within(5...300), lane: lane) { [self] in tellServer(code) }
    }

    private func tellServer(_ code: UInt16) {
        loop.execute { [self] in
            guard let socket else { return }
            self.socket = nil
            isOver = true
            world.oracle.closed(socket.id)
            socket.closed(code: code)
        }
    }

    private func pumpDown() {
        guard downHead < down.count else {
            isPumpingDown = false
            return
        }
        isPumpingDown = true
        let at = max(down[downHead].at, stalledUntil)
        world.scheduler.after(at - world.now, lane: lane) { [self] in
            while !isSevered, stalledUntil <= world.now, downHead < down.count, down[downHead].at <= world.now {
                let packet = down[downHead].packet
                downHead += 1
                world.scheduler.events += 1
                device.receive(packet, on: self)
            }
            if downHead > 64 {
                down.removeFirst(downHead)
                downHead = 0
            }
            if isSevered { (down, downHead) = ([], 0) }
            pumpDown()
        }
    }

    // MARK: From the client

    func send(_ text: [UInt8]) {
        if isOneWay {
            // A request of its own: a lost one is sent again, and so is one whose answer was lost.
            if random.once(in: 40) { return sendUp(.text(text), late: 1000) }
            if random.once(in: 20) { sendUp(.text(text)) }
        }
        sendUp(.text(text))
    }

    func pong() { if !isOneWay { sendUp(.control) } }

    /// The client goes in good order.
    func leaveOrderly() { sendUp(.bye) }

    private func sendUp(_ what: Upward, late: Int64 = 0) {
        guard !isSevered else { return }
        let last = up.count > upHead ? up[up.count - 1].at : 0
        up.append((max(last, world.now + latency + late + random.within(0...8)), what))
        if socket != nil, !isPumpingUp { pumpUp() }
    }

    private func pumpUp() {
        guard upHead < up.count else {
            isPumpingUp = false
            return
        }
        isPumpingUp = true
        world.scheduler.after(up[upHead].at - world.now, lane: lane) { [self] in
            flushUp()
            pumpUp()
        }
    }

    private func flushUp() {
        guard let socket, !isSevered else {
            (up, upHead) = ([], 0)
            return
        }
        while upHead < up.count, up[upHead].at <= world.now {
            let what = up[upHead].what
            upHead += 1
            world.scheduler.events += 1
            loop.execute { [self] in
                guard self.socket != nil else { return }
                heardAt = world.now
                switch what {
                case .text(let text): socket.received(text: text)
                case .control: socket.receivedControl()
                case .bye: tellServer(1001)
                }
            }
        }
    }

    // MARK: Trouble

    /// Cuts it: what is under way is lost. Both sides learn of it soon, unless it is silent.
    func cut(silently: Bool) {
        guard !isSevered else { return }
        isSevered = true
        (down, downHead, up, upHead) = ([], 0, [], 0)
        guard !silently else { return }
        world.scheduler.after(random.within(1...200), lane: lane) { [self] in tellServer(1006) }
        world.scheduler.after(random.within(1...200), lane: lane) { [self] in device.lost(self) }
    }

    /// The client reads nothing for a while.
    func stall(_ milliseconds: Int64) { stalledUntil = world.now + milliseconds }
}
