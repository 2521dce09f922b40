internal import Bus
internal import Kernel

/// What the broker told and a loop has not yet taken, within a bound of bytes.
///
/// What finds no room is dropped, whatever its durability, and so is all that follows it on its topic until the loop has taken what waits: the topic's
/// listeners are then told `resync`, and get what comes after it. Of events that go to people, those people are told so of their own topics.
struct LoopInbox: Sendable {
    /// What the broker tells, in its order.
    enum Post: Sendable {
        case delivery(Delivery)
        /// An event that goes to people on their own topics.
        case people(Publication)
        /// Events of a topic before a position are missing.
        case interruption(String, Position)
    }

    private let limit: Int
    private(set) var posts: [Post] = []
    private(set) var bytes = 0
    /// Up to where events were dropped.
    private(set) var lostTopics: [String: Position] = [:]
    private(set) var lostPeople: [UserID: Position] = [:]

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { posts.isEmpty && lostTopics.isEmpty && lostPeople.isEmpty }

    /// - Returns: how many events were dropped.
    mutating func add(_ post: Post) -> Int {
        switch post {
        case .delivery(let delivery):
            if takes(delivery.bytes), lostTopics.isEmpty || lostTopics[delivery.topic] == nil {
                keep(post, delivery.bytes)
                return 0
            }
            lostTopics[delivery.topic] = delivery.last
            return delivery.items.count
        case .people(let publication):
            let size = publication.payload.count + 256 + 8 * publication.recipients.count
            if takes(size), lostPeople.isEmpty {
                keep(post, size)
                return 0
            }
            for user in publication.recipients { lostPeople[user] = publication.position }
            return 1
        case .interruption(let topic, let position):
            if takes(Self.interruptionBytes), lostTopics[topic] == nil {
                keep(post, Self.interruptionBytes)
            } else {
                lostTopics[topic] = position
            }
            return 0
        }
    }

    private static let interruptionBytes = 128

    /// An event that is longer than the bound is taken when nothing else waits.
    private func takes(_ size: Int) -> Bool { bytes + size <= limit || posts.isEmpty }

    private mutating func keep(_ post: Post, _ size: Int) {
        posts.append(post)
        bytes += size
    }

    /// All that waits, which leaves it empty.
    mutating func take() -> LoopInbox {
        defer { self = LoopInbox(limit: limit) }
        return self
    }
}
