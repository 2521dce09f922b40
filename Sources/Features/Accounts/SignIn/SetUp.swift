internal import Authorization
internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Runtime
internal import Web

/// The first owner: `POST /auth/setup`, and the owner named by the settings.
extension AccountsFeature {
    private static let linkLifetime: Int64 = 3600

    /// A new set-up token, valid for an hour, in place of the one before; nil once the site has an owner.
    package func issueSetUpToken() async throws -> String? {
        let (token, now) = (Random.token(), clock.now())
        return try await database.write { [self] transaction in
            if try hasOwner(in: transaction) { return nil }
            try transaction.execute("DELETE FROM setup_tokens")
            try transaction.execute(
                """
                INSERT INTO setup_tokens (hash, created_at, expires_at)
                VALUES (\(SHA256.digest(token)), \(now), \(now.adding(seconds: Self.linkLifetime)))
                """)
            return token
        }
    }

    /// What became of an owner named by the settings.
    package enum NamedOwner: Sendable, Equatable {
        case made(username: String)
        /// There was one: the settings count for nothing, which is worth a warning.
        case ignored
    }

    /// Makes the first owner from the settings.
    ///
    /// - Throws: a `Problem` when the name, the address or the password cannot be used.
    package func makeOwner(email: String, username: String, password: String) async throws -> NamedOwner {
        if try await database.read({ [self] in try hasOwner(in: $0) }) { return .ignored }
        var input = try Input(["email": .string(email), "username": .string(username), "password": .string(password)])
        var (draft, password) = try newAccount(&input, language: .english)
        draft.passwordHash = try await hasher.hash(password, for: .server)
        password = ""
        let (account, now) = (draft, clock.now())
        return try await database.write { [self] transaction in
            guard try makeFirstOwner(account, scope: Scope(requestID: "start"), at: now, in: transaction) != nil else {
                return .ignored
            }
            return .made(username: account.username)
        }
    }

    func setUp(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        let mode = try Self.sessionMode(call.request)
        var input = try Input(try call.body())
        let given = input.string("token", length: 1...200, required: true)
        let (account, password) = try newAccount(&input, language: call.scope.language)
        let (hash, scope, now) = (SHA256.digest(try input.required(given)), call.scope, clock.now())
        // Looked at before the password is hashed, claimed after: a wrong token costs nothing.
        let isGood = try await database.read { [self] transaction in
            if try hasOwner(in: transaction) { throw Self.alreadySetUp }
            return try transaction.row("SELECT 1 FROM setup_tokens WHERE hash = \(hash) AND expires_at > \(now)") != nil
        }
        guard isGood else { throw Self.wrongSetUpToken }
        var draft = account
        draft.passwordHash = try await hasher.hash(password, for: .stranger(scope))
        let (owner, address) = (draft, addressKey(scope.address))
        let opened = try await database.write { [self] transaction in
            guard try transaction.execute("DELETE FROM setup_tokens WHERE hash = \(hash) AND expires_at > \(now)") == 1 else {
                throw Self.wrongSetUpToken
            }
            guard let member = try makeFirstOwner(owner, scope: scope, at: now, in: transaction) else { throw Self.alreadySetUp }
            try ChosenLanguage.note(member.id, in: transaction)
            return try enter(member.id, mode, address: address, action: "auth.setup", scope: scope, at: now, in: transaction)
        }
        onSetUp()
        return try await sessionReply(opened, status: 201, scope: scope)
    }

    /// - Returns: nil when there is an owner by now.
    private func makeFirstOwner(
        _ draft: AccountDraft, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> Member? {
        try lockRights(in: transaction)
        if try hasOwner(in: transaction) { return nil }
        let member = try insertAccount(draft, scope: scope, at: now, in: transaction)
        try roles.assignments.assignInitial(member.id, [.member, .owner], scope: scope, in: transaction)
        try transaction.execute("DELETE FROM setup_tokens")
        return member
    }

    private static let alreadySetUp = Problem.conflict(
        "already_set_up",
        LocalizedText(en: "This site has an owner already. Sign in.", fr: "Ce site a déjà un propriétaire. Connectez-vous."))

    private static let wrongSetUpToken = Problem.forbidden(
        "setup_token_invalid",
        LocalizedText(
            en: "This set-up link is not valid any more. Start the server again for a new one.",
            fr: "Ce lien d’installation n’est plus valable. Redémarrez le serveur pour en obtenir un nouveau."))
}
