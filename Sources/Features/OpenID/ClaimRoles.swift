internal import Audit
internal import Database
internal import Directory
internal import Kernel
internal import Roles

/// Roles that follow from what a provider says of somebody, at each sign-in.
extension OpenIDFeature {
    /// Whether a sign-in may change somebody's roles, so that the lock of the rights is taken first.
    func rulesConcern(_ user: UserID, _ provider: IdentityProvider, in transaction: Transaction) throws -> Bool {
        if !provider.rules.isEmpty { return true }
        return try transaction.row("SELECT 1 FROM external_roles WHERE user_id = \(user) AND provider_id = \(provider.id)") != nil
    }

    /// Gives the roles of the claims with the rights that the author of the rules has now, and takes back those whose claim is gone.
    ///
    /// A role that somebody holds by hand is neither given nor taken.
    func applyRoles(
        _ wanted: [RoleID], to user: UserID, _ provider: IdentityProvider, scope: Scope, in transaction: Transaction
    ) throws {
        let given: [RoleID] = try transaction.rows(
            "SELECT role_id FROM external_roles WHERE user_id = \(user) AND provider_id = \(provider.id) ORDER BY role_id"
        ).map { $0.id(0) }
        let gone = given.filter { !wanted.contains($0) }
        try take(gone, from: user, provider.id, reason: "openid \(provider.key)", requestID: scope.requestID, in: transaction)
        var missing: [RoleID] = []
        for role in wanted where !given.contains(role) {
            if try roles.assignments.held(role, by: user, in: transaction) == nil {
                missing.append(role)
            } else if try isByRule(role, user, in: transaction) {
                try note(role, user, provider, in: transaction)
            }
        }
        guard !missing.isEmpty else { return }
        let refused =
            try isActive(provider.rulesAuthor, in: transaction)
            ? try roles.assignments.give(
                missing, to: user, onBehalfOf: provider.rulesAuthor, reason: "openid \(provider.key)", requestID: scope.requestID,
                in: transaction)
            : missing.map { (role: $0, code: "author_gone") }
        for role in missing where !refused.contains(where: { $0.role == role }) { try note(role, user, provider, in: transaction) }
        guard let first = refused.first else { return }
        let listed = refused.map { ["role_id": JSON($0.role), "code": .string($0.code)] as JSON }
        _ = try audit.record(
            "identity.roles_left_out", target: ("identity_provider", provider.id.uuid),
            payload: ["user_id": JSON(user), "author_user_id": JSON(provider.rulesAuthor), "refused": .array(listed)],
            result: .fail(first.code), scope: scope, in: transaction)
    }

    /// Forgets that a provider gave these roles, and takes those back that no other gave.
    func take(
        _ gone: [RoleID], from user: UserID, _ provider: RowID, reason: String, requestID: String, in transaction: Transaction
    ) throws {
        guard !gone.isEmpty else { return }
        for role in gone {
            try transaction.execute(
                "DELETE FROM external_roles WHERE user_id = \(user) AND role_id = \(role) AND provider_id = \(provider)")
        }
        let taken = try gone.filter { try !isByRule($0, user, in: transaction) }
        try roles.assignments.takeBack(taken, from: user, reason: reason, requestID: requestID, in: transaction)
    }

    /// Takes back what providers gave that are no more; a hundred people at a time.
    func takeOrphans() async throws {
        while try await takeSomeOrphans() {}
    }

    private func takeSomeOrphans() async throws -> Bool {
        let waiting = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT DISTINCT user_id, provider_id FROM external_roles
                WHERE NOT EXISTS (SELECT 1 FROM identity_providers WHERE identity_providers.id = external_roles.provider_id)
                ORDER BY user_id LIMIT 100
                """
            ).map { (user: $0.id(0, User.self), provider: $0.id(1, AnyEntity.self)) }
        }
        for (user, provider) in waiting {
            try await database.write { [self] transaction in
                try lockRights(in: transaction)
                let given: [RoleID] = try transaction.rows(
                    "SELECT role_id FROM external_roles WHERE user_id = \(user) AND provider_id = \(provider) ORDER BY role_id"
                ).map { $0.id(0) }
                try take(given, from: user, provider, reason: "openid", requestID: "openid-sweep", in: transaction)
            }
        }
        return waiting.count == 100
    }

    private func isByRule(_ role: RoleID, _ user: UserID, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM external_roles WHERE user_id = \(user) AND role_id = \(role)") != nil
    }

    private func note(_ role: RoleID, _ user: UserID, _ provider: IdentityProvider, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO external_roles (user_id, role_id, provider_id) VALUES (\(user), \(role), \(provider.id)) ON CONFLICT DO NOTHING
            """)
    }

    /// Whether the author of the rules is here and neither banned nor disabled.
    private func isActive(_ author: UserID, in transaction: Transaction) throws -> Bool {
        let members = try directory.members([author], in: transaction)
        guard let member = members.first else { return false }
        return !member.isDisabled && !member.isBanned(at: clock.now())
    }

    func lockRights(in transaction: Transaction) throws { _ = try roles.authorizer.lockAuthorisation(in: transaction) }
}
