internal import Kernel
internal import Synchronization

/// The people who are typing, in memory: one frame for each conversation every three seconds, with five people at most.
///
/// A state machine without a clock: callers pass the time, and publish the frames that it returns.
final class TypingBoard: Sendable {
    /// Milliseconds between two frames of a conversation, and after which a person without a new request has stopped.
    static let interval: Int64 = 3000
    static let lifetime: Int64 = 10_000
    static let named = 5
    /// With more listeners on a node, typing is not published there.
    static let listenersAtMost = 200
    private static let limit = 10_000

    private struct Place {
        var people: [(user: UserID, card: JSON, until: Int64)] = []
        var sentAt = Int64.min / 2
        /// Whether the list differs from the last frame.
        var isChanged = false
    }

    private let places = Mutex<[ConversationID: Place]>([:])

    /// A person is typing.
    ///
    /// - Returns: the frame to publish now; nil when a later one holds it.
    func note(_ user: UserID, _ card: JSON, in conversation: ConversationID, at now: Uptime) -> [JSON]? {
        places.withLock { places in
            guard places.count < Self.limit || places[conversation] != nil else { return nil }
            var place = places[conversation] ?? Place()
            let isNew = !place.people.contains { $0.user == user }
            place.people.removeAll { $0.user == user }
            place.people.append((user, card, now.milliseconds + Self.lifetime))
            // Clients drop a person after the lifetime, so the next frame names them again.
            place.isChanged = true
            let frame = isNew || now.milliseconds - place.sentAt >= Self.interval ? Self.frame(&place, at: now) : nil
            places[conversation] = place
            return frame
        }
    }

    /// A person has sent their message.
    func stop(_ user: UserID, in conversation: ConversationID) {
        places.withLock { places in
            guard let known = places[conversation], known.people.contains(where: { $0.user == user }) else { return }
            places[conversation]?.people.removeAll { $0.user == user }
            places[conversation]?.isChanged = true
        }
    }

    /// A person became invisible.
    func stop(_ user: UserID) {
        places.withLock { places in
            for (conversation, place) in places where place.people.contains(where: { $0.user == user }) {
                places[conversation]?.people.removeAll { $0.user == user }
                places[conversation]?.isChanged = true
            }
        }
    }

    /// The frames that are due.
    func tick(at now: Uptime) -> [(ConversationID, [JSON])] {
        places.withLock { places in
            var due: [(ConversationID, [JSON])] = []
            for (conversation, known) in places {
                var place = known
                let count = place.people.count
                place.people.removeAll { $0.until <= now.milliseconds }
                if place.people.count != count { place.isChanged = true }
                if place.isChanged, let frame = Self.frame(&place, at: now) { due.append((conversation, frame)) }
                places[conversation] = place.people.isEmpty && !place.isChanged ? nil : place
            }
            return due
        }
    }

    private static func frame(_ place: inout Place, at now: Uptime) -> [JSON]? {
        guard now.milliseconds - place.sentAt >= interval else { return nil }
        (place.sentAt, place.isChanged) = (now.milliseconds, false)
        return place.people.suffix(named).map(\.card)
    }
}
