internal import Database
internal import Kernel

/// Somebody who asked to join and is no member yet: one row of `registrations`.
struct RegistrationRecord: Sendable {
    enum State: String, Sendable, CaseIterable {
        /// Waits for the e-mail address to answer.
        case unverified
        /// Waits for the team.
        case pending
        case refused
    }

    let id: RegistrationID
    let username: String
    let displayName: String?
    let emailCipher: [UInt8]
    let emailBlind: [UInt8]
    let locale: Language
    /// Empty for somebody who comes by another way and chose no password.
    private let passwordHash: String
    var chosenHash: String? { passwordHash.isEmpty ? nil : passwordHash }
    var state: State
    let needsApproval: Bool
    let invitationID: InvitationID?
    /// What the person tells the team.
    let message: String?
    let rulesVersion: Int64?
    let address: String
    let createdAt: Timestamp
    var verifiedAt: Timestamp?
    /// When the row goes, with the username and the invitation's use that it holds.
    var expiresAt: Timestamp?
    var decidedBy: UserID?
    var decidedAt: Timestamp?
    var reason: String?

    /// In the order of `init(_:)`.
    static let columns: SQL = """
        id, username, display_name, email_cipher, email_blind, locale, password_hash, state, needs_approval, invitation_id, message, rules_version, ip,
        created_at, verified_at, expires_at, decided_by, decided_at, reason
        """

    init(_ row: Row) {
        (id, username, displayName) = (row.id(0), row.text(1), row.optionalText(2))
        (emailCipher, emailBlind) = (row.blob(3), row.blob(4))
        locale = Language(rawValue: row.text(5)) ?? .english
        (passwordHash, state) = (row.text(6), State(rawValue: row.text(7)) ?? .refused)
        (needsApproval, invitationID, message) = (row.bool(8), row.optionalID(9), row.optionalText(10))
        (rulesVersion, address) = (row.optionalInt64(11), row.text(12))
        (createdAt, verifiedAt, expiresAt) = (row.time(13), row.optionalTime(14), row.optionalTime(15))
        (decidedBy, decidedAt, reason) = (row.optionalID(16), row.optionalTime(17), row.optionalText(18))
    }

    init(
        _ id: RegistrationID, _ draft: AccountDraft, email: (cipher: [UInt8], blind: [UInt8]), state: State, policy: SignupPolicy,
        message: String?,
        address: String, at now: Timestamp, expiresAt: Timestamp?
    ) {
        (self.id, username, displayName, locale) = (id, draft.username, draft.displayName, draft.locale)
        (emailCipher, emailBlind, passwordHash) = (email.cipher, email.blind, draft.passwordHash ?? "")
        (self.state, needsApproval, invitationID) = (state, policy.needsApproval, policy.invitation?.id)
        (self.message, rulesVersion, self.address, createdAt, self.expiresAt) = (message, policy.acceptedRules, address, now, expiresAt)
    }
}

/// The table `registrations`.
struct RegistrationStore: Sendable {
    /// How long an address has to answer.
    static let patience: Int64 = 86_400
    /// How long a refusal is remembered, and shown to whoever signs in.
    static let memory: Int64 = 30 * 86_400

    /// - Throws: `DatabaseError.unique` when somebody who waits has the username.
    func insert(_ record: RegistrationRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO registrations (\(sql: RegistrationRecord.columns))
            VALUES (\(record.id), \(record.username), \(record.displayName), \(record.emailCipher), \(record.emailBlind),
                \(record.locale.rawValue), \(record.chosenHash ?? ""), \(record.state.rawValue), \(record.needsApproval), \(record.invitationID),
                \(record.message), \(record.rulesVersion), \(record.address), \(record.createdAt), \(record.verifiedAt), \(record.expiresAt),
                NULL, NULL, NULL)
            """)
    }

    func find(_ id: RegistrationID, in transaction: Transaction) throws -> RegistrationRecord? {
        try transaction.row("SELECT \(sql: RegistrationRecord.columns) FROM registrations WHERE id = \(id)").map(RegistrationRecord.init)
    }

    /// The same, kept from others until the transaction ends.
    func locked(_ id: RegistrationID, in transaction: Transaction) throws -> RegistrationRecord? {
        guard try transaction.execute("UPDATE registrations SET state = state WHERE id = \(id)") == 1 else { return nil }
        return try find(id, in: transaction)
    }

    /// The latest of whoever signs in under this name.
    func latest(username: String, in transaction: Transaction) throws -> RegistrationRecord? {
        try transaction.row(
            "SELECT \(sql: RegistrationRecord.columns) FROM registrations WHERE username = \(username) ORDER BY id DESC LIMIT 1"
        ).map(RegistrationRecord.init)
    }

    /// Those with this e-mail address, the latest first.
    func all(emailBlind: [UInt8], in transaction: Transaction) throws -> [RegistrationRecord] {
        try transaction.rows(
            "SELECT \(sql: RegistrationRecord.columns) FROM registrations WHERE email_blind = \(emailBlind) ORDER BY id DESC LIMIT 20"
        ).map(RegistrationRecord.init)
    }

    /// Those in this state, the oldest first, after `after`.
    func page(_ state: RegistrationRecord.State, after: RegistrationID?, limit: Int, in transaction: Transaction) throws
        -> [RegistrationRecord]
    {
        try transaction.rows(
            """
            SELECT \(sql: RegistrationRecord.columns) FROM registrations
            WHERE state = \(state.rawValue) AND id > \(after ?? RegistrationID(rawValue: 0)) ORDER BY id LIMIT \(limit)
            """
        ).map(RegistrationRecord.init)
    }

    func count(_ state: RegistrationRecord.State, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM registrations WHERE state = \(state.rawValue)")?.int(0) ?? 0
    }

    /// Whether somebody who waits holds the name.
    func holds(username: String, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM registrations WHERE username = \(username) AND state <> 'refused'") != nil
    }

    func update(_ record: RegistrationRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE registrations SET state = \(record.state.rawValue), verified_at = \(record.verifiedAt), expires_at = \(record.expiresAt),
                decided_by = \(record.decidedBy), decided_at = \(record.decidedAt), reason = \(record.reason)
            WHERE id = \(record.id)
            """)
    }

    /// - Returns: what it was in the end; nil when it had gone before.
    @discardableResult
    func delete(_ id: RegistrationID, in transaction: Transaction) throws -> RegistrationRecord? {
        try transaction.row("DELETE FROM registrations WHERE id = \(id) RETURNING \(sql: RegistrationRecord.columns)").map(
            RegistrationRecord.init)
    }

    /// Those whose time is over, a hundred at most.
    func expired(at now: Timestamp, in transaction: Transaction) throws -> [RegistrationRecord] {
        try transaction.rows(
            "SELECT \(sql: RegistrationRecord.columns) FROM registrations WHERE expires_at <= \(now) ORDER BY expires_at LIMIT 100"
        ).map(RegistrationRecord.init)
    }
}
