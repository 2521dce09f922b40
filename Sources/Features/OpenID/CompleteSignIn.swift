internal import Accounts
internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// `POST /auth/oidc/ticket` and `POST /auth/oidc/complete`
extension OpenIDFeature {
    /// What the page asks for: the code of a second factor, or the choices of somebody new.
    func readTicket(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("ticket", length: 1...200, required: true)
        try input.finish()
        let (content, provider) = try await find(try input.required(given), call)
        let person = content.person
        let vouched = person.vouchedEmail(by: provider)
        let isNew = content.user == nil
        return .json(
            200,
            [
                "step": isNew ? "join" : "code", "provider": ["key": .string(provider.key), "name": .string(provider.name)],
                "return_to": .string(content.returnTo), "email": isNew ? JSON(person.email) : .null,
                "email_is_proven": .bool(isNew && vouched != nil),
                "needs_password": .bool(isNew && vouched == nil && accounts.confirmsAddresses),
                "username": .string(isNew ? person.suggestedUsername : ""), "display_name": isNew ? JSON(person.name) : .null,
            ])
    }

    /// Signs in with the code of the second factor, or makes the account of somebody new.
    func completeSignIn(_ call: Call) async throws -> Reply {
        try accounts.requireOwnOrigin(call.request)
        let isCookie = try AccountsFeature.asksForCookie(call.request)
        var input = try Input(try call.body())
        let given = input.string("ticket", length: 1...200, required: true)
        guard let ticket = given else {
            try input.finish()
            throw Problem.notFound
        }
        let (content, provider) = try await find(ticket, call)
        var reply =
            content.user == nil
            ? try await join(&input, ticket, content, provider, isCookie: isCookie, call)
            : try await enterWithCode(&input, ticket, content, provider, isCookie: isCookie, call)
        reply.headers.append("Set-Cookie", binding.removal(for: ticket))
        return reply
    }

    private func find(_ ticket: String, _ call: Call) async throws -> (SignInTicket, IdentityProvider) {
        guard let browser = binding.hash(for: ticket, in: call.request) else { throw OpenIDProblems.expired }
        let now = clock.now()
        let found = try await database.read { [attempts, table] transaction -> (SignInTicket, IdentityProvider)? in
            guard let found = try attempts.find(ticket, browser: browser, at: now, in: transaction),
                let provider = try table.find(found.provider, in: transaction), provider.isEnabled
            else { return nil }
            return (found.content, provider)
        }
        guard let found else { throw OpenIDProblems.expired }
        return found
    }

    private func enterWithCode(
        _ input: inout Input, _ ticket: String, _ content: SignInTicket, _ provider: IdentityProvider, isCookie: Bool, _ call: Call
    ) async throws -> Reply {
        let code = input.string("otp", length: 1...40, required: true)
        try input.finish()
        let entry = try await enter(
            content, provider, otp: try input.required(code), isCookie: isCookie, spend: ticket, scope: call.scope)
        guard case .entered(let session) = entry else { throw OpenIDProblems.needsFactor }
        return try await accounts.reply(with: session, scope: call.scope)
    }

    private func join(
        _ input: inout Input, _ ticket: String, _ content: SignInTicket, _ provider: IdentityProvider, isCookie: Bool, _ call: Call
    ) async throws -> Reply {
        let (person, scope) = (content.person, call.scope)
        let newcomer = try accounts.newcomer(
            &input, vouched: person.vouchedEmail(by: provider), suggested: person.email, language: scope.language)
        let proof = ExternalProof("openid", detail: ["provider": .string(provider.key)])
        let arrival = try await accounts.join(
            newcomer, by: proof, isCookie: isCookie, scope: scope,
            confirm: { [self] transaction in
                // Of two requests with one ticket, one makes an account.
                try attempts.spend(ticket, in: transaction)
                guard try identities.user(person.issuer, person.subject, in: transaction) == nil else {
                    throw OpenIDProblems.identityTaken
                }
            },
            waiting: { [self] registration, transaction in
                try identities.keep(
                    person.issuer, person.subject, label: person.label, for: registration, at: clock.now(), in: transaction)
            },
            entered: { [self] session, transaction in
                try connect(person, to: session.user, provider, action: "identity.link", scope: scope, in: transaction)
                try settle(session, person, provider, at: clock.now(), scope: scope, in: transaction)
            })
        switch arrival {
        case .entered(let session): return try await accounts.reply(with: session, status: 201, scope: scope)
        case .waiting(let state): return .json(202, ["state": .string(state)])
        }
    }
}
