internal import Directory
internal import Kernel
internal import Realtime

extension PresenceEngine {
    /// One person, as far as presence knows them.
    struct Person {
        enum Cause {
            case automatic(PresenceHistoryEntry.Cause)
            case chosen
        }

        /// Nil until it was read from the database.
        var chosen: ChosenPresence?
        /// The offset of the outbox that `chosen` is up to.
        var chosenAt: Int64 = 0
        /// A choice that was heard of while `chosen` was being read, which may show the moment before it, and its offset.
        var early: (choice: ChosenPresence, offset: Int64)?
        var connections: [ConnectionID] = []
        /// Of the devices that left a moment ago, the last of each session that was active, and that was not.
        var graces: [Grace] = []
        /// When they were last shown to go.
        var goneAt: Uptime?
        /// When a connection was last heard of.
        var lastPresent: Timestamp?
        /// What was last sent out.
        var published: PresenceView?
        /// When the message in `published` ends; an invisible person's goes on as it was when they were last seen.
        var publishedExpiresAt: Timestamp?
        var isRemoved = false
        var mustAnnounce = false
        /// Somebody who manages them changed what others see of them while they are invisible.
        var mustAnnounceShown = false
        /// Why the status may change at the next tick.
        var cause: Cause?
        var scheduledFor: Uptime?

        mutating func drop(_ id: ConnectionID, _ connection: Connection, _ reason: DisconnectReason, _ now: Moment, grace: Int64) {
            connections.removeAll { $0 == id }
            let seenAt = now.time(at: connection.seenAt)
            lastPresent = max(lastPresent ?? seenAt, seenAt)
            switch reason {
            case .left:
                let (session, isActive) = (connection.session, !connection.isIdle)
                graces.removeAll { $0.session == session && $0.isActive == isActive }
                graces.append(Grace(session: session, until: now.uptime.adding(milliseconds: grace), isActive: isActive))
                cause = .automatic(.disconnected)
            case .silent: cause = .automatic(.silent)
            case .ended:
                graces.removeAll { $0.session == connection.session }
                cause = .automatic(.sessionEnded)
            case .barred:
                graces = []
                cause = .automatic(.sessionEnded)
            }
        }

        mutating func endGrace(_ now: Uptime) {
            guard graces.contains(where: { $0.until <= now }) else { return }
            graces.removeAll { $0.until <= now }
            cause = cause ?? .automatic(.disconnected)
        }

        /// The status that the rules of presence give: no lease → offline, invisible → offline, the chosen dnd or idle, else by the devices.
        func status(_ all: [ConnectionID: Connection], at now: Uptime) -> ShownStatus? {
            guard let chosen else { return nil }
            if isRemoved { return .offline }
            let isThere = !connections.isEmpty || graces.contains { $0.until > now }
            guard isThere else { return .offline }
            switch chosen.status {
            case .invisible: return .offline
            case .dnd: return .dnd
            case .idle: return .idle
            case .online:
                let isActive = connections.contains { all[$0]?.isIdle == false } || graces.contains { $0.isActive && $0.until > now }
                return isActive ? .online : .idle
            }
        }

        /// What others see now; the version is still the last one's.
        func view(_ all: [ConnectionID: Connection], at moment: Moment) -> PresenceView? {
            let now = moment.time
            guard let chosen, let published, let status = status(all, at: moment.uptime) else { return nil }
            var view = published
            view.status = status
            if chosen.status != .invisible {
                (view.message, view.emoji) = (chosen.message, chosen.emoji)
            } else if let shown = chosen.frozen {
                (view.message, view.emoji) = (shown.message, shown.emoji)
            }
            if let expiry = messageExpiry, expiry <= now { (view.message, view.emoji) = (nil, nil) }
            view.activity = status == .offline ? nil : chosen.activity
            if status != .offline {
                view.lastSeenAt = max(published.lastSeenAt ?? now, now)
            } else if published.status != .offline {
                let last = connections.isEmpty ? lastPresent ?? now : now
                view.lastSeenAt = max(published.lastSeenAt ?? last, last)
            }
            return view
        }

        /// When the message that others see ends.
        var messageExpiry: Timestamp? { chosen?.status == .invisible ? publishedExpiresAt : chosen?.messageExpiresAt }

        /// Going invisible reads like leaving, coming back from it like arriving; another choice is not an automatic change.
        func historyCause(from: ShownStatus, to: ShownStatus) -> PresenceHistoryEntry.Cause? {
            guard from != to else { return nil }
            switch cause {
            case .automatic(let cause):
                if to == .offline { return cause == .silent || cause == .sessionEnded ? cause : .disconnected }
                return from == .offline ? .connected : cause
            case .chosen, nil:
                if to == .offline { return .disconnected }
                return from == .offline ? .connected : nil
            }
        }

        /// The first moment at which time alone changes something.
        func deadline(_ all: [ConnectionID: Connection], lease: Int64, after now: Moment) -> Uptime? {
            var deadline: Uptime?
            func consider(_ time: Uptime?) { if let time { deadline = min(deadline ?? time, time) } }
            for id in connections { consider(all[id]?.seenAt.adding(milliseconds: lease)) }
            for grace in graces { consider(grace.until) }
            if let expiry = messageExpiry, expiry > now.time { consider(now.uptime(at: expiry)) }
            return deadline
        }
    }
}

/// A device that left still counts as there for a while; not once its session has ended.
struct Grace {
    let session: SessionID?
    let until: Uptime
    let isActive: Bool
}

/// People by the time at which to look at them again.
struct DeadlineQueue {
    private var heap: [(at: Uptime, user: UserID)] = []

    var first: Uptime? { heap.first?.at }

    mutating func push(_ at: Uptime, _ user: UserID) {
        heap.append((at, user))
        var child = heap.count - 1
        while child > 0, heap[child].at < heap[(child - 1) / 2].at {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The next person whose time has come.
    mutating func pop(before now: Uptime) -> UserID? {
        guard let first = heap.first, first.at <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while let child = [2 * parent + 1, 2 * parent + 2].filter({ $0 < heap.count }).min(by: { heap[$0].at < heap[$1].at }),
            heap[child].at < heap[parent].at
        {
            heap.swapAt(parent, child)
            parent = child
        }
        return first.user
    }
}
