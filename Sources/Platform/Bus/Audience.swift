public import Kernel

/// Who gets an event.
public enum Audience: Hashable, Sendable {
    /// Everybody who subscribed to a topic and may read it.
    case topic(String)
    /// These people, each on their own topic `user:<id>`, without a subscription.
    case users([UserID])
    /// Those who are members of a conversation when the event commits, each on their own topic.
    case members(of: ConversationID)

    /// The name under which the outbox's index finds it; one for each person.
    var keys: [String] {
        switch self {
        case .topic(let name): [name]
        case .users(let users): users.map(Self.topic(of:))
        case .members(let conversation): [Self.key(of: conversation)]
        }
    }

    /// A person's own topic.
    public static func topic(of user: UserID) -> String { "user:\(user.uuid)" }

    /// The person whose own topic this is; nil for another topic.
    public static func owner(of topic: String) -> UserID? { topic.hasPrefix("user:") ? UserID(uuid: topic.dropFirst(5)) : nil }

    static func key(of conversation: ConversationID) -> String { "members:\(conversation.uuid)" }

    /// Reads keys as the outbox holds them; people are one audience.
    static func read(_ keys: [String]) -> [Audience] {
        var audience: [Audience] = []
        var users: [UserID] = []
        for key in keys {
            if let user = owner(of: key) {
                users.append(user)
            } else if key.hasPrefix("members:"), let conversation = ConversationID(uuid: key.dropFirst(8)) {
                audience.append(.members(of: conversation))
            } else {
                audience.append(.topic(key))
            }
        }
        return users.isEmpty ? audience : audience + [.users(users)]
    }
}

/// Whose cached member an event makes stale.
public enum Invalidation: Hashable, Sendable {
    case nobody
    case users([UserID])
    /// What may be anybody's, as a role's name.
    case everybody
}

/// Who joins and who leaves a conversation with an event.
///
/// Who joins gets the event that says so as their first, who leaves gets it as their last.
public struct MembershipChange: Hashable, Sendable {
    public let conversation: ConversationID
    public let joining: [UserID]
    public let leaving: [UserID]

    public init(_ conversation: ConversationID, joining: [UserID] = [], leaving: [UserID] = []) {
        (self.conversation, self.joining, self.leaving) = (conversation, joining, leaving)
    }
}

/// Whether a topic's events outlive the process.
public enum Durability: Hashable, Sendable {
    /// They are in the outbox: they replay for a day and across restarts.
    case durable
    /// They are in memory alone, within a budget that all topics of the rule share.
    case volatile(MemoryBudget = MemoryBudget())
}

/// What the latest events of a class of topics may take.
public struct MemoryBudget: Hashable, Sendable {
    public var events: Int
    /// As counted by `footprint`.
    public var bytes: Int

    public init(events: Int = 20_000, bytes: Int = 4 << 20) { (self.events, self.bytes) = (events, bytes) }
}

/// Topics whose events are kept in memory alone.
public struct VolatileTopics: Hashable, Sendable {
    /// `presence`, or `typing:` for every topic that begins so.
    public let name: String
    public let budget: MemoryBudget

    public init(_ name: String, budget: MemoryBudget = MemoryBudget()) { (self.name, self.budget) = (name, budget) }

    func contains(_ topic: String) -> Bool { name.hasSuffix(":") ? topic.hasPrefix(name) : topic == name }
}
