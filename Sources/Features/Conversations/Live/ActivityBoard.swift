internal import Kernel
internal import Synchronization

/// New messages in channels that are not on screen: one frame for all readers who see the same channels, four times a second at most.
///
/// An audience is a set of channels. Its name is a keyed hash of them, so that it reveals nothing. Audiences are computed again whenever rights change.
final class ActivityBoard: Sendable {
    static let prefix = "activity:"
    private static let limit = 20_000
    private static let readerLimit = 500_000

    struct Change: Sendable, Hashable {
        let lastSeq: Int64
        let gaps: Int64
        let broadcasts: Int64
    }

    struct Reader: Hashable, Sendable {
        let user: UserID
        let key: Int64

        init?(_ scope: Scope) {
            guard let user = scope.userID else { return nil }
            (self.user, key) = (user, scope.key?.id.rawValue ?? 0)
        }
    }

    private struct State {
        var audiences: [String: Set<ConversationID>] = [:]
        var readers: [Reader: String] = [:]
        var changes: [ConversationID: Change] = [:]
    }

    private let state = Mutex(State())

    /// The reader sees these channels from now on.
    func register(_ reader: Reader, _ audience: String, _ channels: [ConversationID]) {
        state.withLock { state in
            if state.audiences.count >= Self.limit, state.audiences[audience] == nil {
                let used = Set(state.readers.values)
                state.audiences = state.audiences.filter { used.contains($0.key) }
                if state.audiences.count >= Self.limit { state = State() }
            }
            if state.readers.count >= Self.readerLimit, state.readers[reader] == nil { state.readers = [:] }
            state.readers[reader] = audience
            state.audiences[audience] = Set(channels)
        }
    }

    func audience(of reader: Reader) -> String? { state.withLock { $0.readers[reader] } }

    /// A channel has other numbers than before.
    func note(_ channel: ConversationID, _ change: Change) {
        state.withLock { $0.changes[channel] = change }
    }

    /// The changes since the last call, for each audience that has any.
    func takeFrames() -> [(audience: String, changes: [JSON])] {
        state.withLock { state in
            guard !state.changes.isEmpty else { return [] }
            defer { state.changes = [:] }
            return state.audiences.compactMap { audience, channels in
                let changes = state.changes.filter { channels.contains($0.key) }.sorted { $0.key < $1.key }
                guard !changes.isEmpty else { return nil }
                return (
                    audience,
                    changes.map { channel, change in
                        [JSON(channel), .integer(change.lastSeq), .integer(change.gaps), .integer(change.broadcasts)]
                    }
                )
            }
        }
    }
}
