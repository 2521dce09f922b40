internal import Database
internal import Kernel

/// The table `address_proofs`: since when the address of an account is known to be that of whoever set its password.
///
/// It outlives a change of the address by the team: what a person set up with their proof stays theirs.
enum AddressProof {
    /// Nil when the address was never proven by whoever has the password.
    static func time(of user: UserID, in transaction: Transaction) throws -> Timestamp? {
        try transaction.row("SELECT proven_at FROM address_proofs WHERE user_id = \(user)")?.time(0)
    }

    /// The first proof counts.
    static func set(_ user: UserID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO address_proofs (user_id, proven_at) VALUES (\(user), \(now)) ON CONFLICT (user_id) DO NOTHING")
    }

    /// The person took an address that did not answer.
    static func clear(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM address_proofs WHERE user_id = \(user)")
    }
}
