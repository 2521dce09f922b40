internal import Crypto
internal import Database
internal import Kernel

/// A sign-in on its way to a provider and back.
struct SignInAttempt: Sendable {
    let provider: RowID
    let nonce: String
    let verifier: String
    let returnTo: String
    /// Who links the provider while signed in, and in which session.
    let link: (user: UserID, session: SessionID)?
}

/// The tables `sign_in_attempts` and `sign_in_tickets`: each row is good once, for ten minutes, in the browser that began it.
struct AttemptTable: Sendable {
    let cipher: FieldCipher
    let ids: IDGenerator

    private static let verifierColumn = "sign_in_attempts.verifier"
    private static let contentColumn = "sign_in_tickets.content"

    func insert(_ attempt: SignInAttempt, state: String, browser: [UInt8], at now: Timestamp, in transaction: Transaction) throws {
        let id = ids.next(AnyEntity.self)
        try transaction.execute(
            """
            INSERT INTO sign_in_attempts
                (state_hash, id, provider_id, nonce, verifier_cipher, browser_hash, return_to, link_user, link_session, expires_at)
            VALUES (\(SHA256.digest(state)), \(id), \(attempt.provider), \(attempt.nonce),
                \(cipher.seal(attempt.verifier, column: Self.verifierColumn, id: id.rawValue)), \(browser), \(attempt.returnTo),
                \(attempt.link?.user), \(attempt.link?.session), \(now.adding(seconds: BrowserBinding.lifetime)))
            """)
    }

    /// Spends the attempt; in another browser it stays.
    func spend(state: String, browser: [UInt8], at now: Timestamp, in transaction: Transaction) throws -> SignInAttempt? {
        let row = try transaction.row(
            """
            DELETE FROM sign_in_attempts
            WHERE state_hash = \(SHA256.digest(state)) AND browser_hash = \(browser) AND expires_at > \(now)
            RETURNING id, provider_id, nonce, verifier_cipher, return_to, link_user, link_session
            """)
        guard let row else { return nil }
        var link: (user: UserID, session: SessionID)?
        if let user = row.optionalID(5, User.self), let session = row.optionalID(6, Session.self) { link = (user, session) }
        return SignInAttempt(
            provider: row.id(1), nonce: row.text(2),
            verifier: try cipher.openText(row.blob(3), column: Self.verifierColumn, id: row.int64(0)), returnTo: row.text(4), link: link)
    }

    /// - Returns: the secret that the page gets behind the `#`.
    func issue(
        _ ticket: String, _ content: SignInTicket, provider: RowID, browser: [UInt8], at now: Timestamp, in transaction: Transaction
    ) throws {
        let id = ids.next(AnyEntity.self)
        try transaction.execute(
            """
            INSERT INTO sign_in_tickets (hash, id, provider_id, browser_hash, content, user_id, expires_at)
            VALUES (\(SHA256.digest(ticket)), \(id), \(provider), \(browser),
                \(cipher.seal(content.json.bytes, column: Self.contentColumn, id: id.rawValue)), \(content.user),
                \(now.adding(seconds: BrowserBinding.lifetime)))
            """)
    }

    func find(_ ticket: String, browser: [UInt8], at now: Timestamp, in transaction: Transaction) throws
        -> (provider: RowID, content: SignInTicket)?
    {
        let row = try transaction.row(
            """
            SELECT id, provider_id, content, user_id FROM sign_in_tickets
            WHERE hash = \(SHA256.digest(ticket)) AND browser_hash = \(browser) AND expires_at > \(now)
            """)
        guard let row else { return nil }
        let stored = try JSONParser.parse(own: try cipher.open(row.blob(2), column: Self.contentColumn, id: row.int64(0)))
        guard let content = SignInTicket(stored: stored, user: row.optionalID(3)) else { return nil }
        return (row.id(1), content)
    }

    /// - Throws: 403 when somebody else was first.
    func spend(_ ticket: String, in transaction: Transaction) throws {
        guard try transaction.execute("DELETE FROM sign_in_tickets WHERE hash = \(SHA256.digest(ticket))") == 1 else {
            throw OpenIDProblems.expired
        }
    }

    /// Forgets what was not finished.
    func sweep(at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM sign_in_attempts WHERE expires_at <= \(now)")
        try transaction.execute("DELETE FROM sign_in_tickets WHERE expires_at <= \(now)")
        try transaction.execute("DELETE FROM logout_tokens WHERE expires_at <= \(now)")
        try transaction.execute(
            """
            DELETE FROM external_registrations
            WHERE NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.id = external_registrations.registration_id)
            """)
    }
}

/// What a provider said of somebody, as far as the rest of their sign-in needs it.
struct SignInTicket: Sendable {
    /// Who it is here; nil for somebody new.
    let user: UserID?
    let person: ProviderPerson
    let returnTo: String

    init(user: UserID?, person: ProviderPerson, returnTo: String) { (self.user, self.person, self.returnTo) = (user, person, returnTo) }

    var json: JSON { ["person": person.json, "return_to": .string(returnTo)] }

    init?(stored: JSON, user: UserID?) {
        guard let person = stored["person"].flatMap(ProviderPerson.init(stored:)), let returnTo = stored["return_to"]?.string else {
            return nil
        }
        self.init(user: user, person: person, returnTo: returnTo)
    }
}
