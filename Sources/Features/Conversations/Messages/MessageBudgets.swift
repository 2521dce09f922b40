internal import Kernel
package import Runtime

/// Rate limits of what one person writes; without effect when limits are off.
package struct MessageBudgets: Sendable {
    /// Between friends, in groups and in channels.
    static let ordinary = RateLimiter.Budget.steady("messages", burst: 300, perSecond: 1)
    /// To a person who is no friend.
    static let toStrangers = RateLimiter.Budget.steady("messages_to_strangers", burst: 30, perSecond: 1)
    /// Direct conversations begun with people who are no friends: 10 a day.
    static let strangers = RateLimiter.Budget.steady("strangers", burst: 10, perSecond: 10.0 / 86_400)
    /// All new conversations.
    static let conversations = RateLimiter.Budget.steady("conversations", burst: 50, perSecond: 50.0 / 3600)

    /// Reactions put and taken back, in all conversations.
    static let reactions = RateLimiter.Budget.steady("reactions", burst: 100, perSecond: 2)

    private let limiter: RateLimiter?

    /// - Parameter limiter: nil for no limit.
    package init(_ limiter: RateLimiter?) { self.limiter = limiter }

    /// - Throws: 429.
    func spendMessage(of user: UserID, in conversation: ConversationID, amongFriends: Bool) throws(Problem) {
        let budget = amongFriends ? Self.ordinary : Self.toStrangers
        try limiter?.spend(RateLimiter.Charge(budget, "\(user.rawValue) \(conversation.rawValue)"))
    }

    /// - Throws: 429.
    func spendReaction(of user: UserID) throws(Problem) {
        try limiter?.spend(RateLimiter.Charge(Self.reactions, "\(user.rawValue)"))
    }

    /// - Throws: 429.
    func spendConversation(of user: UserID, withStranger: Bool) throws(Problem) {
        guard let limiter else { return }
        let begun = RateLimiter.Charge(Self.conversations, "\(user.rawValue)")
        if withStranger {
            try limiter.spend(begun, RateLimiter.Charge(Self.strangers, "\(user.rawValue)"))
        } else {
            try limiter.spend(begun)
        }
    }
}
