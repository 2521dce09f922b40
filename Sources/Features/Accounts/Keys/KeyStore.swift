internal import Database
internal import Directory
internal import Kernel

/// The table `api_keys`.
struct KeyStore: Sendable {
    /// Hears of what ended.
    let feed: RevocationFeed

    /// A key and the person that it stands for, deleted ones included.
    func find(_ id: APIKeyID, in transaction: Transaction) throws -> (key: KeyRecord, person: Member)? {
        try transaction.row(
            """
            SELECT \(sql: Member.columns), \(sql: KeyRecord.columns) FROM api_keys JOIN users ON users.id = api_keys.user_id
            WHERE api_keys.id = \(id)
            """
        ).map { (KeyRecord($0, from: Member.columnCount), Member($0)) }
    }

    /// The keys of a person, or of everybody, the newest first, older than `before`.
    func keys(of user: UserID?, before: APIKeyID?, limit: Int, in transaction: Transaction) throws -> [KeyRecord] {
        let whose: SQL = user.map { "user_id = \($0) AND " } ?? ""
        return try transaction.rows(
            """
            SELECT \(sql: KeyRecord.columns) FROM api_keys WHERE \(sql: whose)id < \(before ?? APIKeyID(rawValue: .max))
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map { KeyRecord($0) }
    }

    func count(of user: UserID?, in transaction: Transaction) throws -> Int {
        let whose: SQL = user.map { " WHERE user_id = \($0)" } ?? ""
        return try transaction.row("SELECT COUNT(*) FROM api_keys\(sql: whose)")?.int(0) ?? 0
    }

    func insert(_ key: KeyRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO api_keys (id, user_id, name, scopes, hash, created_at, expires_at, version, signing_secret, addresses)
            VALUES (\(key.id), \(key.userID), \(key.name), \(key.scopesJSON.text), \(key.hash), \(key.createdAt), \(key.expiresAt),
                \(key.version), \(key.signing?.secret), \(key.addresses.joined(separator: ",")))
            """)
    }

    /// Writes what can change and raises the version, in the row and in `key`.
    ///
    /// - Throws: 412 when somebody was faster.
    func update(_ key: inout KeyRecord, in transaction: Transaction) throws {
        let changed = try transaction.execute(
            """
            UPDATE api_keys SET name = \(key.name), scopes = \(key.scopesJSON.text), hash = \(key.hash), previous_hash = \(key.previous?.hash),
                previous_expires_at = \(key.previous?.expiresAt), rotated_at = \(key.rotatedAt), expires_at = \(key.expiresAt),
                signing_secret = \(key.signing?.secret), previous_signing_secret = \(key.signing?.previous),
                addresses = \(key.addresses.joined(separator: ",")), version = version + 1
            WHERE id = \(key.id) AND version = \(key.version)
            """)
        guard changed == 1 else { throw Problem.stale }
        key.version += 1
    }

    /// A revoked key leaves nothing but its entries in the audit log.
    func delete(_ id: APIKeyID, in transaction: Transaction) throws {
        guard try transaction.execute("DELETE FROM api_keys WHERE id = \(id)") == 1 else { throw Problem.notFound }
    }

    /// Notes how often keys were used, when last, and from where.
    func touch(_ uses: [APIKeyID: KeyUses.Use], in transaction: Transaction) throws {
        for (id, use) in uses.sorted(by: { $0.key < $1.key }) {
            try transaction.execute(
                """
                UPDATE api_keys SET use_count = use_count + \(use.count),
                    last_used_address = CASE WHEN last_used_at IS NULL OR last_used_at <= \(use.at) THEN \(use.address) ELSE last_used_address END,
                    last_used_at = CASE WHEN last_used_at IS NULL OR last_used_at <= \(use.at) THEN \(use.at) ELSE last_used_at END
                WHERE id = \(id)
                """)
        }
    }

    /// Closes what is open with a key, on every node, once this is committed.
    func end(_ key: APIKeyID, of user: UserID, _ reason: SessionRevocation.Reason, at now: Timestamp, in transaction: Transaction) {
        let ended = SessionRevocation(sessionID: SessionID(rawValue: key.rawValue), userID: user, reason: reason, at: now)
        transaction.atCommit(NumberedRevocation(revocation: ended))
        transaction.afterCommit { [feed] in feed.apply([ended]) }
    }

    func deleteAll(of user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM api_keys WHERE user_id = \(user)")
    }

    /// Closes the connections of all keys of a person; the keys stay.
    func endAll(of user: UserID, _ reason: SessionRevocation.Reason, at now: Timestamp, in transaction: Transaction) throws {
        for row in try transaction.rows("SELECT id FROM api_keys WHERE user_id = \(user)") {
            end(row.id(0), of: user, reason, at: now, in: transaction)
        }
    }
}
