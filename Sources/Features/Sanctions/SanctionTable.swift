package import Database
package import Kernel

/// The SQL of `sanctions`.
package enum SanctionTable {
    package static func insert(_ sanction: Sanction, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO sanctions (id, user_id, kind, scope_id, reason, note, evidence, issued_by, issued_at, starts_at, expires_at, source,
                source_id, case_id, version)
            VALUES (\(sanction.id), \(sanction.user), \(sanction.kind.rawValue), \(sanction.conversation?.rawValue ?? 0), \(sanction.reason),
                \(sanction.note), \(JSON.array(sanction.evidence.map { .string($0) }).text), \(sanction.issuedBy), \(sanction.issuedAt),
                \(sanction.startsAt), \(sanction.expiresAt), \(sanction.source.rawValue), \(sanction.sourceID), \(sanction.caseID), 1)
            """)
    }

    package static func sanction(_ id: SanctionID, locked: Bool = false, in transaction: Transaction) throws -> Sanction? {
        let lock: SQL = locked && transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
        return try transaction.row("SELECT \(sql: Sanction.columns) FROM sanctions WHERE id = \(id) \(sql: lock)").map(Sanction.init)
    }

    /// The mute or ban whose row is not ended, of which there is one in a scope; it may have expired.
    package static func open(
        _ kind: SanctionKind, of user: UserID, in conversation: ConversationID? = nil, _ transaction: Transaction
    ) throws -> Sanction? {
        try transaction.row(
            """
            SELECT \(sql: Sanction.columns) FROM sanctions
            WHERE user_id = \(user) AND kind = \(kind.rawValue) AND scope_id = \(conversation?.rawValue ?? 0) AND ended_at IS NULL
                AND kind IN ('mute', 'ban')
            """
        ).map(Sanction.init)
    }

    /// Ends this row and no other.
    ///
    /// - Returns: the sanction as it is then; nil when it had ended before.
    package static func end(
        _ id: SanctionID, _ end: SanctionEnd, by actor: UserID?, note: String? = nil, at now: Timestamp, in transaction: Transaction
    ) throws -> Sanction? {
        try transaction.row(
            """
            UPDATE sanctions SET ended_at = \(now), ended_by = \(actor), end_reason = \(end.rawValue), end_note = \(note), version = version + 1
            WHERE id = \(id) AND ended_at IS NULL RETURNING \(sql: Sanction.columns)
            """
        ).map(Sanction.init)
    }

    /// - Returns: the sanction as it is then; nil when it has ended.
    package static func setEnd(_ id: SanctionID, _ end: Timestamp, in transaction: Transaction) throws -> Sanction? {
        try transaction.row(
            """
            UPDATE sanctions SET expires_at = \(end), version = version + 1 WHERE id = \(id) AND ended_at IS NULL
            RETURNING \(sql: Sanction.columns)
            """
        ).map(Sanction.init)
    }

    /// Before the person's row is deleted.
    package static func erase(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM sanctions WHERE user_id = \(user)")
    }

    /// Expired mutes and bans whose rows are not ended, in the order of their ends.
    package static func expired(at now: Timestamp, limit: Int, in transaction: Transaction) throws -> [Sanction] {
        try transaction.rows(
            """
            SELECT \(sql: Sanction.columns) FROM sanctions
            WHERE ended_at IS NULL AND kind IN ('mute', 'ban') AND expires_at <= \(now) ORDER BY expires_at, id LIMIT \(limit)
            """
        ).map(Sanction.init)
    }
}

/// Sanctions with the bans of `users`, filters and what they count, lockdowns and raids.
package let sanctionMigrations = sanctionTableMigrations + filterMigrations + measureMigrations + recentMessageMigrations

private let sanctionTableMigrations = [
    Migration(
        "sanctions",
        [
            // scope_id: 0 is the whole site, else a conversation. No foreign keys: `erase` deletes the rows of a person.
            """
            CREATE TABLE sanctions (
                id BIGINT PRIMARY KEY,
                user_id BIGINT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('warn', 'mute', 'kick', 'ban')),
                scope_id BIGINT NOT NULL DEFAULT 0,
                reason TEXT NOT NULL,
                note TEXT,
                evidence TEXT NOT NULL DEFAULT '[]',
                issued_by BIGINT,
                issued_at BIGINT NOT NULL,
                starts_at BIGINT NOT NULL,
                expires_at BIGINT,
                ended_at BIGINT,
                ended_by BIGINT,
                end_reason TEXT CHECK (end_reason IN ('lifted', 'expired', 'replaced', 'appealed')),
                end_note TEXT,
                source TEXT NOT NULL CHECK (source IN ('person', 'escalation', 'filter', 'raid', 'import')),
                source_id BIGINT,
                case_id BIGINT,
                acknowledged_at BIGINT,
                version BIGINT NOT NULL,
                CHECK ((ended_at IS NULL) = (end_reason IS NULL)))
            """,
            "CREATE UNIQUE INDEX sanctions_open ON sanctions (user_id, kind, scope_id) WHERE ended_at IS NULL AND kind IN ('mute', 'ban')",
            """
            CREATE INDEX sanctions_ends ON sanctions (expires_at, id)
            WHERE ended_at IS NULL AND kind IN ('mute', 'ban') AND expires_at IS NOT NULL
            """,
            "CREATE INDEX sanctions_user ON sanctions (user_id, id)",
            "CREATE INDEX sanctions_kind ON sanctions (kind, id)",
            """
            INSERT INTO sanctions (id, user_id, kind, reason, issued_at, starts_at, expires_at, source, version)
            SELECT id, id, 'ban', COALESCE(ban_reason, ''), updated_at, updated_at, banned_until, 'person', 1 FROM users WHERE is_banned
            """,
        ])
]
