internal import Crypto
internal import Database
internal import Kernel

/// How a client keeps its session.
enum SessionMode: Sendable {
    /// An access token and a refresh token in the answer.
    case tokens
    /// One opaque cookie that scripts cannot read.
    case cookie
}

/// A session just begun or prolonged, with the secret that its client is to keep.
struct OpenedSession: Sendable {
    let id: SessionID
    let userID: UserID
    let mode: SessionMode
    /// The refresh token or the cookie's value; only its hash is stored.
    let secret: String
    let expiresAt: Timestamp
}

/// One line of a person's list of sessions.
struct SessionRecord: Sendable {
    let id: SessionID
    let userID: UserID
    let isCookie: Bool
    let createdAt: Timestamp
    let lastUsedAt: Timestamp
    let expiresAt: Timestamp
    let address: String
    let userAgent: String
    let label: String

    static let columns: SQL = "id, user_id, cookie_hash IS NOT NULL, created_at, last_used_at, expires_at, ip, user_agent, label"

    init(_ row: Row) {
        (id, userID, isCookie, createdAt) = (row.id(0), row.id(1), row.bool(2), row.time(3))
        (lastUsedAt, expiresAt, address, userAgent, label) = (row.time(4), row.time(5), row.text(6), row.text(7), row.text(8))
    }

    func json(current: SessionID?) -> JSON {
        [
            "id": JSON(id), "user_id": JSON(userID), "current": .bool(id == current), "kind": isCookie ? "cookie" : "tokens",
            "label": .string(label), "ip": .string(address), "user_agent": .string(userAgent), "created_at": JSON(createdAt),
            "last_used_at": JSON(lastUsedAt), "expires_at": JSON(expiresAt),
        ]
    }
}

/// The tables `sessions` and `refresh_tokens`.
struct SessionStore: Sendable {
    let ids: IDGenerator
    let lifetime: Int64
    let key: HMACKey
    /// Hears of what ended.
    let feed: RevocationFeed

    func open(_ user: UserID, _ mode: SessionMode, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> OpenedSession {
        let (id, secret) = (ids.next(Session.self), Random.token())
        let expiresAt = now.adding(seconds: lifetime)
        let cookieHash = mode == .cookie ? SHA256.digest(secret) : nil
        try transaction.execute(
            """
            INSERT INTO sessions (id, user_id, cookie_hash, created_at, last_used_at, expires_at, ip, user_agent, label)
            VALUES (\(id), \(user), \(cookieHash), \(now), \(now), \(expiresAt), \(scope.address), \(scope.userAgent),
                \(DeviceLabel.text(for: scope.userAgent)))
            """)
        if mode == .tokens { try insertRefresh(secret, id, at: now, expiresAt: expiresAt, in: transaction) }
        return OpenedSession(id: id, userID: user, mode: mode, secret: secret, expiresAt: expiresAt)
    }

    /// What became of a refresh token.
    enum Refresh: Sendable {
        case renewed(OpenedSession)
        /// It was spent before: the whole family is revoked, so that whoever copied it is out.
        case reused([SessionRevocation])
        case unknown
    }

    /// For so long after it was spent a token gives the same successor again: two tabs, or a client that missed the answer, ask twice.
    static let overlapSeconds: Int64 = 10

    /// Spends the token and gives its successor. Of two that come at once both get the same one; later it is a reuse.
    func refresh(_ token: String, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Refresh {
        let hash = SHA256.digest(token)
        let spent = try transaction.row(
            "UPDATE refresh_tokens SET used_at = \(now) WHERE hash = \(hash) AND used_at IS NULL AND expires_at > \(now) RETURNING session_id"
        )
        guard let spent else { return try repeated(token, hash, at: now, in: transaction) }
        let expiresAt = now.adding(seconds: lifetime)
        let session = try transaction.row(
            """
            UPDATE sessions SET last_used_at = \(now), expires_at = \(expiresAt), ip = \(scope.address), user_agent = \(scope.userAgent)
            WHERE id = \(spent.id(0, Session.self)) AND revoked_at IS NULL RETURNING id, user_id
            """)
        guard let session else { return .unknown }
        let secret = successor(of: token)
        try insertRefresh(secret, session.id(0), at: now, expiresAt: expiresAt, in: transaction)
        return .renewed(OpenedSession(id: session.id(0), userID: session.id(1), mode: .tokens, secret: secret, expiresAt: expiresAt))
    }

    /// A token that was spent: its successor again, as long as nobody has spent that and the overlap lasts; else the end of the family.
    private func repeated(_ token: String, _ hash: [UInt8], at now: Timestamp, in transaction: Transaction) throws -> Refresh {
        guard
            let row = try transaction.row("SELECT session_id, used_at FROM refresh_tokens WHERE hash = \(hash) AND used_at IS NOT NULL")
        else { return .unknown }
        let (session, usedAt): (SessionID, Timestamp) = (row.id(0), row.time(1))
        let secret = successor(of: token)
        let open = try transaction.row(
            """
            SELECT sessions.user_id, refresh_tokens.expires_at FROM refresh_tokens JOIN sessions ON sessions.id = refresh_tokens.session_id
            WHERE refresh_tokens.hash = \(SHA256.digest(secret)) AND refresh_tokens.used_at IS NULL AND refresh_tokens.expires_at > \(now)
                AND sessions.revoked_at IS NULL
            """)
        guard let open, abs(now.milliseconds - usedAt.milliseconds) <= Self.overlapSeconds * 1000 else {
            return .reused(try revoke("id = \(session)", .reuse, at: now, in: transaction))
        }
        return .renewed(OpenedSession(id: session, userID: open.id(0), mode: .tokens, secret: secret, expiresAt: open.time(1)))
    }

    /// Follows from the token and a key of ours, so that it can be given again without being stored.
    private func successor(of token: String) -> String { Base64URL.encode(key.authenticate(Array("refresh\0\(token)".utf8))) }

    private func insertRefresh(_ token: String, _ session: SessionID, at now: Timestamp, expiresAt: Timestamp, in transaction: Transaction)
        throws
    {
        try transaction.execute(
            """
            INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at)
            VALUES (\(SHA256.digest(token)), \(session), \(now), \(expiresAt))
            """)
    }

    /// Ends the sessions that match and are still open.
    ///
    /// - Parameter condition: over the columns of `sessions`.
    /// - Returns: what ended, of which the feed hears once it is committed.
    @discardableResult
    func revoke(_ condition: SQL, _ reason: SessionRevocation.Reason, at now: Timestamp, in transaction: Transaction) throws
        -> [SessionRevocation]
    {
        let rows = try transaction.rows(
            """
            UPDATE sessions SET revoked_at = \(now), revoke_reason = \(reason.rawValue)
            WHERE revoked_at IS NULL AND expires_at > \(now) AND \(sql: condition) RETURNING id, user_id
            """)
        let revocations = rows.map { SessionRevocation(sessionID: $0.id(0), userID: $0.id(1), reason: reason, at: now) }
        for revocation in revocations { transaction.atCommit(NumberedRevocation(revocation: revocation)) }
        if !revocations.isEmpty { transaction.afterCommit { [feed] in feed.apply(revocations) } }
        return revocations
    }

    /// The open session of a cookie.
    func session(cookie hash: [UInt8], at now: Timestamp, in transaction: Transaction) throws -> SessionRecord? {
        try transaction.row(
            """
            SELECT \(sql: SessionRecord.columns) FROM sessions WHERE cookie_hash = \(hash) AND revoked_at IS NULL AND expires_at > \(now)
            """
        ).map(SessionRecord.init)
    }

    /// An open session.
    func session(_ id: SessionID, at now: Timestamp, in transaction: Transaction) throws -> SessionRecord? {
        try transaction.row(
            "SELECT \(sql: SessionRecord.columns) FROM sessions WHERE id = \(id) AND revoked_at IS NULL AND expires_at > \(now)"
        ).map(SessionRecord.init)
    }

    /// The open sessions of a person, the newest first, older than `before`.
    func sessions(of user: UserID, before: SessionID?, limit: Int, at now: Timestamp, in transaction: Transaction) throws -> [SessionRecord]
    {
        try transaction.rows(
            """
            SELECT \(sql: SessionRecord.columns) FROM sessions
            WHERE user_id = \(user) AND id < \(before ?? SessionID(rawValue: .max)) AND revoked_at IS NULL AND expires_at > \(now)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(SessionRecord.init)
    }

    /// How many open sessions a person has.
    func count(of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM sessions WHERE user_id = \(user) AND revoked_at IS NULL AND expires_at > \(now)")?.int(0)
            ?? 0
    }

    /// Notes when sessions were last used; a cookie's session lives on from there, a token's only by refreshing.
    func touch(_ uses: [SessionID: Timestamp], in transaction: Transaction) throws {
        for (id, at) in uses.sorted(by: { $0.key < $1.key }) {
            try transaction.execute(
                """
                UPDATE sessions SET last_used_at = \(at),
                    expires_at = CASE WHEN cookie_hash IS NULL THEN expires_at ELSE \(at.adding(seconds: lifetime)) END
                WHERE id = \(id) AND revoked_at IS NULL AND last_used_at < \(at)
                """)
        }
    }

    /// Forgets what ended long ago: sessions after 30 days, spent tokens after their own lifetime, revocations after a day.
    func sweep(at now: Timestamp, in transaction: Transaction) throws {
        let month = now.adding(seconds: -30 * 86_400)
        try transaction.execute("DELETE FROM sessions WHERE expires_at < \(month)")
        try transaction.execute("DELETE FROM refresh_tokens WHERE expires_at < \(now)")
        try transaction.execute("DELETE FROM session_revocations WHERE created_at < \(now.adding(seconds: -86_400))")
        try transaction.execute("DELETE FROM setup_tokens WHERE expires_at < \(now)")
        try transaction.execute("DELETE FROM known_addresses WHERE last_used_at < \(now.adding(seconds: -90 * 86_400))")
    }
}
