internal import Accounts
internal import Audit
internal import Database
internal import HTTP
internal import Kernel
internal import Roles
internal import Runtime
internal import Web

/// `GET` and `POST /identity-providers`, `GET`, `PATCH` and `DELETE /identity-providers/{id}`
extension OpenIDFeature {
    func redirectURI(of key: String) -> String { "\(site ?? "")/api/v1/auth/oidc/\(key)/callback" }

    private func view(_ provider: IdentityProvider) -> JSON {
        provider.view(
            redirectURI: redirectURI(of: provider.key), logoutURI: "\(site ?? "")/api/v1/auth/oidc/backchannel-logout")
    }

    func listProviders(_ call: Call) async throws -> Reply {
        .page(try await database.read { [table] in try table.all(in: $0) }.map(view), next: nil)
    }

    func readProvider(_ call: Call) async throws -> Reply {
        let reference = call.parameter("id")
        let provider = try await database.read { [self] in try find(reference, in: $0) }
        return .json(200, view(provider)).tagged(version: provider.version)
    }

    /// Fetches the provider's description first: what cannot be used is not saved.
    func createProvider(_ call: Call) async throws -> Reply {
        let (author, scope, now) = (try call.scope.requireUser(), call.scope, clock.now())
        guard site != nil else { throw OpenIDProblems.publicURLMissing }
        let input = try ProviderInput(try call.body(), isNew: true)
        guard let key = input.key, let issuer = input.issuer, let clientID = input.clientID, let name = input.name else {
            throw Problem.notFound
        }
        try requireOwner(input, scope)
        let metadata = try await discover(issuer, for: author)
        let id = ids.next(AnyEntity.self)
        return try await call.mutate(database) { [self] transaction in
            // The row that every change of rights locks: two requests at once do not pass the limit together.
            try lockRights(in: transaction)
            guard try table.count(in: transaction) < ProviderTable.limit else { throw OpenIDProblems.tooMany }
            let provider = IdentityProvider(
                id: id, key: key, name: name, issuer: issuer, clientID: clientID, secret: input.secret ?? nil,
                scopes: input.scopes ?? IdentityProvider.defaultScopes, metadata: metadata, checkedAt: now,
                isEnabled: input.isEnabled ?? true, trustsEmail: input.trustsEmail ?? false, trustsFactor: input.trustsFactor ?? false,
                rules: try resolve(input.rules ?? [], scope: scope, in: transaction), rulesAuthor: author, createdAt: now)
            do {
                try table.insert(provider, in: transaction)
            } catch DatabaseError.unique(constraint: let constraint) {
                throw OpenIDProblems.taken(constraint.contains("issuer") ? "issuer" : "key")
            }
            try record("identity_provider.create", provider, before: nil, after: provider.audited, scope: scope, in: transaction)
            var reply = Reply.json(201, view(provider)).tagged(version: provider.version)
            reply.headers["Location"] = "/api/v1/identity-providers/\(id)"
            return reply
        }
    }

    func editProvider(_ call: Call) async throws -> Reply {
        let (editor, scope, now) = (try call.scope.requireUser(), call.scope, clock.now())
        let reference = call.parameter("id")
        let input = try ProviderInput(try call.body(), isNew: false)
        try requireOwner(input, scope)
        let known = try await database.read { [self] in try find(reference, in: $0) }
        // Switching off, or changing what is ours alone, works without the provider.
        let isAsked = input.clientID != nil || input.secret != nil || input.scopes != nil || input.isEnabled == true
        let metadata = isAsked ? try await discover(known.issuer, for: editor) : nil
        return try await call.mutate(database) { [self] transaction in
            if input.rules != nil { try lockRights(in: transaction) }
            var provider = try find(reference, locked: true, in: transaction)
            try call.checkIfMatch(version: provider.version)
            let before = provider.audited
            if let name = input.name { provider.name = name }
            if let clientID = input.clientID { provider.clientID = clientID }
            if let secret = input.secret { provider.secret = secret }
            if let scopes = input.scopes { provider.scopes = scopes }
            if let isEnabled = input.isEnabled { provider.isEnabled = isEnabled }
            if let trustsEmail = input.trustsEmail { provider.trustsEmail = trustsEmail }
            if let trustsFactor = input.trustsFactor { provider.trustsFactor = trustsFactor }
            if let rules = input.rules {
                (provider.rules, provider.rulesAuthor) = (try resolve(rules, scope: scope, in: transaction), editor)
            }
            if let metadata { (provider.metadata, provider.checkedAt) = (metadata, now) }
            provider.version += 1
            try table.update(provider, in: transaction)
            try record(
                "identity_provider.update", provider, before: before, after: provider.audited, scope: scope, in: transaction)
            return .json(200, view(provider)).tagged(version: provider.version)
        }
    }

    /// Who is linked stays so, in case the provider comes back; the roles that it gave are taken back soon after.
    func deleteProvider(_ call: Call) async throws -> Reply {
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await call.mutate(database) { [self] transaction in
            let provider = try find(reference, locked: true, in: transaction)
            try call.checkIfMatch(version: provider.version)
            try table.delete(provider.id, in: transaction)
            try record("identity_provider.delete", provider, before: provider.audited, after: nil, scope: scope, in: transaction)
            return .noContent
        }
    }

    private func discover(_ issuer: String, for person: UserID) async throws -> ProviderMetadata {
        try limiter.spend(RateLimiter.Charge(.openIDDiscoveries, "\(person.rawValue)"))
        do {
            return try await client.discover(issuer)
        } catch is QueueRefusal {
            throw OpenIDProblems.unreachable("too many requests to providers wait")
        }
    }

    /// An administrator who brings a provider of their own must not come in by it as their superior.
    private func requireOwner(_ input: ProviderInput, _ scope: Scope) throws(Problem) {
        guard input.trustsEmail == true || input.trustsFactor == true, !scope.isOwner else { return }
        throw OpenIDProblems.ownerOnly
    }

    /// The roles behind the references: those that the author may give, and never that of the owner.
    private func resolve(_ rules: [ProviderInput.Rule], scope: Scope, in transaction: Transaction) throws -> [RoleRule] {
        var resolved: [RoleRule] = []
        for (index, rule) in rules.enumerated() {
            guard let role = try roles.assignments.id(of: rule.role, in: transaction) else {
                throw Problem.invalid(
                    "/role_rules/\(index)/role", "unknown_role",
                    LocalizedText(en: "There is no such role.", fr: "Ce rôle n’existe pas."))
            }
            if try roles.assignments.id(of: "role_owner", in: transaction) == role {
                throw Problem.invalid(
                    "/role_rules/\(index)/role", "owner_role",
                    LocalizedText(en: "No rule gives the owner’s role.", fr: "Aucune règle ne donne le rôle de propriétaire."))
            }
            resolved.append(RoleRule(claim: rule.claim, value: rule.value, role: role))
        }
        _ = try roles.assignments.givable(resolved.map(\.role.uuid), scope: scope, in: transaction)
        return resolved
    }

    private func find(_ reference: String, locked: Bool = false, in transaction: Transaction) throws -> IdentityProvider {
        guard let id = RowID(uuid: reference), let provider = try table.find(id, locked: locked, in: transaction) else {
            throw Problem.notFound
        }
        return provider
    }

    private func record(
        _ action: String, _ provider: IdentityProvider, before: JSON?, after: JSON?, scope: Scope, in transaction: Transaction
    ) throws {
        try record(
            action, target: ("identity_provider", provider.id.uuid), payload: ["before": before ?? .null, "after": after ?? .null],
            scope: scope, in: transaction)
    }

    func record(
        _ action: String, target: (type: String, id: String), payload: JSON, scope: Scope, in transaction: Transaction
    ) throws {
        _ = try audit.record(action, target: target, payload: payload, result: .success, scope: scope, in: transaction)
    }

    /// Reads again what providers say of themselves, once a day; one that does not answer stays as it was.
    func refreshProviders() async throws {
        let now = clock.now()
        let due = try await database.read { [table] transaction in
            try table.all(in: transaction).filter { $0.isEnabled && $0.checkedAt < now.adding(seconds: -86_400) }
        }
        for provider in due {
            do {
                let metadata = try await client.discover(provider.issuer)
                try await database.write { [table] in try table.update(metadata, of: provider.id, at: now, in: $0) }
            } catch let error where !(error is CancellationError) {
                log.warning(
                    "an identity provider could not be read again",
                    [("provider", .string(provider.key)), ("cause", .string("\(error)"))])
            }
        }
    }
}
