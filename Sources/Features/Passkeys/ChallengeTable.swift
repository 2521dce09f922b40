internal import Crypto
internal import Database
internal import Kernel

/// What a challenge was asked for.
enum ChallengePurpose: String, Sendable {
    case register
    case signIn = "sign_in"
    case secondFactor = "second_factor"
}

/// The table `passkey_challenges`: 32 random bytes, stored hashed, good for five minutes and once.
enum ChallengeTable {
    static let lifetime: Int64 = 300

    struct Challenge: Sendable {
        let session: SessionID?
        let user: UserID?
        /// What the new passkey is to know the person by.
        let handle: [UInt8]?
    }

    /// - Returns: the challenge.
    static func issue(
        _ purpose: ChallengePurpose, session: SessionID? = nil, user: UserID? = nil, handle: [UInt8]? = nil, at now: Timestamp,
        in transaction: Transaction
    ) throws -> [UInt8] {
        let challenge = Random.bytes(32)
        try transaction.execute(
            """
            INSERT INTO passkey_challenges (hash, purpose, session_id, user_id, user_handle, expires_at)
            VALUES (\(SHA256.digest(challenge)), \(purpose.rawValue), \(session), \(user), \(handle), \(now.adding(seconds: lifetime)))
            """)
        return challenge
    }

    /// Takes it out of the table: of two requests with one challenge one gets it.
    ///
    /// - Returns: nil for what was not asked, was spent, is too old, or was asked for something else.
    static func spend(_ challenge: [UInt8], _ purpose: ChallengePurpose, at now: Timestamp, in transaction: Transaction) throws
        -> Challenge?
    {
        let row = try transaction.row(
            """
            DELETE FROM passkey_challenges WHERE hash = \(SHA256.digest(challenge)) AND purpose = \(purpose.rawValue)
            RETURNING session_id, user_id, user_handle, expires_at
            """)
        guard let row, row.time(3) > now else { return nil }
        return Challenge(session: row.optionalID(0), user: row.optionalID(1), handle: row.optionalBlob(2))
    }

    static func sweep(at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM passkey_challenges WHERE expires_at <= \(now)")
    }
}
