internal import Crypto
internal import Database
internal import Kernel

/// The tables `totp_factors` and `recovery_codes`.
struct FactorStore: Sendable {
    private static let column = "totp_factors.secret"
    /// Seconds in which a secret that was shown must be confirmed.
    static let patience: Int64 = 3600

    struct Factor: Sendable {
        let secret: [UInt8]
        let createdAt: Timestamp
        /// Nil until the first code was right: then it does not protect anything yet.
        let confirmedAt: Timestamp?
        let lastStep: Int64
    }

    let keyring: Keyring

    /// - Throws: `CryptoError` when the key of the secret is lost.
    func find(_ user: UserID, in transaction: Transaction) throws -> Factor? {
        let row = try transaction.row("SELECT secret, created_at, confirmed_at, last_step FROM totp_factors WHERE user_id = \(user)")
        return try row.map {
            Factor(
                secret: try keyring.fields.open($0.blob(0), column: Self.column, id: user.rawValue), createdAt: $0.time(1),
                confirmedAt: $0.optionalTime(2), lastStep: $0.int64(3))
        }
    }

    /// A new secret in the place of one that was not confirmed.
    func begin(_ secret: [UInt8], of user: UserID, at now: Timestamp, in transaction: Transaction) throws {
        let sealed = keyring.fields.seal(secret, column: Self.column, id: user.rawValue)
        try transaction.execute(
            """
            INSERT INTO totp_factors (user_id, secret, created_at, last_step, failures, failed_at) VALUES (\(user), \(sealed), \(now), 0, 0, 0)
            ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
            """)
    }

    /// Takes the factor into use, with new recovery codes.
    func confirm(_ user: UserID, step: Int64, _ codes: [RecoveryCode], at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("UPDATE totp_factors SET confirmed_at = \(now), last_step = \(step) WHERE user_id = \(user)")
        for code in codes {
            try transaction.execute(
                "INSERT INTO recovery_codes (user_id, hash) VALUES (\(user), \(RecoveryCode.hash(code.text, of: user, keyring)))")
        }
    }

    /// - Returns: false when there was none, confirmed or not.
    func remove(_ user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM recovery_codes WHERE user_id = \(user)")
        return try transaction.execute("DELETE FROM totp_factors WHERE user_id = \(user)") == 1
    }

    /// Spends the step of a code that is right now, or was half a minute ago, or will be. Of two requests with one code the row lets one through.
    ///
    /// - Returns: false for a wrong code, and for one of a step that was used, or is older than one that was.
    func spend(_ code: String, _ factor: Factor, of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        guard let step = try Self.step(of: code, factor, at: now) else { return false }
        return try transaction.execute("UPDATE totp_factors SET last_step = \(step) WHERE user_id = \(user) AND last_step < \(step)") == 1
    }

    /// The step that a code belongs to, among the three that are looked at.
    static func step(of code: String, _ factor: Factor, at now: Timestamp) throws -> Int64? {
        let current = TOTP.step(atMilliseconds: now.milliseconds)
        var found: Int64?
        for step in current - 1...current + 1 {
            let expected = try TOTP.code(secret: factor.secret, step: step)
            if constantTimeEquals(Array(expected.utf8), Array(code.utf8)) { found = step }
        }
        return found
    }

    /// - Returns: false when there is no such code, or not any more.
    func spend(recovery code: String, of user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM recovery_codes WHERE user_id = \(user) AND hash = \(RecoveryCode.hash(code, of: user, keyring))") == 1
    }

    func recoveryCodesLeft(_ user: UserID, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM recovery_codes WHERE user_id = \(user)")?.int(0) ?? 0
    }
}
