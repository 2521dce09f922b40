public import Database

/// Fills tables, so that a plan is one for many rows. Numbers stand for ids: row `n` belongs to person `1000 + n`.
public struct Crowd: Sendable {
    public let count: Int

    public init(_ count: Int = 20_000) { self.count = count }

    public func fill(_ parts: Part..., in database: any Database) async throws {
        try await database.write { transaction in
            for statement in parts.flatMap({ statements($0, transaction.dialect) }) {
                try transaction.execute("\(sql: numbers) \(sql: statement)")
            }
            // What autovacuum does after so many rows; SQLite's planner goes without, here as in service.
            if transaction.dialect == .postgres {
                try transaction.execute("ANALYZE \(sql: SQL.joined(parts.flatMap(tables(of:)), separator: ", "))")
            }
        }
    }

    /// `numbers.n` from 1 to the count.
    private var numbers: SQL { "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))" }

    public enum Part: Sendable {
        case users
        /// Everybody is a member, one in fifty staff.
        case assignments
        /// One each.
        case overrides
        /// One each, with a refresh token and a known address.
        case sessions
        case audit
        case outbox
    }

    private func statements(_ part: Part, _ dialect: Dialect) -> [SQL] {
        let bytes: SQL = dialect == .sqlite ? "CAST('bytes ' || n AS BLOB)" : "convert_to('bytes ' || n, 'UTF8')"
        return switch part {
        // More changes than are kept one by one: who holds names in memory reads them anew.
        case .users: [Self.users(bytes), "UPDATE name_changes_head SET number = number + 1000000"]
        case .assignments:
            [
                """
                INSERT INTO user_roles (id, user_id, role_id, assigned_at)
                SELECT n, 1000 + n, 5, n FROM numbers UNION ALL SELECT 1000000 + n, 1000 + n, 4, n FROM numbers WHERE n % 50 = 0
                """
            ]
        case .overrides:
            [
                """
                INSERT INTO user_overrides (user_id, permission, effect, set_at, version)
                SELECT 1000 + n, 'users.read', CASE WHEN n % 20 = 0 THEN 'allow' ELSE 'deny' END, n, 1 FROM numbers
                """
            ]
        case .sessions: Self.sessions(bytes)
        case .audit:
            [
                """
                INSERT INTO audit_log (id, chain_id, seq, actor_user_id, action, target_type, target_id, payload, result, timestamp, prev_hash, hash)
                SELECT n, 1, n, 1000 + n % 500, 'role.' || n % 40, 'role', 'r' || n % 700, '{}',
                    CASE WHEN n % 100 = 0 THEN 'fail' ELSE 'success' END, n, \(sql: bytes), \(sql: bytes) FROM numbers
                """
            ]
        case .outbox:
            [
                """
                INSERT INTO outbox (event_offset, topics, type, members, request_id, created_at)
                SELECT n, '["roles"]', 'role.updated', '{}', 'r', n FROM numbers
                """,
                "INSERT INTO outbox_index (topic, event_offset) SELECT 'roles', n FROM numbers",
                """
                INSERT INTO audience_members (audience, user_id, since_offset) SELECT 'members:' || n % 2000, 1000 + n, 1 FROM numbers
                """,
            ]
        }
    }

    private func tables(of part: Part) -> [SQL] {
        switch part {
        case .users: ["users"]
        case .assignments: ["user_roles"]
        case .overrides: ["user_overrides"]
        case .sessions: ["sessions", "refresh_tokens", "known_addresses"]
        case .audit: ["audit_log"]
        case .outbox: ["outbox", "outbox_index", "audience_members"]
        }
    }

    private static func users(_ bytes: SQL) -> SQL {
        """
        INSERT INTO users (id, username, display_name, search_name, email_blind, locale, status, presence_version, last_seen_at, tags, is_banned,
            is_disabled, created_at, updated_at, version)
        SELECT 1000 + n, 'crowd' || n, 'Crowd ' || n, 'crowd' || n, \(sql: bytes), 'en', 'online', 1, n * 7919 % 20011, '[]', n % 100 = 0,
            n % 100 = 1, n, n, 1 FROM numbers
        """
    }

    private static func sessions(_ bytes: SQL) -> [SQL] {
        [
            """
            INSERT INTO sessions (id, user_id, cookie_hash, created_at, last_used_at, expires_at, ip, user_agent, label)
            SELECT n, 1000 + n, \(sql: bytes), n, n, 4000000000000, '192.0.2.1', 'test', 'test' FROM numbers
            """,
            "INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at) SELECT \(sql: bytes), n, n, 4000000000000 FROM numbers",
            "INSERT INTO known_addresses (user_id, address, last_used_at) SELECT 1000 + n, \(sql: bytes), n FROM numbers",
        ]
    }
}
