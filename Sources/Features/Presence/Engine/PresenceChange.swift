internal import Kernel

/// One person's step from a view to the next.
struct PresenceChange: Sendable {
    let user: UserID
    let before: PresenceView
    let after: PresenceView

    /// Only the activity changed.
    var isActivityOnly: Bool {
        before.status == after.status && before.message == after.message && before.emoji == after.emoji && before.activity != after.activity
    }
}

/// An automatic change of the shown status, for the presence history; a chosen one is in the audit log instead.
struct PresenceHistoryEntry: Sendable, Hashable {
    enum Cause: String, Sendable {
        case connected, disconnected, silent, idle, active
        case sessionEnded = "session_ended"
    }

    let user: UserID
    let from: ShownStatus
    let to: ShownStatus
    let cause: Cause
    let at: Timestamp
}

/// What a tick sends out.
struct PresenceBatch: Sendable {
    var changes: [PresenceChange] = []
    var history: [PresenceHistoryEntry] = []
}
