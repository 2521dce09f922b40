internal import Crypto
internal import Database
internal import Kernel

/// Who somebody is at a provider, by whom they are known here.
struct ExternalIdentity: Sendable {
    let id: RowID
    let issuer: String
    let subject: String
    let user: UserID
    /// An address or a name, by which the person knows it.
    let label: String?
    let createdAt: Timestamp
    let lastUsedAt: Timestamp?
}

/// The table `external_identities`, and those that hang on it.
struct IdentityTable: Sendable {
    let cipher: FieldCipher
    let ids: IDGenerator

    private static let labelColumn = "external_identities.label"
    private static let registrationColumn = "external_registrations.label"
    private static let columns: SQL = "id, issuer, subject, user_id, label_cipher, created_at, last_used_at"

    private func read(_ row: Row) throws -> ExternalIdentity {
        let id = row.id(0, AnyEntity.self)
        return ExternalIdentity(
            id: id, issuer: row.text(1), subject: row.text(2), user: row.id(3),
            label: try row.optionalBlob(4).map { try cipher.openText($0, column: Self.labelColumn, id: id.rawValue) },
            createdAt: row.time(5), lastUsedAt: row.optionalTime(6))
    }

    /// Who it is here.
    func user(_ issuer: String, _ subject: String, in transaction: Transaction) throws -> UserID? {
        try transaction.row("SELECT user_id FROM external_identities WHERE issuer = \(issuer) AND subject = \(subject)")?.id(0)
    }

    func all(of user: UserID, in transaction: Transaction) throws -> [ExternalIdentity] {
        try transaction.rows("SELECT \(sql: Self.columns) FROM external_identities WHERE user_id = \(user) ORDER BY id").map(read)
    }

    func find(_ id: RowID, of user: UserID, in transaction: Transaction) throws -> ExternalIdentity? {
        try transaction.row("SELECT \(sql: Self.columns) FROM external_identities WHERE id = \(id) AND user_id = \(user)").map(read)
    }

    func isLinked(_ user: UserID, to issuer: String, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM external_identities WHERE user_id = \(user) AND issuer = \(issuer)") != nil
    }

    /// How many of somebody's let them in at this moment.
    func usable(of user: UserID, in transaction: Transaction) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) FROM external_identities JOIN identity_providers ON identity_providers.issuer = external_identities.issuer
            WHERE external_identities.user_id = \(user) AND identity_providers.is_enabled
            """)?.int(0) ?? 0
    }

    /// - Throws: 409 when the person at the provider, or the member's place at it, is taken.
    func link(
        _ issuer: String, _ subject: String, to user: UserID, label: String?, at now: Timestamp, in transaction: Transaction
    ) throws {
        if let holder = try self.user(issuer, subject, in: transaction) {
            if holder == user { return }
            throw OpenIDProblems.identityTaken
        }
        guard try !isLinked(user, to: issuer, in: transaction) else { throw OpenIDProblems.alreadyLinked }
        let id = ids.next(AnyEntity.self)
        let sealed = label.map { cipher.seal($0, column: Self.labelColumn, id: id.rawValue) }
        let count = try transaction.execute(
            """
            INSERT INTO external_identities (\(sql: Self.columns))
            VALUES (\(id), \(issuer), \(subject), \(user), \(sealed), \(now), NULL) ON CONFLICT DO NOTHING
            """)
        // Of two requests at once the other was first.
        if count == 0 { throw OpenIDProblems.identityTaken }
    }

    func use(_ issuer: String, _ subject: String, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE external_identities SET last_used_at = \(now) WHERE issuer = \(issuer) AND subject = \(subject)")
    }

    func delete(_ id: RowID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM external_identities WHERE id = \(id)")
    }

    /// Ends what was linked before the address of the account was proven.
    ///
    /// - Returns: how many.
    func deleteUnproven(of user: UserID, before provenAt: Timestamp?, in transaction: Transaction) throws -> Int {
        let end = provenAt ?? Timestamp(milliseconds: .max)
        return try transaction.execute("DELETE FROM external_identities WHERE user_id = \(user) AND created_at < \(end)")
    }

    /// Keeps who somebody is at a provider who has to wait for the team or their address.
    func keep(
        _ issuer: String, _ subject: String, label: String?, for registration: RegistrationID, at now: Timestamp,
        in transaction: Transaction
    ) throws {
        // Whoever asks again with the same proof means the last time.
        try transaction.execute("DELETE FROM external_registrations WHERE issuer = \(issuer) AND subject = \(subject)")
        try transaction.execute(
            """
            INSERT INTO external_registrations (registration_id, issuer, subject, label_cipher, created_at)
            VALUES (\(registration), \(issuer), \(subject),
                \(label.map { cipher.seal($0, column: Self.registrationColumn, id: registration.rawValue) }), \(now))
            """)
    }

    /// With which registration somebody waits.
    func registration(_ issuer: String, _ subject: String, in transaction: Transaction) throws -> RegistrationID? {
        try transaction.row("SELECT registration_id FROM external_registrations WHERE issuer = \(issuer) AND subject = \(subject)")?.id(0)
    }

    /// Links whoever waited and becomes a member.
    func admit(_ registration: RegistrationID, as user: UserID, at now: Timestamp, in transaction: Transaction) throws {
        let row = try transaction.row(
            "DELETE FROM external_registrations WHERE registration_id = \(registration) RETURNING issuer, subject, label_cipher")
        guard let row else { return }
        let (issuer, subject) = (row.text(0), row.text(1))
        let label = try row.optionalBlob(2).map {
            try cipher.openText($0, column: Self.registrationColumn, id: registration.rawValue)
        }
        // Meanwhile the proof may have been linked to another account.
        guard try self.user(issuer, subject, in: transaction) == nil else { return }
        try link(issuer, subject, to: user, label: label, at: now, in: transaction)
    }
}
