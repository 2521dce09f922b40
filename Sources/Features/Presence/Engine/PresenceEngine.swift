internal import Directory
internal import Kernel
internal import Realtime

/// Who is shown how: a pure state machine over connections, chosen statuses and time.
///
/// A person is there while a connection holds a lease, and for a grace after the last one left. Events only mark people; `drain` compares what
/// each of them shows now with what was last sent out, so that changes within a tick are one, and views change nowhere else. A person whose chosen
/// status is not known yet shows nothing: an invisible one never flashes up.
struct PresenceEngine {
    struct Configuration: Sendable {
        /// How long a lost connection still counts, in milliseconds.
        var grace: Int64 = 20_000
        /// How long a connection counts without a sign of life, in milliseconds.
        var lease: Int64 = 60_000
    }

    enum Event {
        case connected(ConnectionID, UserID, SessionID? = nil)
        case seen([ConnectionID])
        case idle(ConnectionID, Bool)
        case disconnected(ConnectionID, DisconnectReason)
        /// What is stored, as of an offset of the outbox.
        case loaded(UserID, ChosenPresence, lastSeenAt: Timestamp?, asOf: Int64)
        /// A choice committed at an offset.
        case chosen(UserID, ChosenPresence, at: Int64)
        /// The person was deleted: nothing of them is shown any more.
        case removed(UserID)
        /// The node that speaks for the site said this of a person.
        case announced(UserID, PresenceView)
    }

    let configuration: Configuration
    /// The version that people without a stored one begin at, so that a restart never goes back.
    let start: Timestamp
    var people: [UserID: Person] = [:]
    private var connections: [ConnectionID: Connection] = [:]
    private var dirty: Set<UserID> = []
    private var deadlines = DeadlineQueue()
    /// How far the time of day was ahead of the uptime when messages were last scheduled.
    private var clockOffset: Int64?
    /// People whose stored choice is wanted.
    private(set) var wanted: Set<UserID> = []
    /// Everybody who is shown as present.
    private(set) var present: Set<UserID> = []
    /// Whether what changes here is what the site says; else it only shows here, under the version that the site gave last.
    private(set) var isLeader = true
    /// What was last said of those who look otherwise here, while another node speaks.
    private var pendingViews: [UserID: PresenceView] = [:]

    struct Connection {
        let user: UserID
        let session: SessionID?
        var isIdle = false
        var seenAt: Uptime
        /// Nothing was heard for a lease: it counts for nothing until something is.
        var isLapsed = false
    }

    init(configuration: Configuration = Configuration(), start: Timestamp) {
        (self.configuration, self.start) = (configuration, start)
    }

    var hasChanges: Bool { !dirty.isEmpty }
    /// When `drain` has something to do without an event.
    var nextDeadline: Uptime? { deadlines.first }
    /// What was last sent out; nil for a person who was not heard of since the start.
    func view(of user: UserID) -> PresenceView? { people[user]?.published }

    /// Whether they were shown to go at some time or later.
    func hasGone(_ user: UserID, since time: Uptime) -> Bool { people[user]?.goneAt.map { time <= $0 } ?? false }

    func status(of person: Person, at now: Uptime) -> ShownStatus? { person.status(connections, at: now) }

    mutating func takeWanted() -> Set<UserID> {
        defer { wanted = [] }
        return wanted
    }

    mutating func handle(_ event: Event, at now: Moment) {
        switch event {
        case .connected(let connection, let user, let session): connect(connection, user, session, now)
        case .seen(let list): for connection in list { see(connection, now) }
        case .idle(let connection, let isIdle): setIdle(connection, isIdle, now)
        case .disconnected(let connection, let reason): disconnect(connection, reason, now)
        case .loaded(let user, let chosen, let lastSeenAt, let offset): load(user, chosen, lastSeenAt, offset, now)
        case .chosen(let user, let chosen, let offset): choose(user, chosen, offset, now)
        case .removed(let user): remove(user, now)
        case .announced(let user, let view): hear(user, view)
        }
    }

    private mutating func connect(_ connection: ConnectionID, _ user: UserID, _ session: SessionID?, _ now: Moment) {
        guard connections[connection] == nil else { return }
        connections[connection] = Connection(user: user, session: session, seenAt: now.uptime)
        people[user, default: Person()].connections.append(connection)
        people[user]?.cause = .automatic(.connected)
        touch(user, now)
    }

    /// A lease that ended while the process or the clock stood still begins again with the next sign of life.
    private mutating func see(_ id: ConnectionID, _ now: Moment) {
        guard let connection = connections[id] else { return }
        connections[id]?.seenAt = now.uptime
        guard connection.isLapsed else { return }
        connections[id]?.isLapsed = false
        people[connection.user, default: Person()].connections.append(id)
        people[connection.user]?.cause = .automatic(.connected)
        touch(connection.user, now)
    }

    private mutating func setIdle(_ connection: ConnectionID, _ isIdle: Bool, _ now: Moment) {
        see(connection, now)
        guard let user = connections[connection]?.user, connections[connection]?.isIdle != isIdle else { return }
        connections[connection]?.isIdle = isIdle
        people[user]?.cause = .automatic(isIdle ? .idle : .active)
        touch(user, now)
    }

    private mutating func disconnect(_ id: ConnectionID, _ reason: DisconnectReason, _ now: Moment) {
        guard var connection = connections.removeValue(forKey: id), !connection.isLapsed else { return }
        if case .left = reason { connection.seenAt = now.uptime }
        people[connection.user]?.drop(id, connection, reason, now, grace: configuration.grace)
        touch(connection.user, now)
    }

    private mutating func load(
        _ user: UserID, _ chosen: ChosenPresence, _ lastSeenAt: Timestamp?, _ offset: Int64, _ now: Moment
    ) {
        wanted.remove(user)
        guard var person = people[user] else { return }
        if person.published == nil {
            person.publishedExpiresAt = chosen.shownMessage.expiresAt
            person.published = PresenceView(
                offline: chosen, lastSeenAt: lastSeenAt, version: max(chosen.version, start.milliseconds), at: now.time)
            if let announced = pendingViews[user] { person.published = person.published?.following(announced) }
        }
        if person.chosen == nil || offset > person.chosenAt { (person.chosen, person.chosenAt) = (chosen, offset) }
        if let early = person.early, early.offset >= person.chosenAt {
            (person.chosen, person.chosenAt) = (early.choice, early.offset + 1)
            if let shown = early.choice.frozen { person.publishedExpiresAt = shown.expiresAt }
        }
        person.early = nil
        people[user] = person
        touch(user, now)
    }

    private mutating func choose(_ user: UserID, _ chosen: ChosenPresence, _ offset: Int64, _ now: Moment) {
        guard let person = people[user], person.chosen != nil else {
            // Nothing was shown of them since the start: what is stored now is the base, and the change is told even if it looks the same.
            people[user, default: Person()].mustAnnounce = true
            if chosen.frozen != nil { people[user]?.mustAnnounceShown = true }
            people[user]?.early = (chosen, offset)
            wanted.insert(user)
            return
        }
        guard offset >= person.chosenAt else { return }
        people[user]?.chosen = chosen
        if let shown = chosen.frozen { people[user]?.publishedExpiresAt = shown.expiresAt }
        people[user]?.chosenAt = offset + 1
        people[user]?.cause = .chosen
        mark(user, now)
    }

    private mutating func remove(_ user: UserID, _ now: Moment) {
        // There is nothing to read of them any more.
        wanted.remove(user)
        guard let person = people[user] else { return }
        for connection in person.connections { connections[connection] = nil }
        people[user]?.connections = []
        people[user]?.isRemoved = true
        mark(user, now)
    }

    /// Marks a person and sees to it that their next deadline is kept.
    private mutating func touch(_ user: UserID, _ now: Moment) {
        guard let person = people[user] else { return }
        if person.chosen == nil { wanted.insert(user) }
        mark(user, now)
    }

    private mutating func mark(_ user: UserID, _ now: Moment) {
        dirty.insert(user)
        guard let person = people[user], let deadline = person.deadline(connections, lease: configuration.lease, after: now) else { return }
        guard person.scheduledFor.map({ deadline < $0 }) ?? true else { return }
        people[user]?.scheduledFor = deadline
        deadlines.push(deadline, user)
    }

    /// Begins to speak for the site, or leaves it to another node; the first `drain` then says what the other had not said yet.
    mutating func lead(_ isLeader: Bool, at now: Moment) {
        guard isLeader != self.isLeader else { return }
        self.isLeader = isLeader
        for (user, announced) in pendingViews {
            guard let published = people[user]?.published else { continue }
            people[user]?.published = announced.following(published)
            if announced.status == .offline { present.remove(user) } else { present.insert(user) }
            mark(user, now)
        }
        pendingViews = [:]
    }

    private mutating func hear(_ user: UserID, _ announced: PresenceView) {
        guard !isLeader else { return }
        guard var published = people[user]?.published else {
            // Heard of before their connection was, or before their choice was read.
            pendingViews[user] = announced.status == .offline ? nil : announced
            return
        }
        pendingViews[user] = announced.looksLike(published) ? nil : announced
        (published.version, published.lastSeenAt) = (announced.following(published).version, announced.following(published).lastSeenAt)
        people[user]?.published = published
    }

    /// Moves the time at which those who are shown as present were last seen to now, as it moves by itself when they change; no event tells of it.
    /// - Returns: what is to be stored, so that it is nearly right after a crash, and for those who look for who was active.
    mutating func keepSeen(at now: Timestamp) -> [(user: UserID, view: PresenceView)] {
        guard isLeader else { return [] }
        return present.compactMap { user in
            guard let person = people[user], !person.connections.isEmpty, var view = person.published else { return nil }
            view.lastSeenAt = max(view.lastSeenAt ?? now, now)
            people[user]?.published = view
            return (user, view)
        }
    }

    /// Lets time pass, then gives what changed since the last time.
    mutating func drain(at now: Moment) -> PresenceBatch {
        followClock(now)
        while let user = deadlines.pop(before: now.uptime) { expire(user, now) }
        var batch = PresenceBatch()
        for user in dirty { publish(user, now, &batch) }
        dirty.removeAll(keepingCapacity: true)
        return batch
    }

    /// Looks again at the messages that end at a time of day, when that was set.
    private mutating func followClock(_ now: Moment) {
        let offset = now.time.milliseconds &- now.uptime.milliseconds
        guard abs(offset &- (clockOffset ?? offset)) > 500 else {
            clockOffset = clockOffset ?? offset
            return
        }
        clockOffset = offset
        for (user, person) in people where person.messageExpiry != nil { mark(user, now) }
    }

    /// Ends leases that nobody renewed.
    private mutating func expire(_ user: UserID, _ now: Moment) {
        guard let person = people[user], person.scheduledFor.map({ $0 <= now.uptime }) ?? false else { return }
        people[user]?.scheduledFor = nil
        for id in person.connections {
            guard let connection = connections[id], connection.seenAt.adding(milliseconds: configuration.lease) <= now.uptime else {
                continue
            }
            connections[id]?.isLapsed = true
            people[user]?.drop(id, connection, .silent, now, grace: 0)
        }
        people[user]?.endGrace(now.uptime)
        mark(user, now)
    }

    private mutating func publish(_ user: UserID, _ now: Moment, _ batch: inout PresenceBatch) {
        guard var person = people[user] else { return }
        if let change = change(of: person, user, now) {
            person.published = change.after
            if change.after.status == .offline { present.remove(user) } else { present.insert(user) }
            if change.after.status == .offline, change.before.status != .offline { person.goneAt = now.uptime }
            if isLeader { batch.changes.append(change) } else { keepUntold(change) }
            if isLeader, let cause = person.historyCause(from: change.before.status, to: change.after.status) {
                batch.history.append(
                    PresenceHistoryEntry(user: user, from: change.before.status, to: change.after.status, cause: cause, at: now.time))
            }
        }
        if person.isRemoved {
            people[user] = nil
            pendingViews[user] = nil
            return
        }
        guard person.chosen != nil else { return }
        person.publishedExpiresAt = person.messageExpiry
        (person.mustAnnounce, person.mustAnnounceShown) = (false, false)
        person.cause = nil
        people[user] = person
    }

    private mutating func keepUntold(_ change: PresenceChange) {
        let announced = pendingViews[change.user] ?? change.before
        pendingViews[change.user] = announced.looksLike(change.after) ? nil : announced
    }

    private func change(of person: Person, _ user: UserID, _ now: Moment) -> PresenceChange? {
        guard let before = person.published, var after = person.view(connections, at: now) else { return nil }
        let isForced = person.mustAnnounce && (person.chosen?.status != .invisible || person.mustAnnounceShown)
        guard isForced || !after.looksLike(before) else { return nil }
        if isLeader { after.version = max(before.version + 1, now.time.milliseconds) }
        return PresenceChange(user: user, before: before, after: after)
    }
}
