internal import Bus
internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Presence
internal import Runtime
internal import Synchronization

/// Notifies people who are online that a friend came online: once an hour for each friend, and not after a short absence.
final class FriendArrivals: Sendable {
    private struct State {
        /// People who came online and are not announced yet.
        var arrived: Set<UserID> = []
        /// When each person was last announced or last seen.
        var lastKnown: [UserID: Timestamp] = [:]
    }

    /// Milliseconds of absence after which a person is announced again.
    private static let quiet: Int64 = 3_600_000
    private static let batch = 50
    private static let maximumKnown = 100_000

    private let database: any Database
    private let centre: NotificationCentre
    private let friendships: Friendships
    private let presence: PresenceReader
    private let clock: WallClock
    private let log: Log
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let isOn: @Sendable () -> Bool

    init(
        database: any Database, broker: any Broker, centre: NotificationCentre, friendships: Friendships, presence: PresenceReader,
        clock: WallClock, log: Log, isOn: @escaping @Sendable () -> Bool
    ) {
        self.isOn = isOn
        (self.database, self.centre, self.friendships) = (database, centre, friendships)
        (self.presence, self.clock, self.log) = (presence, clock, log)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        broker.attach { [weak self] publications in
            self?.hear(publications)
        } interrupted: { _, _ in
        }
    }

    private func hear(_ publications: [Publication]) {
        guard publications.first?.topic == "presence", isOn() else { return }
        let (offline, now) = (ShownStatus.offline.rawValue, clock.now())
        let hasArrivals = state.withLock { state in
            for publication in publications {
                guard let status = publication.attributes.first(where: { $0.name == "status" }) else { continue }
                let (wasAway, isAway) = (status.before == [offline], status.after == [offline])
                for user in publication.people where wasAway != isAway {
                    if isAway {
                        state.arrived.remove(user)
                    } else if state.lastKnown[user].map({ now.milliseconds - $0.milliseconds >= Self.quiet }) ?? true {
                        state.arrived.insert(user)
                        state.lastKnown[user] = now
                    }
                }
            }
            if state.lastKnown.count > Self.maximumKnown {
                state.lastKnown = state.lastKnown.filter { now.milliseconds - $0.value.milliseconds < Self.quiet }
            }
            return !state.arrived.isEmpty
        }
        if hasArrivals { wake.yield() }
    }

    /// Until cancelled.
    func run() async throws {
        // People who were online just before a restart are not announced again.
        let now = clock.now()
        let recent = try await database.read(.system) { transaction in
            try transaction.rows(
                "SELECT id, last_seen_at FROM users WHERE COALESCE(last_seen_at, 0) > \(now.adding(milliseconds: -600_000)) LIMIT 50000"
            ).map { row in (user: row.id(0, User.self), seen: row.time(1)) }
        }
        state.withLock { state in
            for (user, seen) in recent {
                state.lastKnown[user] = seen
                state.arrived.remove(user)
            }
        }
        for await _ in wakes {
            // People who come at the same time share a transaction.
            try await Task.sleep(for: .milliseconds(500))
            await tellAll()
        }
        try Task.checkCancellation()
    }

    /// Announces all who came online.
    func tellAll() async {
        while true {
            let part = state.withLock { state in
                let part = Array(state.arrived.prefix(Self.batch))
                state.arrived.subtract(part)
                return part
            }
            guard !part.isEmpty else { return }
            do {
                try await tell(part)
            } catch {
                if !Task.isCancelled { log.warning("friends could not be notified of who came online", [("cause", .string("\(error)"))]) }
            }
        }
    }

    private func tell(_ arrived: [UserID]) async throws {
        let here = Array(presence.present().keys)
        try await database.write { [centre, friendships] transaction in
            for user in arrived {
                let friends = try friendships.friends(of: user, among: here, in: transaction)
                for friend in friends.sorted() {
                    // Not of a person who hides their status from this friend.
                    guard try friendships.profiles(of: [user], for: friend, in: transaction)[user] == .whole else { continue }
                    try centre.notify(
                        NotificationDraft(
                            to: friend, kind: "friend.online", groupKey: "friend.online", actor: user, url: "/direct?tab=friends"),
                        in: transaction)
                }
            }
        }
    }
}
