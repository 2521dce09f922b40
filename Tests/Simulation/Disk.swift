import Directory
import Kernel
import Realtime
import Seeded
import Synchronization

@testable import Bus
@testable import Presence

/// What outlives the process: people, their choices and rights, their sessions, and the outbox. A commit is whole or not at all.
final class Disk {
    struct Account {
        var member: Member
        var roles: Set<RoleID> = []
        var permissions: PermissionSet
        var isBanned = false
        var sessions: Set<SessionID> = []
        /// What the topic `users` tells of them.
        var card: Int64 = 0
        /// What their own topic tells.
        var notes: Int64 = 0
        /// When they last lost a right, and a session.
        var lostAt: Int64 = -1
        var endedAt: Int64 = -1
    }

    static let roles = [RoleID(rawValue: 900), RoleID(rawValue: 901)]

    unowned let world: World
    var accounts: [Account] = []
    private(set) var records: [OutboxRecord] = []
    /// Until when the database answers nobody.
    var awayUntil: Int64 = 0
    let epoch = "d1"
    private var nextSession: Int64 = 1

    /// The latest time that a process of before may have given away, as the lease of a node keeps it.
    var highWater = Timestamp(milliseconds: 0)

    /// From where a new process counts: a clock that was set back over a restart takes nothing back.
    func start() -> Timestamp {
        let now = world.wallClock()
        if now < highWater { highWater = highWater.adding(milliseconds: 30_000) }
        highWater = max(now, highWater)
        return highWater
    }

    init(_ world: World, people: Int) {
        self.world = world
        highWater = world.wallClock()
        for index in 0..<people {
            let member = Member(id: Self.id(index), username: "p\(index)", displayName: "P\(index)", at: world.wallClock())
            var account = Account(member: member, permissions: PermissionSet([.presenceRead, .usersRead]))
            if index % 3 == 0 { account.roles = [Self.roles[0]] }
            accounts.append(account)
        }
    }

    static func id(_ index: Int) -> UserID { UserID(rawValue: Int64(index + 1)) }
    static func index(_ id: UserID) -> Int { Int(id.rawValue - 1) }

    var next: Int64 { Int64(records.count + 1) }

    func newSession(of person: Int) -> SessionID {
        defer { nextSession += 1 }
        let session = SessionID(rawValue: nextSession << 8 | Int64(person))
        accounts[person].sessions.insert(session)
        return session
    }

    static func person(of session: SessionID) -> Int { Int(session.rawValue & 0xFF) }

    // MARK: Commits

    private func commit(_ type: String, topics: [String], _ members: JSONObject, person: Int, number: Int64) {
        var members = members
        (members["request_id"], members["at"]) = ("r", JSON(world.wallClock()))
        let record = OutboxRecord(offset: next, topics: topics, type: type, members: members, at: world.wallClock())
        records.append(record)
        for topic in topics {
            world.journal.add(
                Entry(
                    topic, Position(epoch: epoch, offset: record.offset), type: type, person: person, number: number, at: world.now))
        }
        world.committed()
    }

    /// Chooses a status as `presence.set` does.
    func choose(_ input: StatusInput, person: Int) {
        guard let after = input.choice(over: accounts[person].member.presence, at: world.wallClock()) else { return }
        accounts[person].member.presence = after
        let user = Self.id(person)
        var topics = PresenceEvents.topics(of: user)
        if after.status != .invisible || world.has(.invisibleIsToldToAll) { topics.append("users") }
        world.oracle.chose(person, after, offset: next)
        commit(
            "status.changed", topics: topics, PresenceEvents.changed(user, after), person: person,
            number: after.status == .invisible ? 1 : 0)
    }

    func changeCard(of person: Int) {
        accounts[person].card += 1
        let number = accounts[person].card
        commit(
            "user.updated", topics: ["users"], ["user_id": JSON(Self.id(person)), "card": .integer(number)], person: person, number: number)
    }

    func keep(_ view: PresenceView, of person: Int) {
        accounts[person].member.lastSeenAt = view.lastSeenAt
        accounts[person].member.presence.version = max(accounts[person].member.presence.version, view.version)
    }

    func note(to person: Int) {
        accounts[person].notes += 1
        let number = accounts[person].notes
        commit(
            "note", topics: ["user:\(Self.id(person).uuid)"], ["notes": .integer(number)], person: person, number: number)
    }
}

// MARK: Who may

extension Disk {
    func changeRights(of person: Int, _ permission: Permission) {
        if accounts[person].permissions.contains(permission) {
            accounts[person].permissions.subtract(PermissionSet([permission]))
            accounts[person].lostAt = world.now
        } else {
            accounts[person].permissions.insert(permission)
        }
        emit([person])
    }

    func changeRole(of person: Int, _ role: RoleID) {
        if accounts[person].roles.remove(role) == nil { accounts[person].roles.insert(role) }
        emit([person])
    }

    /// The node that did it knows at once, another within its poll's interval.
    private func emit(_ people: Set<Int>) {
        let users = Set(people.map(Self.id))
        let delay = world.random.once(in: 2) ? 0 : world.random.within(0...500)
        world.scheduler.after(delay, lane: world.lane) { [world] in world.process?.rightsChanged(users) }
    }

    func ban(_ person: Int) {
        accounts[person].isBanned.toggle()
        if accounts[person].isBanned { end(accounts[person].sessions, .banned) }
    }

    func end(_ sessions: Set<SessionID>, _ code: CloseCode) {
        for session in sessions {
            accounts[Self.person(of: session)].sessions.remove(session)
            accounts[Self.person(of: session)].endedAt = world.now
        }
        let delay = world.random.within(0...300)
        world.scheduler.after(delay, lane: world.lane) { [world] in world.process?.ended(sessions, code) }
    }
}

/// The outbox as one process reads it.
struct OutboxOnDisk: OutboxTable {
    unowned let process: Process
    var disk: Disk { process.world.disk }

    func begin(fresh: String) async throws -> (epoch: String, next: Int64) { (disk.epoch, disk.next) }

    func records(after offset: Int64, limit: Int) async throws -> [OutboxRecord] {
        try await process.query {
            var records = Array($0.records.dropFirst(Int(offset)).prefix(limit))
            if process.world.strikes(.relaySkipsARecord), records.count > 1 { records.removeFirst() }
            return records
        }
    }

    func records(of topic: String, after offset: Int64, limit: Int) async throws -> [OutboxRecord]? {
        try await process.query { disk in
            let owner = Audience.owner(of: topic)
            let missed = disk.records.dropFirst(Int(offset)).filter { record in
                owner.map { record.recipients.contains($0) } ?? record.topics.contains(topic)
            }
            return missed.count > limit ? nil : missed
        }
    }

    func sweep(before limit: Timestamp) async throws {}
}

/// What presence reads, as one process does.
struct PresenceOnDisk: PresenceSource {
    unowned let process: Process

    func stored(_ users: [UserID]) async throws -> [UserID: StoredPresence] {
        let isOld = process.world.has(.oldChoiceWins)
        return try await process.query { disk in
            var stored: [UserID: StoredPresence] = [:]
            for user in users {
                let account = disk.accounts[Disk.index(user)]
                stored[user] = StoredPresence(
                    chosen: account.member.presence, lastSeenAt: account.member.lastSeenAt, asOf: isOld ? .max / 2 : disk.next,
                    memberAttributes: MemberAttributes(roles: account.roles))
            }
            return stored
        }
    }

    func memberAttributes(of users: [UserID]) async throws -> [UserID: MemberAttributes] {
        try await process.query { disk in
            Dictionary(uniqueKeysWithValues: users.map { ($0, MemberAttributes(roles: disk.accounts[Disk.index($0)].roles)) })
        }
    }
}
