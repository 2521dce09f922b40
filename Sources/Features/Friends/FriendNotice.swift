package import Kernel

/// A change between two people that may notify one of them, in its transaction.
package struct FriendNotice: Sendable {
    package enum Kind: Sendable {
        /// The other asks them.
        case requested
        /// The other said yes.
        case accepted
        /// They answered the other's request.
        case answered
        /// The other took the request back, or it ended otherwise.
        case withdrawn
        /// They block the other.
        case blocked
    }

    package let kind: Kind
    package let user: UserID
    package let other: UserID
    /// The request that caused it.
    package let requestID: String
}
