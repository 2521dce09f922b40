internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Runtime
internal import Sanctions
internal import Web

/// `POST /auth/register` and `GET /auth/registration`
extension AccountsFeature {
    /// What somebody at the door needs to know, whoever they are.
    func readRegistration(_ call: Call) async throws -> Reply {
        let isOn = sendsMail
        return try await database.read { [self] transaction in
            .json(
                200,
                [
                    "mode": .string(try registrationMode(in: transaction).rawValue),
                    "rules": try SiteRules.current(in: transaction)?.json ?? .null, "verifies_email": .bool(isOn),
                    "resets_passwords": .bool(isOn), "site_name": JSON(try siteName(in: transaction)),
                    "has_owner": .bool(try hasOwner(in: transaction)),
                ])
        }
    }

    /// Makes an account and signs it in; or, where the address or the team has to answer first, keeps what was given until then (202).
    func register(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        let mode = try Self.sessionMode(call.request)
        var input = try Input(try call.body())
        let request = SignupRequest(&input)
        let (given, password) = try newAccount(&input, language: call.scope.language)
        // Looked at before the password is hashed, gone through after: a closed door costs nothing.
        _ = try await database.read { [self] in try signupPolicy(request, in: $0) }
        try limiter.spend(RateLimiter.Charge(.registrations, AddressBlock.of(call.scope.address)))
        var draft = given
        draft.passwordHash = try await hasher.hash(password, for: .stranger(call.scope))
        let (account, scope, now) = (draft, call.scope, clock.now())
        let address = addressKey(scope.address)
        let outcome = try await database.write { [self] transaction -> Arrival in
            // Where mail can be sent nobody is a member at once, so nobody's rights change.
            if !sendsMail { try lockRights(in: transaction) }
            let policy = try signupPolicy(request, in: transaction)
            if let invitation = policy.invitation { try claim(invitation, at: now, in: transaction) }
            try claim(username: account.username, in: transaction)
            try sanctions.filters.checkNew(
                [("/username", account.username), ("/display_name", account.displayName ?? "")], in: transaction)
            if sendsMail || policy.needsApproval {
                return .waiting(try keep(account, request, policy, scope: scope, at: now, in: transaction).state)
            }
            let member = try admit(
                account, AdmissionTerms(policy), scope: scope, at: now, in: transaction)
            var actor = scope
            actor.userID = member.id
            return .in(
                try enter(
                    member.id, mode, address: address, action: "auth.register", detail: AdmissionTerms(policy).audited, scope: actor,
                    at: now,
                    in: transaction))
        }
        switch outcome {
        case .in(let opened): return try await sessionReply(opened, status: 201, scope: scope)
        case .waiting(let state): return .json(202, ["state": .string(state)])
        }
    }

    /// Before somebody takes a username, as a member or waiting to be one: nobody else takes it until the transaction ends.
    ///
    /// - Throws: 409 when somebody who waits holds it, or an import. The table of members tells by itself of theirs.
    func claim(username: String, in transaction: Transaction) throws {
        // Two tables hold names, so that no index can tell. SQLite has one writer anyway.
        if transaction.dialect == .postgres {
            try transaction.execute("SELECT pg_advisory_xact_lock(1, hashtext(current_schema() || CAST(\(username) AS TEXT)))")
        }
        guard try !applicants.holds(username: username, in: transaction), try !MemberImportTable.holds(username: username, in: transaction)
        else { throw Self.usernameTaken }
    }

    private enum Arrival: Sendable {
        case `in`(OpenedSession)
        /// For `verify_email` or `pending_approval`.
        case waiting(String)
    }

    /// Keeps what was given until the address, or the team, has answered. It does the same for every address, taken or not.
    ///
    /// - Parameter isVouched: the address was proven to be theirs, so that it has nothing to answer.
    func keep(
        _ draft: AccountDraft, _ request: SignupRequest, _ policy: SignupPolicy, isVouched: Bool = false, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws -> (id: RegistrationID, state: String) {
        let id = ids.next(Registration.self)
        guard let email = draft.email else { throw Problem.invalid("/email", "required", Self.addressNeeded) }
        let isTaken = try isMembers(email, in: transaction)
        let mustAnswer = sendsMail && !isVouched
        // Without mail nobody else can tell the person, as at any other site without it. Whose address it is may know.
        if isTaken, !mustAnswer { throw Self.emailTaken }
        guard try transaction.row("SELECT 1 FROM users WHERE username = \(draft.username)") == nil else { throw Self.usernameTaken }
        var record = RegistrationRecord(
            id, draft, email: (keyring.fields.seal(email.text, column: Self.registrationEmail, id: id.rawValue), blind(email)),
            state: mustAnswer ? .unverified : .pending, policy: policy, message: request.message, address: scope.address, at: now,
            expiresAt: mustAnswer ? now.adding(seconds: RegistrationStore.patience) : nil)
        if isVouched { record.verifiedAt = now }
        try Self.namingConflicts { try applicants.insert(record, in: transaction) }
        guard mustAnswer else {
            announce(record.id, record.state.rawValue, scope: scope, at: now, in: transaction)
            return (record.id, "pending_approval")
        }
        if mayMail(.register, email.text, asker: AddressBlock.of(scope.address)) {
            let link = try mailTokens.issue(.register, for: id.rawValue, blind: blind(email), at: now, in: transaction)
            try post(
                isTaken ? .alreadyMember : .confirmRegistration(link, username: record.username), record.locale, to: email.text,
                in: transaction)
        }
        return (record.id, "verify_email")
    }

    /// Reads the fields that somebody gives who makes their own account, and finishes the input.
    func newAccount(_ input: inout Input, language: Language) throws(Problem) -> (draft: AccountDraft, password: String) {
        let username = input.username(required: true)
        let email = input.email("email", required: true)
        let displayName = input.displayName()
        let locale = input.language()
        let password = Password.read(&input, names: [username, email?.text])
        try input.finish()
        var draft = AccountDraft(username: try input.required(username), email: try input.required(email))
        (draft.displayName, draft.locale) = (displayName, locale ?? language)
        return (draft, try input.required(password))
    }

    static let registrationEmail = "registrations.email"
    private static let addressNeeded = LocalizedText(en: "This field is required.", fr: "Ce champ est obligatoire.")
}
