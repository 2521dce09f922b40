import Directory
import Kernel
import Synchronization

@testable import Bus
@testable import Presence
@testable import Realtime

/// Looks on while the run goes, and says what must never be.
final class Oracle {
    private struct Connection {
        let person: Int
        let link: Link?
        var isIdle = false
        var isOpen = true
        /// When presence was last told that it was heard of.
        var toldAt: Int64
        /// When it left by itself, and whether it was active.
        var leftAt: Int64?
    }

    unowned let world: World
    private var links: [ConnectionID: Link] = [:]
    private var connections: [ConnectionID: Connection] = [:]
    /// The choices that presence may know by now: the last one it was told, and those committed since.
    private var choices: [[(offset: Int64, chosen: ChosenPresence)]]
    private var last: [PresenceView?]
    private var heardAt: [Int64]
    private var owners: [String: Int] = [:]

    /// How late something may be, beyond what the rules give it: a tick, a turn, a look at the disk.
    static let patience: Int64 = 4_000

    init(_ world: World, people: Int) {
        self.world = world
        choices = Array(repeating: [(0, ChosenPresence())], count: people)
        last = Array(repeating: nil, count: people)
        heardAt = Array(repeating: -1_000_000, count: people)
    }

    // MARK: What happens

    func began(_ process: Process) {
        (links, connections) = ([:], [:])
        for person in choices.indices { choices[person] = [choices[person].last!] }
    }

    func opened(_ link: Link) { if let id = link.connection { links[id] = link } }

    func connected(_ id: ConnectionID, _ person: Int, to process: Process) {
        connections[id] = Connection(person: person, link: links[id], toldAt: world.now)
    }

    func told(_ ids: [ConnectionID]) { for id in ids { connections[id]?.toldAt = world.now } }

    func idle(_ id: ConnectionID, _ isIdle: Bool) { connections[id]?.isIdle = isIdle }

    /// The network's end of it is gone.
    func closed(_ id: ConnectionID) {
        if let link = links.removeValue(forKey: id) { heard(link) }
    }

    func disconnected(_ id: ConnectionID, _ reason: DisconnectReason) {
        connections[id]?.isOpen = false
        if case .left = reason {
            // What held no lease any more leaves no grace.
            let toldAt = connections[id]?.toldAt ?? 0
            if world.now - toldAt < World.lease - Self.patience { connections[id]?.leftAt = world.now }
            return
        }
        guard let gone = connections.removeValue(forKey: id), reason != .silent else { return }
        // Who signs out leaves no grace of that device; who is barred leaves none at all.
        for (other, connection) in connections where connection.person == gone.person {
            if reason == .barred || connection.link?.session == gone.link?.session { connections[other]?.leftAt = nil }
        }
    }

    func siblings(of id: ConnectionID) -> [ConnectionID] {
        guard let person = links[id]?.person ?? connections[id]?.person else { return [] }
        return connections.filter { $0.value.person == person && $0.key != id && $0.value.isOpen }.keys.sorted {
            $0.rawValue < $1.rawValue
        }
    }

    func left(_ link: Link?) { if let link { heard(link) } }

    private func heard(_ link: Link) { heardAt[link.person] = max(heardAt[link.person], link.heardAt) }

    func chose(_ person: Int, _ chosen: ChosenPresence, offset: Int64) { choices[person].append((offset, chosen)) }

    func observed(_ record: OutboxRecord, by process: Process) {
        guard let (user, _) = PresenceEvents.choice(in: record) else { return }
        let person = Disk.index(user)
        guard let index = choices[person].firstIndex(where: { $0.offset == record.offset }) else { return }
        choices[person].removeFirst(index)
    }

    /// A session's name is its person's alone.
    func welcomed(_ device: Device, name: String, before: String?) {
        if let owner = owners[name], owner != device.person {
            world.fail("\(device) took up a session of person \(owner)")
        }
        owners[name] = device.person
    }

    // MARK: What others see

    func published(_ entry: Entry) {
        guard entry.topic == "presence", let person = entry.person, let view = entry.view else { return }
        world.process?.shown[person] = view
        world.tracing { "person \(person) is shown \(view.status) v\(view.version)" }
        // Somebody whose roles changed is told of once more as they are.
        if let last = last[person], view.version < last.version || view.version == last.version && !view.looksLike(last) {
            world.fail("person \(person)'s version went from \(last.version) to \(view.version)")
        }
        let isTheSameAgain = last[person]?.version == view.version
        last[person] = view
        if isTheSameAgain { return }
        let known = choices[person]
        if known.allSatisfy({ $0.chosen.status == .invisible }), view.status != .offline || view.activity != nil {
            world.fail("person \(person) is invisible and is shown \(view.status)")
        }
        if view.status != .offline { checkGhost(person, "is shown \(view.status)") }
        // After it stood still the server hears of those who are there within a tick.
        guard world.isAwake(for: Self.patience), known.allSatisfy({ $0.chosen.status != .invisible }) else { return }
        if view.status == .offline, isSurelyThere(person, active: false) {
            world.fail("person \(person) is shown offline while a device of theirs is there, or left a moment ago")
        }
        if view.status == .idle, known.allSatisfy({ $0.chosen.status == .online }), isSurelyThere(person, active: true) {
            world.fail("person \(person) is shown idle while a device of theirs is in use, or was a moment ago")
        }
    }

    /// Whether a device holds a lease beyond doubt, or is within its grace.
    private func isSurelyThere(_ person: Int, active: Bool) -> Bool {
        connections.values.contains { connection in
            guard connection.person == person, !(active && connection.isIdle) else { return false }
            if connection.isOpen { return world.now - (connection.link?.heardAt ?? 0) < World.lease - Self.patience }
            return connection.leftAt.map { world.now - $0 < World.grace - 500 } ?? false
        }
    }

    private func checkGhost(_ person: Int, _ what: String) {
        for link in links.values where link.person == person { heard(link) }
        let silence = world.now - heardAt[person]
        // Silence begins to count when the process can hear.
        guard silence > World.lease + World.grace + Self.patience, world.isAwake(for: Self.patience) else { return }
        world.fail("person \(person) \(what), a ghost: nothing was heard of them for \(silence) ms")
    }

    /// All who are shown as there at this moment.
    func lookAround() {
        guard let process = world.process, process.isUp else { return }
        for user in process.presence.state.withLock({ $0.engine.present }) { checkGhost(Disk.index(user), "is there") }
    }

    // MARK: Who may

    func sent(_ entry: Entry, on link: Link) {
        let account = world.disk.accounts[link.person]
        guard world.isAwake(for: Self.patience) else { return }
        let now = world.now
        if !account.sessions.contains(link.session), now - account.endedAt > Self.patience {
            return world.fail("person \(link.person) gets \(entry.type) on \(entry.topic) though their session ended")
        }
        if entry.type == "status.changed", entry.topic != link.own, entry.number == 1 {
            return world.fail("person \(link.person) is told that person \(entry.person ?? -1) is invisible")
        }
        let isAllowed: Bool
        switch entry.topic {
        case "presence": isAllowed = account.permissions.contains(.presenceRead) || link.names(entry.person)
        case "users": isAllowed = account.permissions.contains(.usersRead)
        default:
            if entry.topic != link.own { world.fail("person \(link.person) gets \(entry.topic)") }
            return
        }
        if !isAllowed, now - account.lostAt > Self.patience {
            world.fail("person \(link.person) gets \(entry.type) on \(entry.topic), which they may no longer have")
        }
    }
}
