internal import Database
internal import Directory
internal import Kernel

/// Two people, ordered by their ids: the same pair in either order.
struct UserPair: Hashable, Sendable {
    let low: UserID
    let high: UserID

    /// - Precondition: they are two.
    init(_ one: UserID, _ other: UserID) {
        precondition(one != other, "a pair is of two people")
        (low, high) = (min(one, other), max(one, other))
    }

    /// The one who is not this one.
    func other(than user: UserID) -> UserID { user == low ? high : low }

    /// Keeps whatever is between them from changing until the transaction ends; always in this order, so that no two wait for each other.
    ///
    /// - Throws: 404 when one of them is gone.
    func lock(_ directory: MemberDirectory, in transaction: Transaction) throws {
        try directory.lock(low, in: transaction)
        try directory.lock(high, in: transaction)
    }
}
