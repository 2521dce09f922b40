internal import Kernel
internal import Synchronization

/// Whom a token or cookie stands for, by its SHA-256, so that a signature is checked once and not at every request.
///
/// Bounded by two generations: when the young one is full it becomes the old one, and what was in the old one is forgotten.
final class SessionCache: Sendable {
    struct Entry: Sendable {
        let sessionID: SessionID
        let userID: UserID
        /// When the session, or the token, ends.
        let expiresAt: Timestamp
        /// Until when this is believed without asking again.
        let validUntil: Timestamp
    }

    private struct Generations {
        var young: [[UInt8]: Entry] = [:]
        var old: [[UInt8]: Entry] = [:]
    }

    private let capacity: Int
    private let generations = Mutex(Generations())

    init(capacity: Int = 65_536) { self.capacity = capacity }

    func entry(_ hash: [UInt8], now: Timestamp) -> Entry? {
        generations.withLock { generations in
            if let entry = generations.young[hash] { return entry.validUntil > now ? entry : nil }
            guard let entry = generations.old[hash], entry.validUntil > now else { return nil }
            Self.insert(entry, hash, &generations, capacity)
            return entry
        }
    }

    func insert(_ entry: Entry, _ hash: [UInt8]) {
        generations.withLock { Self.insert(entry, hash, &$0, capacity) }
    }

    private static func insert(_ entry: Entry, _ hash: [UInt8], _ generations: inout Generations, _ capacity: Int) {
        if generations.young.count >= capacity / 2 {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[hash] = entry
    }
}
