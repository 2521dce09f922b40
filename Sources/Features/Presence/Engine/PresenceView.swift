internal import Directory
package import Kernel

/// The status that others see; `invisible` never leaves the engine.
package enum ShownStatus: String, Sendable, CaseIterable {
    case online, idle, dnd, offline
}

/// What everybody but the person sees of them, under one version.
package struct PresenceView: Sendable, Hashable {
    package var status: ShownStatus
    package var message: String?
    package var emoji: String?
    /// Only while the person is there: `{"name", "kind", "icon", "details", "started_at"}`.
    package var activity: JSONObject?
    package var lastSeenAt: Timestamp?
    /// Only grows.
    package var version: Int64

    package var activityName: String? { activity?["name"]?.string }

    /// The same look, never under an older version or an earlier time than another view of the person.
    func following(_ other: PresenceView) -> PresenceView {
        var view = self
        view.version = max(version, other.version)
        if let last = other.lastSeenAt { view.lastSeenAt = max(lastSeenAt ?? last, last) }
        return view
    }

    /// Whether both show the same, whenever they were made.
    func looksLike(_ other: PresenceView) -> Bool {
        status == other.status && message == other.message && emoji == other.emoji && activity == other.activity
    }
}

extension PresenceView {
    /// A person without a connection, from what is stored.
    init(offline chosen: ChosenPresence, lastSeenAt: Timestamp?, version: Int64, at now: Timestamp) {
        status = .offline
        let shown = chosen.shownMessage
        (message, emoji) = shown.isExpired(at: now) ? (nil, nil) : (shown.message, shown.emoji)
        (activity, self.lastSeenAt, self.version) = (nil, lastSeenAt, version)
    }
}

extension ChosenPresence {
    func isMessageExpired(at now: Timestamp) -> Bool { messageExpiresAt.map { $0 <= now } ?? false }
}
