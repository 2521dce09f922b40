internal import Kernel
internal import Synchronization

/// The sessions that are open without a WebSocket, so that requests find them. Bounded, in all and for each person.
final class OneWaySessions: Sendable {
    private struct State {
        var sockets: [String: GatewaySocket] = [:]
        /// Long-polling sessions hold no connection, so they are counted here; by person.
        var polls: [UserID: Int] = [:]
        var allPolls = 0
    }

    static let maximumPolls = 5_000
    static let maximumPollsEach = 20

    private let state = Mutex(State())

    /// The session's newest socket takes the name.
    func add(_ socket: GatewaySocket, session: String) { state.withLock { $0.sockets[session] = socket } }

    func remove(_ socket: GatewaySocket) {
        guard !socket.name.isEmpty else { return }
        state.withLock { state in if state.sockets[socket.name] === socket { state.sockets[socket.name] = nil } }
    }

    /// The open session of this name; nil when there is none, or it is somebody else's, or another key's, which may do less.
    func find(_ session: String, of scope: Scope) -> GatewaySocket? {
        state.withLock { $0.sockets[session] }.flatMap { $0.principal == scope.principal ? $0 : nil }
    }

    /// Makes room for one more long-polling session.
    func admitPoll(_ user: UserID) throws(Problem) {
        let isAdmitted = state.withLock { state in
            guard state.allPolls < Self.maximumPolls, state.polls[user, default: 0] < Self.maximumPollsEach else { return false }
            state.allPolls += 1
            state.polls[user, default: 0] += 1
            return true
        }
        if !isAdmitted { throw .tooManyRequests(retryAfter: 15) }
    }

    func pollEnded(_ user: UserID) {
        state.withLock { state in
            state.allPolls -= 1
            state.polls[user, default: 1] -= 1
            if state.polls[user] == 0 { state.polls[user] = nil }
        }
    }
}
