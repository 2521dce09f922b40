import Kernel
import Seeded
import Synchronization

@testable import Presence
@testable import Realtime

/// What people, networks and machines do in a run.
enum Doing: CaseIterable {
    case open, close, set, idle, subscribe, unsubscribe, card, note
    case cut, vanish, stall, probe, steal
    case rights, role, end, ban
    case crash, pause, clock, outage

    /// How often, beside the others.
    var weight: Int {
        switch self {
        case .open, .set: 12
        case .subscribe, .card, .note: 8
        case .close, .idle, .unsubscribe, .cut: 5
        case .vanish, .stall, .probe, .rights, .role: 3
        case .steal, .end, .outage: 2
        case .crash, .pause, .clock, .ban: 1
        }
    }
}

extension World {
    func doSomething() {
        let total = style.weights.reduce(0, +) + 1
        var pick = random.below(total)
        for (doing, weight) in zip(Doing.allCases, style.weights) {
            pick -= weight
            if pick < 0 { return perform(doing) }
        }
        perform(.open)
    }

    private func perform(_ doing: Doing) {
        let device = devices[random.below(devices.count)]
        let person = random.below(disk.accounts.count)
        tracing { "\(doing) \(device)/\(person)" }
        switch doing {
        case .open: device.start()
        case .close: device.stop()
        case .set: chooseSomething(device)
        case .idle: device.setIdle(random.once(in: 2))
        case .subscribe: subscribe(device)
        case .unsubscribe:
            if let id = device.subscriptions.keys.sorted().randomElement(using: &random) { device.unsubscribe(id) }
        case .card: disk.changeCard(of: person)
        case .note: disk.note(to: person)
        case .cut: device.link?.cut(silently: false)
        case .vanish: device.link?.cut(silently: true)
        case .stall: device.link?.stall(random.within(500...15_000))
        case .probe: device.retryNow()
        case .steal: device.isThief = true
        case .rights, .role, .end, .ban: administer(doing, person)
        case .crash: crash(for: random.within(50...20_000))
        case .pause: pause(random.within(100...40_000))
        case .clock: setClock(by: random.within(-4_000_000...4_000_000))
        case .outage: disk.awayUntil = now + random.within(200...10_000)
        }
    }

    private func administer(_ doing: Doing, _ person: Int) {
        switch doing {
        case .rights: disk.changeRights(of: person, random.once(in: 2) ? .presenceRead : .usersRead)
        case .role: disk.changeRole(of: person, Disk.roles[random.below(Disk.roles.count)])
        case .ban: disk.ban(person)
        default: if let session = disk.accounts[person].sessions.min(by: { $0.rawValue < $1.rawValue }) { disk.end([session], .revoked) }
        }
    }

    func chooseSomething(_ device: Device) {
        var frame: JSONObject = ["type": "presence.set"]
        switch random.below(8) {
        case 0: frame.append("status_message", .string("m\(random.below(100))"))
        case 1:
            frame.append("status_message", .string("soon over"))
            frame.append("status_expires_at", JSON(wallClock().adding(milliseconds: random.within(2_000...30_000))))
        case 2: frame.append("activity_name", random.once(in: 2) ? .null : .string("a\(random.below(9))"))
        case 3, 4: frame.append("status", "invisible")
        default: frame.append("status", .string(["online", "online", "idle", "dnd"][random.below(4)]))
        }
        device.send(JSON.object(frame).bytes)
    }

    private func subscribe(_ device: Device) {
        guard device.isWanted, device.subscriptions.count < 6 else { return }
        switch random.below(8) {
        case 0, 1, 2: device.subscribe("presence", people: nil)
        case 3, 4: device.subscribe("presence", people: disk.accounts.indices.filter { _ in random.once(in: 2) } + [device.person])
        case 5: device.subscribe("presence", people: nil, role: Disk.roles[random.below(Disk.roles.count)].uuid)
        default: device.subscribe("users", people: nil)
        }
    }

    /// The name of a session that is somebody else's, for who tries to take it up.
    func stolen(for device: Device) -> String? {
        guard device.isThief else { return nil }
        device.isThief = false
        let victims = devices.filter { $0.person != device.person && $0.name != nil }
        guard let victim = victims.randomElement(using: &random), let name = victim.name else { return nil }
        if has(.sessionsAreAnybodys), let process {
            // What the store would do that did not look at whose a session is.
            let found = process.gateway.resumes.find(name, user: Disk.id(victim.person))
            process.gateway.resumes.begin(
                name, user: Disk.id(device.person), connection: ConnectionID(rawValue: 0), subscriptions: found?.subscriptions ?? [])
        }
        return name
    }
}

extension World {
    enum Answer {
        case views([(Int, PresenceView)])
        case cards([(Int, Int64)])
        case refused
        case lost
    }

    /// A request for what a subscription begins with.
    func snapshot(_ subscription: Device.Subscription, for device: Device, _ body: @escaping (Answer) -> Void) {
        request(device) { process, account in
            let isWhole = subscription.people == nil
            if subscription.topic == "users" { return account.permissions.contains(.usersRead) ? .cards([]) : .refused }
            return !isWhole || account.permissions.contains(.presenceRead) ? .views([]) : .refused
        } then: { [self] process, admitted in
            guard case .views = admitted else {
                guard case .cards = admitted else { return admitted }
                return try await process.query { disk in .cards(disk.accounts.enumerated().map { ($0, $1.card) }) }
            }
            let present = process.presence.state.withLock { $0.engine.present }
            let accounts = try await process.query { $0.accounts }
            return .views(views(subscription, accounts, present, process))
        } answer: {
            body($0)
        }
    }

    private func views(
        _ subscription: Device.Subscription, _ accounts: [Disk.Account], _ present: Set<UserID>, _ process: Process
    ) -> [(Int, PresenceView)] {
        var views: [(Int, PresenceView)] = []
        for (person, account) in accounts.enumerated() {
            if let people = subscription.people {
                guard people.contains(person) else { continue }
            } else if let role = subscription.role {
                guard account.roles.contains(where: { $0.uuid == role }) else { continue }
            } else {
                guard present.contains(Disk.id(person)) else { continue }
            }
            let view = process.presence.view(of: account.member)
            if subscription.role == nil, subscription.people == nil, view.status == .offline { continue }
            views.append((person, view))
        }
        return views
    }

    func notes(for device: Device, _ body: @escaping (Int64?) -> Void) {
        request(device) { _, account in
            .cards([(device.person, account.notes)])
        } then: { _, answer in
            answer
        } answer: { answer in
            if case .cards(let cards) = answer { body(cards[0].1) } else { body(nil) }
        }
    }

    private func request(
        _ device: Device, admit: @escaping (Process, Disk.Account) -> Answer,
        then work: @escaping (Process, Answer) async throws -> Answer, answer: @escaping (Answer) -> Void
    ) {
        let (delay, back) = (device.random.within(1...40), device.random.within(1...40))
        let (person, session) = (device.person, device.session)
        let lane = device.lane
        // SAFETY: one thread runs the whole simulation.
        nonisolated(unsafe) let (admit, work, answer) = (admit, work, answer)
        scheduler.start { [self] in
            await scheduler.sleep(delay, lane: lane)
            var result = Answer.lost
            if let process, process.isUp {
                do {
                    let isKnown = try await process.query { $0.accounts[person].sessions.contains(session) }
                    let admitted = isKnown ? admit(process, disk.accounts[person]) : .refused
                    result = try await work(process, admitted)
                } catch { result = .lost }
                if process.isDead { result = .lost }
            }
            await scheduler.sleep(back, lane: lane)
            answer(result)
        }
    }
}
