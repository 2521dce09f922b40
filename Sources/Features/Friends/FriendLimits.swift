internal import Runtime

/// Limits of friends, requests and blocks.
package struct FriendLimits: Sendable {
    /// Friends of one person.
    package var friends = 1000
    /// Unanswered requests of one person; nil for no limit.
    package var pending: Int? = 100
    /// Requests that one person sends in a day; nil for no limit.
    package var daily: Int? = 20
    /// Blocks of one person.
    package var blocks = 5000
    /// After this number of refusals, further requests to the same person stay unseen.
    package var refusals = 3

    package init() {}

    static let settings = [
        Setting("friends", "1000", "Friends that a member may have.", kind: .integer(1...10_000)),
        Setting("friend-requests-pending", "100", "Friend requests of a member that may wait for an answer.", kind: .integer(1...10_000)),
        Setting("friend-requests-daily", "20", "Friend requests that a member may send in a day.", kind: .integer(1...10_000)),
    ]
}
