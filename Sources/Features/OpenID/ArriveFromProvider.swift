internal import Accounts
internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Runtime
internal import Web

/// What becomes of somebody whom a provider described.
extension OpenIDFeature {
    /// Who it is here.
    private enum Place: Sendable {
        case linked(UserID)
        /// Nobody yet, but the address that the provider is trusted with is this member's, who proved that it is theirs.
        case linkable(UserID)
        case new
    }

    /// Signs in the person that this is; somebody new goes on to the page that asks for the rest.
    func arrive(_ person: ProviderPerson, _ attempt: SignInAttempt, _ provider: IdentityProvider, _ call: Call) async throws -> Reply {
        let found = try await database.read { [self] in try place(of: person, provider, in: $0) }
        switch found {
        case .linked(let user), .linkable(let user):
            let ticket = SignInTicket(user: user, person: person, returnTo: attempt.returnTo)
            switch try await enter(ticket, provider, otp: nil, isCookie: true, scope: call.scope) {
            case .factorNeeded: return try await askMore(ticket, provider, call)
            case .entered(let session):
                var reply = Reply(status: 303, headers: ["Location": attempt.returnTo])
                reply.headers.append("Set-Cookie", accounts.cookieField(of: session))
                return reply
            }
        case .new: return try await askMore(SignInTicket(user: nil, person: person, returnTo: attempt.returnTo), provider, call)
        }
    }

    /// - Throws: why somebody who is no member cannot become one now.
    private func place(of person: ProviderPerson, _ provider: IdentityProvider, in transaction: Transaction) throws -> Place {
        if let user = try identities.user(person.issuer, person.subject, in: transaction) { return .linked(user) }
        if let registration = try identities.registration(person.issuer, person.subject, in: transaction) {
            switch try accounts.waitingState(registration, in: transaction) {
            case "unverified": throw OpenIDProblems.unverified
            case "pending": throw OpenIDProblems.waiting
            case "refused": throw OpenIDProblems.notAccepted
            default: break
            }
        }
        // Whoever has not proven the address learns nothing about it: they go on as anybody new.
        if person.isEmailVerified, let email = person.email, let holder = try accounts.holder(of: email, in: transaction) {
            guard person.vouchedEmail(by: provider) != nil, holder.isProven, holder.isHere,
                try !identities.isLinked(holder.user, to: person.issuer, in: transaction)
            else { throw OpenIDProblems.addressExists }
            return .linkable(holder.user)
        }
        guard try accounts.isDoorOpen(in: transaction) else { throw OpenIDProblems.closed }
        return .new
    }

    /// Opens the session, with the roles that the claims give.
    ///
    /// - Parameter spend: the ticket that this uses up.
    func enter(
        _ ticket: SignInTicket, _ provider: IdentityProvider, otp: String?, isCookie: Bool, spend: String? = nil, scope: Scope
    ) async throws -> ExternalEntry {
        guard let user = ticket.user else { throw OpenIDProblems.expired }
        let (person, now) = (ticket.person, clock.now())
        let proof = ExternalProof(
            "openid", detail: ["provider": .string(provider.key)],
            coversSecondFactor: provider.trustsFactor && person.hadSecondFactor)
        let changesRights = try await database.read { [self] in try rulesConcern(user, provider, in: $0) }
        return try await accounts.signIn(
            user, by: proof, otp: otp, isCookie: isCookie, changesRights: changesRights, scope: scope,
            confirm: { [self] transaction in
                // As it is now: the provider may have been switched off, and the account unlinked, meanwhile.
                guard let current = try table.find(provider.id, in: transaction), current.isEnabled else { throw OpenIDProblems.expired }
                if let holder = try identities.user(person.issuer, person.subject, in: transaction) {
                    guard holder == user else { throw OpenIDProblems.expired }
                } else {
                    guard let email = person.vouchedEmail(by: current), let holder = try accounts.holder(of: email, in: transaction),
                        holder.user == user, holder.isProven
                    else { throw OpenIDProblems.expired }
                }
            },
            opened: { [self] session, transaction in
                if let spend { try attempts.spend(spend, in: transaction) }
                if try identities.user(person.issuer, person.subject, in: transaction) == nil {
                    try connect(person, to: user, provider, action: "identity.link", scope: scope, in: transaction)
                }
                try settle(session, person, provider, at: now, scope: scope, in: transaction)
            })
    }

    /// What follows from an open session: when it was used, what the provider may end, and the roles.
    func settle(
        _ session: ExternalSession, _ person: ProviderPerson, _ provider: IdentityProvider, at now: Timestamp, scope: Scope,
        in transaction: Transaction
    ) throws {
        try identities.use(person.issuer, person.subject, at: now, in: transaction)
        try transaction.execute(
            """
            INSERT INTO external_sessions (session_id, issuer, subject, sid)
            VALUES (\(session.id), \(person.issuer), \(person.subject), \(person.session))
            """)
        try applyRoles(person.roles, to: session.user, provider, scope: scope, in: transaction)
    }

    /// Links somebody at a provider to a member, and writes it on the log.
    func connect(
        _ person: ProviderPerson, to user: UserID, _ provider: IdentityProvider, action: String, scope: Scope, in transaction: Transaction
    ) throws {
        try identities.link(person.issuer, person.subject, to: user, label: person.label, at: clock.now(), in: transaction)
        var actor = scope
        actor.userID = user
        try record(
            action, target: ("user", user.uuid), payload: ["after": ["provider": .string(provider.key)]], scope: actor, in: transaction)
    }

    /// Leads to the page that asks for a code, or for what is needed of somebody new.
    private func askMore(_ content: SignInTicket, _ provider: IdentityProvider, _ call: Call) async throws -> Reply {
        let (ticket, now) = (Random.token(), clock.now())
        let (browser, cookies) = binding.bind(ticket, in: call.request)
        try await database.write { [attempts] in
            try attempts.issue(ticket, content, provider: provider.id, browser: browser, at: now, in: $0)
        }
        // Behind the #, where no server and no Referer sees it.
        var reply = Reply(status: 303, headers: ["Location": "/openid#token=\(ticket)"])
        for cookie in cookies { reply.headers.append("Set-Cookie", cookie) }
        return reply
    }
}
