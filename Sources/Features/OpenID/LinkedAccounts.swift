internal import Accounts
internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// `GET` and `POST /users/me/identities`, `DELETE /users/me/identities/{id}`, and the return of a link from the provider.
extension OpenIDFeature {
    func listIdentities(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        let items = try await database.read { [self] transaction -> [JSON] in
            let providers = try table.all(in: transaction)
            let isOnly = try accounts.waysIn(of: user, in: transaction) < 2
            return try identities.all(of: user, in: transaction).map { identity in
                let provider = providers.first { $0.issuer.hasSameBytes(as: identity.issuer) }
                let isUsable = provider?.isEnabled ?? false
                return [
                    "id": JSON(identity.id), "provider": JSON(provider?.key), "name": .string(provider?.name ?? identity.issuer),
                    "label": JSON(identity.label), "created_at": JSON(identity.createdAt), "last_used_at": JSON(identity.lastUsedAt),
                    "removable": .bool(!isOnly || !isUsable),
                ]
            }
        }
        return .page(items, next: nil)
    }

    /// Gives the address of the provider, to which the browser goes to prove who the person is there.
    ///
    /// A browser left open is not enough: it takes the password, or without one a session that has just begun.
    func startLink(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let key = input.string("provider", length: ProviderInput.keyLength, required: true)
        let password = input.string("password", length: 1...200, trimmed: false)
        let returnTo = input.string("return_to", length: 1...ReturnPath.maximum)
        try input.finish()
        let (user, scope) = (try call.scope.requireUser(), call.scope)
        guard let session = scope.sessionID else { throw Problem.unauthenticated }
        let provider = try await offered(try input.required(key))
        try await accounts.requireFreshProof(password, scope: scope)
        guard try await !database.read({ [identities] in try identities.isLinked(user, to: provider.issuer, in: $0) }) else {
            throw OpenIDProblems.alreadyLinked
        }
        let (location, cookies) = try await begin(provider, returnTo: ReturnPath.read(returnTo), link: (user, session), call)
        var reply = Reply.json(200, ["location": .string(location)])
        for cookie in cookies { reply.headers.append("Set-Cookie", cookie) }
        return reply
    }

    /// The person comes back from the provider, in the session in which they left.
    func link(_ person: ProviderPerson, _ attempt: SignInAttempt, _ provider: IdentityProvider, _ call: Call) async throws -> Reply {
        let scope = call.scope
        guard let link = attempt.link, scope.userID == link.user, scope.sessionID == link.session else { throw OpenIDProblems.otherSession }
        let changesRights = try await database.read { [self] in try rulesConcern(link.user, provider, in: $0) }
        try await database.write { [self] transaction in
            if changesRights { try lockRights(in: transaction) }
            try accounts.lock(link.user, in: transaction)
            try connect(person, to: link.user, provider, action: "identity.link", scope: scope, in: transaction)
            try applyRoles(person.roles, to: link.user, provider, scope: scope, in: transaction)
        }
        return Reply(status: 303, headers: ["Location": attempt.returnTo])
    }

    /// Takes a provider off one's account, unless it is the only way in; the roles that its claims gave go with it.
    func unlink(_ call: Call) async throws -> Reply {
        let (user, scope) = (try call.scope.requireUser(), call.scope)
        guard let id = RowID(uuid: call.parameter("id")) else { throw Problem.notFound }
        try await database.write { [self] transaction in
            try lockRights(in: transaction)
            try accounts.lock(user, in: transaction)
            guard let identity = try identities.find(id, of: user, in: transaction) else { throw Problem.notFound }
            let provider = try table.all(in: transaction).first { $0.issuer.hasSameBytes(as: identity.issuer) }
            try identities.delete(id, in: transaction)
            // What is left must let the person in.
            guard try accounts.waysIn(of: user, in: transaction) > 0 else { throw OpenIDProblems.lastWayIn }
            if let provider { try applyRoles([], to: user, provider, scope: scope, in: transaction) }
            try record(
                "identity.unlink", target: ("user", user.uuid),
                payload: ["before": ["provider": .string(provider?.key ?? identity.issuer)]], scope: scope, in: transaction)
        }
        return .noContent
    }
}
