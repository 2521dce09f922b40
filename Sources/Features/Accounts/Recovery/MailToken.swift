internal import Crypto
internal import Database
internal import Kernel

/// What a link in a mail is good for.
enum MailPurpose: String, Sendable, CaseIterable {
    /// The address of somebody who asked to join is theirs.
    case register
    /// A new password.
    case reset
    /// The first password of somebody whom the team added.
    case invite
    /// The address that a member wants to have is theirs.
    case email

    /// Seconds.
    var lifetime: Int64 {
        switch self {
        case .reset: 3600
        case .invite: 14 * 86_400
        case .register, .email: 86_400
        }
    }
}

/// The table `mail_tokens`: secrets sent by mail, stored hashed, each good once and for one purpose, account and address.
struct MailTokens: Sendable {
    /// What a link leads to.
    struct Found: Sendable {
        let purpose: MailPurpose
        /// A user, or somebody who asked to join.
        let subject: Int64
        let blind: [UInt8]
        /// The address in question, where it is not stored elsewhere.
        let emailCipher: [UInt8]?

        init?(_ row: Row) {
            guard let purpose = MailPurpose(rawValue: row.text(0)) else { return nil }
            (self.purpose, subject, blind, emailCipher) = (purpose, row.int64(1), row.blob(2), row.optionalBlob(3))
        }
    }

    /// - Returns: the secret, which only the mail holds.
    func issue(
        _ purpose: MailPurpose, for subject: Int64, blind: [UInt8], emailCipher: [UInt8]? = nil, at now: Timestamp,
        in transaction: Transaction
    ) throws -> String {
        let secret = Random.token()
        try transaction.execute(
            """
            INSERT INTO mail_tokens (hash, purpose, subject_id, email_blind, email_cipher, expires_at)
            VALUES (\(SHA256.digest(secret)), \(purpose.rawValue), \(subject), \(blind), \(emailCipher), \(now.adding(seconds: purpose.lifetime)))
            """)
        return secret
    }

    /// Looks without spending.
    func find(_ secret: String, at now: Timestamp, in transaction: Transaction) throws -> Found? {
        try transaction.row(
            """
            SELECT purpose, subject_id, email_blind, email_cipher FROM mail_tokens
            WHERE hash = \(SHA256.digest(secret)) AND expires_at > \(now)
            """
        ).flatMap(Found.init)
    }

    /// Of two that come at once with the same secret, one gets it.
    func spend(_ secret: String, at now: Timestamp, in transaction: Transaction) throws -> Found? {
        try transaction.row(
            """
            DELETE FROM mail_tokens WHERE hash = \(SHA256.digest(secret)) AND expires_at > \(now)
            RETURNING purpose, subject_id, email_blind, email_cipher
            """
        ).flatMap(Found.init)
    }

    func delete(for subject: Int64, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM mail_tokens WHERE subject_id = \(subject)")
    }

    func sweep(at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM mail_tokens WHERE expires_at <= \(now)")
    }
}
