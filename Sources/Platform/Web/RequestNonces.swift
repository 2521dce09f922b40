public import Database
public import Kernel

/// The table `request_nonces`: signed requests that were carried out, until they are too old to be sent again.
public enum RequestNonces {
    /// Spends the nonce of a signed request, if it is one; more than once in one request is as good as once.
    ///
    /// - Throws: 401 `nonce_used` for another request with the nonce.
    public static func spend(_ key: KeyLimits?, in transaction: Transaction) throws {
        guard let key, let nonce = key.nonce else { return }
        let inserted = try transaction.execute(
            """
            INSERT INTO request_nonces (key_id, nonce, claim, expires_at) VALUES (\(key.id), \(nonce.text), \(nonce.claim), \(nonce.expiresAt))
            ON CONFLICT (key_id, nonce) DO NOTHING
            """)
        if inserted == 1 { return }
        let row = try transaction.row("SELECT claim FROM request_nonces WHERE key_id = \(key.id) AND nonce = \(nonce.text)")
        guard row?.int64(0) == nonce.claim else { throw used }
    }

    /// Forgets those whose requests are refused for their age.
    public static func sweep(at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM request_nonces WHERE expires_at <= \(now)")
    }

    static let used = Problem(
        401, "nonce_used",
        LocalizedText(
            en: "A request with this nonce was carried out already. Sign again with another nonce.",
            fr: "Une requête portant ce nonce a déjà été exécutée. Signez de nouveau avec un autre nonce."))
}
