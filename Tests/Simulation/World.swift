import Directory
import Kernel
import Seeded

@testable import Bus
@testable import Presence
@testable import Realtime

/// One run: people with their devices, a network, a server that comes and goes, and somebody who looks on. The seed decides everything.
package final class World: @unchecked Sendable {
    // SAFETY: one thread runs the whole simulation.
    /// Milliseconds; shorter than the server's own, in nearly the same proportions.
    static let heartbeat: Int64 = 10_000
    static let grace: Int64 = 8_000
    static let lease: Int64 = 26_000

    /// How a run goes: each seed likes other troubles.
    struct Style {
        /// How many events the broker keeps.
        let memory: Int
        /// The slowest answer of the disk.
        let slowest: Int64
        /// Milliseconds between two doings.
        let pace: Int64
        var weights: [Int]
    }

    package let seed: UInt64
    let fault: Fault?
    let scheduler = Scheduler()
    let style: Style
    let journal = Journal()
    private(set) var disk: Disk!
    private(set) var oracle: Oracle!
    private(set) var process: Process?
    var random: SeededRandom
    private var faultRandom: SeededRandom
    private(set) var devices: [Device] = []
    var links: [Link] = []
    let people: [String: Int]
    private var processes = 0
    private var downSince: Int64?
    /// How far the server's time of day is off.
    private var skew: Int64 = 0
    private var awakeSince: Int64 = 0
    private(set) var isQuiet = false
    package private(set) var failure: String?
    /// Tells what happens, for who looks into a seed.
    package var trace: ((String) -> Void)?
    let lane: Int

    package init(seed: UInt64, fault: Fault? = nil) {
        (self.seed, self.fault) = (seed, fault)
        var random = SeededRandom(seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        faultRandom = random.branch()
        lane = scheduler.newLane()
        let count = 4 + random.below(6)
        people = Dictionary(uniqueKeysWithValues: (0..<count).map { (Disk.id($0).uuid, $0) })
        let weights = Doing.allCases.map { random.once(in: 4) ? 0 : $0.weight * (1 + random.below(3)) }
        style = Style(
            memory: [8, 40, 400][random.below(3)], slowest: [60, 400, 1500][random.below(3)], pace: [40, 150, 600][random.below(3)],
            weights: weights)
        self.random = random
        disk = Disk(self, people: count)
        oracle = Oracle(self, people: count)
        for person in 0..<count {
            for _ in 0..<(1 + self.random.below(3)) {
                devices.append(Device(self, person: person, number: devices.count, self.random.branch()))
            }
        }
        startProcess()
    }

    var now: Int64 { scheduler.now }
    func wallClock() -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + now + skew) }
    var clock: WallClock {
        let isSteady = !has(.leaseByTheTimeOfDay)
        return WallClock { [unowned self] in
            Uptime(milliseconds: isSteady ? 1_000_000 + now : wallClock().milliseconds)
        } now: { [unowned self] in
            wallClock()
        }
    }

    func has(_ fault: Fault) -> Bool { self.fault == fault }
    /// Whether a fault that comes now and then comes now.
    func strikes(_ fault: Fault) -> Bool { self.fault == fault && faultRandom.once(in: 8) }

    func fail(_ what: String) {
        guard failure == nil else { return }
        failure = "\(what) (at \(now) ms, after \(scheduler.events) events)"
        trace?("FAILURE: \(failure!)")
    }

    func tracing(_ text: () -> String) { if let trace { trace("\(now) \(text())") } }

    func parse(_ text: [UInt8]) -> JSON? {
        do { return try JSONParser.parse(text) } catch {
            fail("a frame is no JSON: \(String(decoding: text, as: UTF8.self))")
            return nil
        }
    }

    /// Whether the server and its disk have had so long to do what they must.
    func isAwake(for milliseconds: Int64) -> Bool {
        guard let process, process.isUp else { return false }
        return now - max(awakeSince, disk.awayUntil, process.sluggishUntil) > milliseconds
    }

    // MARK: Running

    /// - Returns: how many events it took.
    @discardableResult
    package func run(events: Int) -> Int {
        lookAround()
        while failure == nil, scheduler.events < events {
            act(for: random.within(20_000...120_000), events: events)
            if failure == nil { settle() }
        }
        scheduler.digest.add(Int64(scheduler.events))
        return scheduler.events
    }

    package var digest: UInt64 { scheduler.digest.value }

    private func lookAround() {
        scheduler.after(3000, lane: lane) { [self] in
            oracle.lookAround()
            links.removeAll { $0.isOver || $0.isForgotten }
            lookAround()
        }
    }

    private func act(for milliseconds: Int64, events: Int) {
        isQuiet = false
        let end = now + milliseconds
        while now < end, failure == nil, scheduler.events < events {
            let next = now + random.within(0...2 * style.pace)
            while failure == nil, scheduler.step(until: next) {}
            guard failure == nil else { return }
            scheduler.pass(to: next)
            doSomething()
            scheduler.drain()
        }
    }

    /// Trouble ends; everybody must come to see what is.
    private func settle() {
        isQuiet = true
        // What failed while it was away is tried again from now.
        disk.awayUntil = min(disk.awayUntil, now)
        if process == nil || process!.isDead { startProcess() }
        for device in devices where device.isWanted {
            device.start()
            device.retryNow()
        }
        tracing { "quiet" }
        let least = max(now, awakeSince) + World.lease + World.grace + Oracle.patience
        let most = now + 240_000
        var settledAt: Int64?
        // Whoever came last is told of to all.
        while failure == nil, now < least || settledAt.map({ now - $0 < Oracle.patience }) ?? true {
            if now > most { return fail("nothing settles: \(devices.filter { !$0.isSettled }.map(\.unsettled))") }
            let next = now + 500
            while failure == nil, scheduler.step(until: next) {}
            scheduler.pass(to: next)
            for device in devices where device.isWanted { device.start() }
            scheduler.drain()
            settledAt = isSettled ? settledAt ?? now : nil
        }
        if failure == nil { compare() }
    }

    private var isSettled: Bool {
        process?.isUp == true && devices.allSatisfy(\.isSettled)
    }

    private func compare() {
        guard let process else { return }
        for person in disk.accounts.indices { comparePerson(person, process) }
        for device in devices where device.state == .live { compare(device, process) }
    }

    /// What is shown of a person follows from their choice and their devices.
    private func comparePerson(_ person: Int, _ process: Process) {
        let account = disk.accounts[person]
        let live = devices.filter { $0.person == person && $0.state == .live }
        let expected: ShownStatus =
            if live.isEmpty { .offline } else {
                switch account.member.presence.status {
                case .invisible: .offline
                case .dnd: .dnd
                case .idle: .idle
                case .online: live.contains { !$0.isIdle } ? .online : .idle
                }
            }
        let shown = process.presence.view(of: account.member).status
        if shown != expected { fail("person \(person) is shown \(shown) in the end, not \(expected)") }
    }

    private func compare(_ device: Device, _ process: Process) {
        if let missed = device.ledger.missing(journal) {
            return fail("\(device) never got \(missed.type) on \(missed.topic) at \(missed.position)")
        }
        if device.knowledge.notes != disk.accounts[device.person].notes {
            return fail("\(device) has \(device.knowledge.notes) notes of \(disk.accounts[device.person].notes)")
        }
        for subscription in device.subscriptions.values.sorted(by: { $0.id < $1.id }) {
            for (person, account) in disk.accounts.enumerated() {
                if subscription.topic == "users" {
                    if device.knowledge.cards[person] != account.card { fail("\(device) has an old card of person \(person)") }
                    continue
                }
                if let people = subscription.people, !people.contains(person) { continue }
                if let role = subscription.role, !account.roles.contains(where: { $0.uuid == role }) { continue }
                compare(device, person, process.presence.view(of: account.member), isNamed: subscription.people != nil)
            }
        }
    }

    private func compare(_ device: Device, _ person: Int, _ fresh: PresenceView, isNamed: Bool) {
        let known = device.knowledge.presences[person]?.view
        let status = known?.status ?? .offline
        // The message of somebody who was not heard of since the start ends without an event.
        if status == .offline, fresh.status == .offline { return }
        let isSame =
            status == fresh.status
            && (known.map { $0.message == fresh.message && $0.emoji == fresh.emoji && $0.activity == fresh.activity } ?? !isNamed
                || fresh.status == .offline && !isNamed)
        guard !isSame else { return }
        fail(
            "\(device) shows person \(person) as \(status) v\(known?.version ?? 0) \(known?.message ?? ""), and a fresh look gives "
                + "\(fresh.status) v\(fresh.version) \(fresh.message ?? "")")
    }

    // MARK: The server

    func startProcess() {
        processes += 1
        tracing { "process \(processes) starts" }
        let process = Process(self, number: processes, random.branch())
        self.process = process
        process.start()
        scheduler.drain()
    }

    func crash(for milliseconds: Int64) {
        guard let dying = process, !dying.isDead else { return }
        tracing { "crash for \(milliseconds) ms" }
        dying.crash()
        for link in links where link.process === dying { link.cut(silently: random.once(in: 4)) }
        scheduler.after(milliseconds, lane: lane) { [self] in if process === dying { startProcess() } }
    }

    func pause(_ milliseconds: Int64) {
        tracing { "the server stands still for \(milliseconds) ms" }
        process?.pause(milliseconds)
        awakeSince = max(awakeSince, now + milliseconds)
    }

    func setClock(by milliseconds: Int64) {
        tracing { "the clock is set by \(milliseconds) ms" }
        // Not modelled: a crash within seconds of a clock that was set forward, and back again before the restart.
        disk.highWater = max(disk.highWater, wallClock())
        skew += milliseconds
        disk.highWater = max(disk.highWater, wallClock())
    }

    /// A commit wakes the relay, mostly.
    func committed() { if !random.once(in: 10) { process?.publishCommitted() } }
}
