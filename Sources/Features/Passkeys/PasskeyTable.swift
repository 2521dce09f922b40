internal import Database
internal import Kernel

/// The table `passkeys`.
enum PasskeyTable {
    static func find(credential: [UInt8], in transaction: Transaction) throws -> Passkey? {
        try transaction.row("SELECT \(sql: Passkey.columns) FROM passkeys WHERE credential_id = \(credential)").map(Passkey.init)
    }

    /// One of a person's.
    static func find(_ id: RowID, of user: UserID, in transaction: Transaction) throws -> Passkey? {
        try transaction.row("SELECT \(sql: Passkey.columns) FROM passkeys WHERE id = \(id) AND user_id = \(user)").map(Passkey.init)
    }

    /// All of a person's, the oldest first.
    static func all(of user: UserID, in transaction: Transaction) throws -> [Passkey] {
        try transaction.rows("SELECT \(sql: Passkey.columns) FROM passkeys WHERE user_id = \(user) ORDER BY id").map(Passkey.init)
    }

    /// How many people and passkeys are of another RP ID than this.
    static func strangers(to relyingPartyID: String, in transaction: Transaction) throws -> (passkeys: Int, people: Int) {
        let row = try transaction.row("SELECT COUNT(*), COUNT(DISTINCT user_id) FROM passkeys WHERE rp_id <> \(relyingPartyID)")
        return (row?.int(0) ?? 0, row?.int(1) ?? 0)
    }

    /// - Throws: `DatabaseError.unique` when somebody has the credential.
    static func insert(_ passkey: Passkey, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO passkeys (id, user_id, credential_id, public_key, alg, sign_count, rp_id, user_handle, aaguid, transports,
                backup_eligible, backed_up, name, created_at)
            VALUES (\(passkey.id), \(passkey.userID), \(passkey.credentialID), \(passkey.publicKey), \(passkey.algorithm),
                \(passkey.signCount), \(passkey.relyingPartyID), \(passkey.userHandle), \(passkey.aaguid),
                \(passkey.transports.joined(separator: ",")), \(passkey.isBackupEligible), \(passkey.isBackedUp), \(passkey.name),
                \(passkey.createdAt))
            """)
    }

    static func rename(_ id: RowID, _ name: String, in transaction: Transaction) throws {
        try transaction.execute("UPDATE passkeys SET name = \(name) WHERE id = \(id)")
    }

    /// Notes a use.
    static func use(_ id: RowID, signCount: Int64, isBackedUp: Bool, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE passkeys SET sign_count = \(signCount), backed_up = \(isBackedUp), last_used_at = \(now) WHERE id = \(id)")
    }

    static func delete(_ id: RowID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM passkeys WHERE id = \(id)")
    }
}
