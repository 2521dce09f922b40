internal import Crypto
package import Database
internal import Directory
package import Kernel
internal import Runtime
internal import Sanctions
internal import Web

/// Somebody new who comes through the registration door with another proof than a password.
package struct Newcomer: Sendable {
    let draft: AccountDraft
    let request: SignupRequest
    /// Whether the address was proven to be theirs by somebody whom the site trusts.
    let isVouched: Bool
    let password: String?
}

/// What became of somebody new.
package enum ExternalArrival: Sendable {
    case entered(ExternalSession)
    /// Until the address or the team has answered: `verify_email` or `pending_approval`.
    case waiting(state: String)
}

extension AccountsFeature {
    /// Reads what somebody new gives beside their proof, and finishes the input.
    ///
    /// - Parameters:
    ///   - vouched: the address that somebody trusted vouches for; the person gives one otherwise.
    ///   - suggested: the address that they gave elsewhere, taken when they give none.
    package func newcomer(
        _ input: inout Input, vouched: String?, suggested: String?, language: Language
    ) throws(Problem) -> Newcomer {
        let request = SignupRequest(&input)
        let username = input.username(required: true)
        let vouchedFor = vouched.flatMap(EmailAddress.init)
        let other = suggested.flatMap(EmailAddress.init)
        let given = input.email("email", required: vouchedFor == nil && other == nil)
        let displayName = input.displayName()
        let locale = input.language()
        let email = vouchedFor ?? given ?? other
        // A link in a mail confirms nothing without the password that was chosen with the request.
        let password = Password.read(&input, required: sendsMail && vouchedFor == nil, names: [username, email?.text])
        try input.finish()
        var draft = AccountDraft(username: try input.required(username), email: try input.required(email))
        (draft.displayName, draft.locale) = (displayName, locale ?? language)
        return Newcomer(draft: draft, request: request, isVouched: vouchedFor != nil, password: password)
    }

    /// Whether the door is open to somebody, without going through it.
    package func isDoorOpen(in transaction: Transaction) throws -> Bool { try registrationMode(in: transaction) != .closed }

    /// Whether mail can be sent, so that an address for which nobody vouches has to answer.
    package var confirmsAddresses: Bool { sendsMail }

    /// Lets somebody new in, by the rules of registration; or keeps what they gave until their address or the team has answered.
    ///
    /// - Parameters:
    ///   - waiting: runs in the same transaction, when they have to wait.
    ///   - entered: runs in the same transaction, with the session of the new member.
    package func join(
        _ newcomer: Newcomer, by proof: ExternalProof, isCookie: Bool, scope: Scope,
        confirm: @escaping @Sendable (Transaction) throws -> Void,
        waiting: @escaping @Sendable (RegistrationID, Transaction) throws -> Void,
        entered: @escaping @Sendable (ExternalSession, Transaction) throws -> Void
    ) async throws -> ExternalArrival {
        let (request, now) = (newcomer.request, clock.now())
        _ = try await database.read { [self] in try signupPolicy(request, in: $0) }
        try limiter.spend(RateLimiter.Charge(.registrations, AddressBlock.of(scope.address)))
        var draft = newcomer.draft
        if let password = newcomer.password { draft.passwordHash = try await hasher.hash(password, for: .stranger(scope)) }
        let (account, address) = (draft, addressKey(scope.address))
        return try await database.write { [self] transaction in
            try lockRights(in: transaction)
            try confirm(transaction)
            let policy = try signupPolicy(request, in: transaction)
            if let invitation = policy.invitation { try claim(invitation, at: now, in: transaction) }
            try claim(username: account.username, in: transaction)
            try sanctions.filters.checkNew(
                [("/username", account.username), ("/display_name", account.displayName ?? "")], in: transaction)
            if policy.needsApproval || sendsMail && !newcomer.isVouched {
                let (id, state) = try keep(
                    account, request, policy, isVouched: newcomer.isVouched, scope: scope, at: now, in: transaction)
                try waiting(id, transaction)
                return .waiting(state: state)
            }
            var terms = AdmissionTerms(policy)
            if newcomer.isVouched { terms.verifiedAt = now }
            let member = try admit(account, terms, scope: scope, at: now, in: transaction)
            var (actor, detail) = (scope, terms.audited)
            actor.userID = member.id
            detail.append("means", .string(proof.means))
            for (name, value) in proof.detail { detail.append(name, value) }
            let session = ExternalSession(
                opened: try enter(
                    member.id, isCookie ? .cookie : .tokens, address: address, action: "auth.register", detail: detail, scope: actor,
                    at: now, in: transaction))
            try entered(session, transaction)
            return .entered(session)
        }
    }

    /// The account behind an address, those included that were deleted.
    ///
    /// - Returns: nil for nobody, and for what is no address.
    package func holder(of address: String, in transaction: Transaction) throws -> (user: UserID, isProven: Bool, isHere: Bool)? {
        guard let email = EmailAddress(address),
            let row = try transaction.row(
                "SELECT id, email_verified_at, deleted_at FROM users WHERE email_blind = \(blind(email))")
        else { return nil }
        let user: UserID = row.id(0)
        let isProven = try !row.isNull(1) && AddressProof.time(of: user, in: transaction) != nil
        return (user, isProven, row.isNull(2))
    }

    /// What somebody waits for who asked to join; nil when they are no longer on the list.
    package func waitingState(_ id: RegistrationID, in transaction: Transaction) throws -> String? {
        try applicants.find(id, in: transaction)?.state.rawValue
    }
}
