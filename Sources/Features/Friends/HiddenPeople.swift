internal import Bus
internal import Database
internal import Kernel
internal import Synchronization

/// Who hides their status from whom, in memory, as a filter of live events.
///
/// It holds people who hide, and all blocks.
final class HiddenPeople: Sendable {
    /// The readers who see a hiding person.
    private enum Audience {
        case nobody
        /// Empty until the friends are read from the database.
        case friends(Set<UserID>)

        func contains(_ user: UserID) -> Bool { if case .friends(let friends) = self { friends.contains(user) } else { false } }
    }

    private struct State {
        /// Of those who hide from members.
        var hiding: [UserID: Audience] = [:]
        /// Who blocks each.
        var blockers: [UserID: Set<UserID>] = [:]
    }

    /// What follows from a change.
    struct Effect: Sendable, Equatable {
        /// People whose subscriptions may name somebody who hides now.
        var readers: Set<UserID> = []
        /// A person who hides from now on: their friends must be read, and all subscriptions checked again.
        var hider: UserID?
    }

    private let state = Mutex(State())

    /// Those of the people whose status a reader may see.
    func visible(_ people: [UserID], to reader: UserID?) -> [UserID] {
        state.withLock { state in
            let blockers = reader.flatMap { state.blockers[$0] } ?? []
            guard !blockers.isEmpty || !state.hiding.isEmpty else { return people }
            return people.filter { person in
                guard person != reader else { return true }
                guard !blockers.contains(person) else { return false }
                guard let audience = state.hiding[person] else { return true }
                return reader.map(audience.contains) ?? false
            }
        }
    }

    /// Reads all; before the first socket.
    func load(in transaction: Transaction) throws {
        var loaded = State()
        for row in try transaction.rows("SELECT user_id, profile FROM privacy WHERE profile IN ('friends', 'nobody')") {
            let user: UserID = row.id(0)
            loaded.hiding[user] =
                row.text(1) == "friends" ? .friends(Set(try FriendTable.list(of: user, in: transaction))) : .nobody
        }
        for row in try transaction.rows("SELECT blocked_id, blocker_id FROM blocks") {
            loaded.blockers[row.id(0), default: []].insert(row.id(1))
        }
        let whole = loaded
        state.withLock { $0 = whole }
    }

    /// - Parameter friends: of a person who shows themselves to friends only.
    func set(_ friends: Set<UserID>, of user: UserID) {
        state.withLock { state in if case .friends = state.hiding[user] { state.hiding[user] = .friends(friends) } }
    }

    /// A committed event of friends, blocks or privacy, on any node.
    func observe(_ record: OutboxRecord) -> Effect {
        let other = record.members["user_id"]?.string.flatMap { UserID(uuid: $0) }
        guard let user = record.recipients.first else { return Effect() }
        return state.withLock { state in
            switch record.type {
            case "block.changed":
                guard let other else { return Effect() }
                guard record.members["blocked"] == true else {
                    state.blockers[other]?.remove(user)
                    if state.blockers[other]?.isEmpty ?? false { state.blockers[other] = nil }
                    return Effect()
                }
                state.blockers[other, default: []].insert(user)
                return Effect(readers: [other])
            case "privacy.updated":
                let profile = record.members["privacy"]?["profile"]?.string
                guard profile == "friends" || profile == "nobody" else {
                    state.hiding[user] = nil
                    return Effect()
                }
                state.hiding[user] = profile == "nobody" ? .nobody : .friends([])
                return Effect(hider: user)
            case "friend.accepted":
                let friend = record.members["user"]?["id"]?.string.flatMap { UserID(uuid: $0) }
                if let friend, case .friends(var friends) = state.hiding[user] {
                    friends.insert(friend)
                    state.hiding[user] = .friends(friends)
                }
                return Effect()
            case "friend.removed":
                guard let other, case .friends(var friends) = state.hiding[user] else { return Effect() }
                friends.remove(other)
                state.hiding[user] = .friends(friends)
                return Effect(readers: [other])
            default: return Effect()
            }
        }
    }
}
