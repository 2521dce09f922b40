internal import Kernel
internal import Realtime
internal import Synchronization

/// Counts open sockets and their sessions, and passes connections on to the next observer.
final class ConnectionBoard: ConnectionObserver {
    private struct State {
        var sessions: [ConnectionID: SessionID] = [:]
        var counts: [SessionID: Int] = [:]
        var connections: Set<ConnectionID> = []
    }

    private let state = Mutex(State())
    private let next: (any ConnectionObserver)?

    init(next: (any ConnectionObserver)?) { self.next = next }

    func connected(_ connection: ConnectionID, user: UserID, session: SessionID?) {
        state.withLock { state in
            guard state.connections.insert(connection).inserted, let session else { return }
            state.sessions[connection] = session
            state.counts[session, default: 0] += 1
        }
        next?.connected(connection, user: user, session: session)
    }

    func seen(_ connections: [ConnectionID]) { next?.seen(connections) }

    func disconnected(_ connection: ConnectionID, reason: DisconnectReason) {
        state.withLock { state in
            state.connections.remove(connection)
            guard let session = state.sessions.removeValue(forKey: connection) else { return }
            state.counts[session] = (state.counts[session] ?? 1) > 1 ? (state.counts[session] ?? 1) - 1 : nil
        }
        next?.disconnected(connection, reason: reason)
    }

    /// Open sockets, and sessions that have one or are among those seen.
    func counts(seen: Set<Int64>) -> (sockets: Int, sessions: Int) {
        state.withLock { state in
            let others = seen.reduce(0) { $0 + (state.counts[SessionID(rawValue: $1)] == nil ? 1 : 0) }
            return (state.connections.count, state.counts.count + others)
        }
    }
}
