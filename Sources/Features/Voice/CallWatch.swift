internal import Bus
package import Kernel
package import Realtime
internal import Synchronization

/// What happens outside of the calls and may end one, in memory: changes of rights, sessions that ended, open connections.
package final class CallWatch: Sendable, ConnectionObserver {
    private struct State {
        var mustCheck = false
        var ended: Set<SessionID> = []
        var devices: [ConnectionID: SessionID] = [:]
        /// What the people of each call that is on may do in it, as it was found last.
        var rights: [RowID: String] = [:]
    }

    private let state = Mutex(State())
    /// The next observer of connections: each observer forwards to the next. Set once, before the first socket.
    private let next = Mutex<(any ConnectionObserver)?>(nil)

    /// Events after which somebody may not be in a call any more.
    private static let types: Set<String> = [
        "sanction.created", "sanction.updated", "user.banned", "user.disabled", "user.deleted", "user.erased", "block.changed",
        "privacy.updated", "role.assigned", "role.revoked",
    ]

    package func pass(to observer: (any ConnectionObserver)?) { next.withLock { $0 = observer } }

    func rightsChanged() { state.withLock { $0.mustCheck = true } }

    func observe(_ record: OutboxRecord) { if Self.types.contains(record.type) { rightsChanged() } }

    /// A session or a key ended: its device is in no call.
    package func ended(_ session: SessionID) {
        state.withLock { state in
            state.ended.insert(session)
            state.mustCheck = true
        }
    }

    /// Whether calls are to be checked, and the sessions that ended since.
    func take() -> (mustCheck: Bool, ended: Set<SessionID>) {
        state.withLock { state in
            defer { (state.mustCheck, state.ended) = (false, []) }
            return (state.mustCheck, state.ended)
        }
    }

    /// The calls whose people may do something else than at the last time, or who are new.
    func changed(_ calls: [(id: RowID, rights: String)]) -> Set<RowID> {
        state.withLock { state in
            let changed = calls.filter { state.rights[$0.id] != $0.rights }.map(\.id)
            state.rights = Dictionary(calls.map { ($0.id, $0.rights) }, uniquingKeysWith: { _, last in last })
            return Set(changed)
        }
    }

    /// The sessions that have a connection to this node.
    var connected: Set<SessionID> { state.withLock { Set($0.devices.values) } }

    package func connected(_ connection: ConnectionID, user: UserID, session: SessionID?) {
        if let session { state.withLock { $0.devices[connection] = session } }
        next.withLock { $0 }?.connected(connection, user: user, session: session)
    }

    package func seen(_ connections: [ConnectionID]) { next.withLock { $0 }?.seen(connections) }

    package func disconnected(_ connection: ConnectionID, reason: DisconnectReason) {
        state.withLock { $0.devices[connection] = nil }
        next.withLock { $0 }?.disconnected(connection, reason: reason)
    }
}
