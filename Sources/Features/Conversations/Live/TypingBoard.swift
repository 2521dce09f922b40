internal import Kernel
internal import Synchronization

/// Who is writing where, in memory alone: a frame for each conversation every three seconds, with five people at most, however many write.
///
/// A state machine without a clock: it is told the time, and says what to publish.
final class TypingBoard: Sendable {
    /// Milliseconds between two frames of a conversation, and those after which somebody who says nothing has stopped.
    static let interval: Int64 = 3000
    static let lifetime: Int64 = 10_000
    static let named = 5
    /// Beyond as many listeners on a node typing is not told there.
    static let listenersAtMost = 200
    private static let limit = 10_000

    private struct Place {
        var people: [(user: UserID, card: JSON, until: Int64)] = []
        var sentAt = Int64.min / 2
        /// Whether readers know another list than this one.
        var isChanged = false
    }

    private let places = Mutex<[ConversationID: Place]>([:])

    /// Somebody writes.
    ///
    /// - Returns: those to be told now; nil when the next frame tells.
    func note(_ user: UserID, _ card: JSON, in conversation: ConversationID, at now: Uptime) -> [JSON]? {
        places.withLock { places in
            guard places.count < Self.limit || places[conversation] != nil else { return nil }
            var place = places[conversation] ?? Place()
            let isNew = !place.people.contains { $0.user == user }
            place.people.removeAll { $0.user == user }
            place.people.append((user, card, now.milliseconds + Self.lifetime))
            // Clients forget somebody after the lifetime: who goes on is told again.
            place.isChanged = true
            let frame = isNew || now.milliseconds - place.sentAt >= Self.interval ? Self.frame(&place, at: now) : nil
            places[conversation] = place
            return frame
        }
    }

    /// Somebody has sent what they wrote.
    func stop(_ user: UserID, in conversation: ConversationID) {
        places.withLock { places in
            guard let known = places[conversation], known.people.contains(where: { $0.user == user }) else { return }
            places[conversation]?.people.removeAll { $0.user == user }
            places[conversation]?.isChanged = true
        }
    }

    /// Somebody hides: they write nowhere.
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
