internal import Kernel
internal import Synchronization

/// What the open sessions of each person hold together: a rate bounds how fast they come, this how many there are.
final class PersonalStock: Sendable {
    struct Limits: Sendable {
        /// Sessions and streams at once; nil for no limit.
        var sessions: Int? = 200
        /// People that the subscriptions of all of them name; nil for no limit.
        var watched: Int? = 20_000
    }

    private struct Held {
        var sessions = 0
        var watched = 0
    }

    private let limits: Limits
    private let people = Mutex<[UserID: Held]>([:])

    init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Makes room for one more session; `close` gives it back.
    ///
    /// - Throws: 429 `too_many_sessions`.
    func open(_ user: UserID) throws(Problem) {
        let isAdmitted = people.withLock { people in
            guard people[user]?.sessions ?? 0 < limits.sessions ?? .max else { return false }
            people[user, default: Held()].sessions += 1
            return true
        }
        guard isAdmitted else {
            throw Problem(
                429, "too_many_sessions",
                LocalizedText(
                    en: "You have too many connections open. Close some of them.",
                    fr: "Vous avez trop de connexions ouvertes. Fermez-en quelques-unes."),
                retryAfter: 60)
        }
    }

    func close(_ user: UserID) { change(user) { $0.sessions -= 1 } }

    /// Changes how many people this person's sessions name.
    ///
    /// - Returns: false, and nothing is changed, when they would be too many.
    func watch(_ user: UserID, _ difference: Int) -> Bool {
        guard difference != 0 else { return true }
        return people.withLock { people in
            guard difference < 0 || (people[user]?.watched ?? 0) + difference <= limits.watched ?? .max else { return false }
            Self.change(&people, user) { $0.watched += difference }
            return true
        }
    }

    private func change(_ user: UserID, _ body: (inout Held) -> Void) { people.withLock { Self.change(&$0, user, body) } }

    private static func change(_ people: inout [UserID: Held], _ user: UserID, _ body: (inout Held) -> Void) {
        var held = people[user] ?? Held()
        body(&held)
        people[user] = held.sessions <= 0 && held.watched <= 0 ? nil : held
    }
}
