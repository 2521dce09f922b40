internal import Crypto
package import Database
internal import Jobs
internal import Kernel

/// The table `mail_outbox`: what is to be sent, kept from the transaction of its cause until the mail server has it.
package struct MailOutbox: Sendable {
    let keyring: Keyring
    let ids: IDGenerator
    let clock: WallClock
    let queue: JobQueue?
    /// The job that sends.
    static let job = "mail.send"

    init(keyring: Keyring, ids: IDGenerator, clock: WallClock, queue: JobQueue?) {
        (self.keyring, self.ids, self.clock, self.queue) = (keyring, ids, clock, queue)
    }

    /// Adds a mail to the transaction that causes it.
    ///
    /// - Parameters:
    ///   - kind: what metrics and logs call it.
    ///   - lifetime: seconds after which it is not worth sending any more.
    package func post(_ letter: MailText, to address: String, kind: String, lifetime: Int64, in transaction: Transaction) throws {
        let (id, now) = (ids.next(AnyEntity.self), clock.now())
        try queue?.enqueue(Self.job, key: "posted", in: transaction)
        try transaction.execute(
            """
            INSERT INTO mail_outbox (id, kind, email_cipher, content, created_at, expires_at, attempts, next_attempt_at)
            VALUES (\(id), \(kind), \(keyring.fields.seal(address, column: Self.address, id: id.rawValue)),
                \(keyring.fields.seal(letter.json.bytes, column: Self.content, id: id.rawValue)), \(now), \(now.adding(seconds: lifetime)), 0, \(now))
            """)
    }

    /// One mail in the hands of one sender, nobody else's for `claim` seconds.
    struct Claim: Sendable {
        let id: RowID
        let kind: String
        let attempt: Int
        let createdAt: Timestamp
        let expiresAt: Timestamp
        /// Nil when its keys are lost.
        let content: (address: String, letter: MailText)?
    }

    /// Longer than a try can last.
    static let claim: Int64 = 60

    /// Takes the mail that has waited longest for its turn.
    func take(in transaction: Transaction) throws -> Claim? {
        let now = clock.now()
        let waiting = try transaction.row(
            """
            SELECT id, kind, attempts, created_at, expires_at, email_cipher, content FROM mail_outbox WHERE next_attempt_at <= \(now)
            ORDER BY next_attempt_at, id LIMIT 1
            """)
        guard let row = waiting else { return nil }
        let (id, attempts): (RowID, Int) = (row.id(0), row.int(2))
        // Of two nodes that saw the same row, one changes it.
        let taken = try transaction.execute(
            """
            UPDATE mail_outbox SET attempts = attempts + 1, next_attempt_at = \(now.adding(seconds: Self.claim))
            WHERE id = \(id) AND attempts = \(attempts) AND next_attempt_at <= \(now)
            """)
        guard taken == 1 else { return nil }
        return Claim(
            id: id, kind: row.text(1), attempt: attempts + 1, createdAt: row.time(3), expiresAt: row.time(4),
            content: content(id, row.optionalBlob(5), row.optionalBlob(6)))
    }

    /// The server has it: nothing of it stays here.
    func sent(_ claim: Claim, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM mail_outbox WHERE id = \(claim.id)")
    }

    func retry(_ claim: Claim, at time: Timestamp, because failure: String, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE mail_outbox SET next_attempt_at = \(time), failure = \(String(failure.prefix(300)))
            WHERE id = \(claim.id) AND attempts = \(claim.attempt)
            """)
    }

    /// Keeps that it failed, and why, but neither the address nor the text.
    func giveUp(_ claim: Claim, because failure: String, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE mail_outbox SET next_attempt_at = NULL, email_cipher = NULL, content = NULL, failed_at = \(clock.now()),
                failure = \(String(failure.prefix(300)))
            WHERE id = \(claim.id)
            """)
    }

    /// Forgets after a month what was given up.
    func sweep(in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM mail_outbox WHERE failed_at < \(clock.now().adding(seconds: -30 * 86_400))")
    }

    /// When the next attempt at any mail is; nil when none waits.
    func next(in transaction: Transaction) throws -> Timestamp? {
        try transaction.row("SELECT MIN(next_attempt_at) FROM mail_outbox")?.optionalTime(0)
    }

    /// How many wait.
    func count(in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM mail_outbox WHERE next_attempt_at IS NOT NULL")?.int(0) ?? 0
    }

    private static let (address, content) = ("mail_outbox.email", "mail_outbox.content")

    private func content(_ id: RowID, _ address: [UInt8]?, _ content: [UInt8]?) -> (address: String, letter: MailText)? {
        guard let address, let content else { return nil }
        do {
            let json = try JSONParser.parse(own: try keyring.fields.open(content, column: Self.content, id: id.rawValue))
            guard let letter = MailText(json) else { return nil }
            return (try keyring.fields.openText(address, column: Self.address, id: id.rawValue), letter)
        } catch {
            return nil
        }
    }
}
