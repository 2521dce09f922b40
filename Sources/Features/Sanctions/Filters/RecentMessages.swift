internal import Kernel
internal import Synchronization

/// What people sent lately, in the memory of this node: for the filters of repeats and rate, and for the detection of raids.
///
/// It holds at most `people` people with `remembered` messages each; who has been silent for longest is forgotten first.
package final class RecentMessages: Sendable {
    private struct Sent {
        let at: Int64
        let digest: Int
    }

    private struct State {
        var sent: [UserID: [Sent]] = [:]
        /// When the table was last cleaned.
        var cleaned: Int64 = 0
    }

    private static let people = 20_000
    private static let remembered = 200
    private let state = Mutex(State())

    package init() {}

    func add(_ digest: Int, by user: UserID, at now: Timestamp) {
        state.withLock { state in
            let time = now.milliseconds
            if state.sent.count >= Self.people || time - state.cleaned > 600_000 { Self.clean(&state, at: time) }
            var list = state.sent[user] ?? []
            list.append(Sent(at: time, digest: digest))
            if list.count > Self.remembered { list.removeFirst(list.count - Self.remembered) }
            state.sent[user] = list
        }
    }

    package func add(_ text: FoldedText, of message: FilteredMessage) { add(text.digest, by: message.author, at: message.at) }

    func same(_ digest: Int, by user: UserID, within seconds: Int64, at now: Timestamp) -> Int {
        count(by: user, within: seconds, at: now) { $0.digest == digest }
    }

    func sent(by user: UserID, within seconds: Int64, at now: Timestamp) -> Int { count(by: user, within: seconds, at: now) { _ in true } }

    /// When somebody wrote last, in milliseconds.
    func last(of user: UserID) -> Int64? { state.withLock { $0.sent[user]?.last?.at } }

    /// How many other people who joined after a time wrote the same lately.
    func accounts(_ digest: Int, besides author: UserID, youngerThan oldest: Timestamp, within seconds: Int64, at now: Timestamp) -> Int {
        let first = now.milliseconds - seconds * 1000
        return state.withLock { state in
            state.sent.count { user, list in
                user != author && user.timestamp > oldest && list.contains { $0.digest == digest && $0.at > first }
            }
        }
    }

    private func count(by user: UserID, within seconds: Int64, at now: Timestamp, _ isMeant: (Sent) -> Bool) -> Int {
        let first = now.milliseconds - seconds * 1000
        return state.withLock { ($0.sent[user] ?? []).count { $0.at > first && $0.at <= now.milliseconds && isMeant($0) } }
    }

    private static func clean(_ state: inout State, at time: Int64) {
        state.cleaned = time
        let day: Int64 = 86_400_000
        for (user, list) in state.sent where list.last.map({ time - $0.at > day }) ?? true { state.sent[user] = nil }
        guard state.sent.count >= people else { return }
        let silent = state.sent.sorted { ($0.value.last?.at ?? 0) < ($1.value.last?.at ?? 0) }
        for (user, _) in silent.prefix(people / 4) { state.sent[user] = nil }
    }
}
