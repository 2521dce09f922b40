// Owns sign-in with OpenID providers: the providers of the site, who is linked to them, and their sign-ins. Refuses to open sessions itself: Accounts does.
package import Accounts
package import Audit
package import Crypto
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
package import Outbound
package import Roles
package import Runtime
package import Web

/// Lets people in who are known to a provider that the site's owner chose (OpenID Connect Core 1.0, code flow with PKCE).
package struct OpenIDFeature: Feature {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let log: Log
    let audit: AuditLog
    let roles: RolesFeature
    let directory: MemberDirectory
    let accounts: AccountsFeature
    let client: ProviderClient
    let keys: KeySetCache
    /// The public address of the site; nil without one.
    let site: String?
    let limiter: RateLimiter
    let table: ProviderTable
    let identities: IdentityTable
    let attempts: AttemptTable
    let binding: BrowserBinding

    /// - Parameter client: refuses private networks; of its own, so that a slow provider holds up nothing else.
    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock = .system, log: Log, audit: AuditLog,
        roles: RolesFeature, directory: MemberDirectory, accounts: AccountsFeature, client: HTTPClient, site: String?, isSecure: Bool
    ) {
        (self.database, self.ids, self.clock, self.log, self.audit) = (database, ids, clock, log, audit)
        (self.roles, self.directory, self.accounts, self.site) = (roles, directory, accounts, site)
        self.client = ProviderClient(http: client)
        keys = KeySetCache(client: self.client, clock: clock)
        limiter = RateLimiter(clock: clock)
        table = ProviderTable(cipher: keyring.fields)
        identities = IdentityTable(cipher: keyring.fields, ids: ids)
        attempts = AttemptTable(cipher: keyring.fields, ids: ids)
        binding = BrowserBinding(instance: keyring.instance, isSecure: isSecure)
        accounts.onWaysIn { [identities] in try identities.usable(of: $0, in: $1) }
        accounts.onUnproven { [identities] in try identities.deleteUnproven(of: $0, before: $1, in: $2) }
        accounts.onAdmission { [identities] in try identities.admit($0, as: $1, at: clock.now(), in: $2) }
    }

    package static let declaration = FeatureDeclaration(
        "openid", title: LocalizedText(en: "Sign-in with providers", fr: "Connexion par fournisseur"), module: .core,
        migrations: openIDMigrations, permissions: [.identityManage],
        auditActions: [
            AuditAction(
                "identity_provider.create", target: "identity_provider", en: "{actor} added a sign-in provider",
                fr: "{actor} a ajouté un fournisseur de connexion"),
            AuditAction(
                "identity_provider.update", target: "identity_provider", en: "{actor} changed a sign-in provider",
                fr: "{actor} a modifié un fournisseur de connexion"),
            AuditAction(
                "identity_provider.delete", target: "identity_provider", en: "{actor} removed a sign-in provider",
                fr: "{actor} a supprimé un fournisseur de connexion"),
            AuditAction(
                "identity.link", target: "user", en: "{user} connected their account to a provider",
                fr: "{user} a associé son compte à un fournisseur"),
            AuditAction(
                "identity.unlink", target: "user", en: "{user} disconnected their account from a provider",
                fr: "{user} a dissocié son compte d’un fournisseur"),
            AuditAction(
                "identity.roles_left_out", target: "identity_provider", en: "A provider’s rules could not give all their roles",
                fr: "Les règles d’un fournisseur n’ont pas pu donner tous leurs rôles"),
            AuditAction(
                "auth.backchannel_logout", target: "user", en: "A provider ended sessions of {user}",
                fr: "Un fournisseur a fermé des sessions de {user}"),
        ])

    package var routes: [Route] {
        [
            Route(.get, "/identity-providers", .may(.identityManage), OpenIDShapes.list, handler: listProviders),
            Route(
                .post, "/identity-providers", .may(.identityManage), OpenIDShapes.create, action: "identity_provider.create",
                handler: createProvider),
            Route(.get, "/identity-providers/{id}", .may(.identityManage), OpenIDShapes.read, handler: readProvider),
            Route(
                .patch, "/identity-providers/{id}", .may(.identityManage), OpenIDShapes.edit, action: "identity_provider.update",
                handler: editProvider),
            Route(
                .delete, "/identity-providers/{id}", .may(.identityManage), OpenIDShapes.delete, action: "identity_provider.delete",
                handler: deleteProvider),
            Route(.get, "/auth/providers", .anyone, OpenIDShapes.offered, handler: listOffered),
            Route(.get, "/auth/oidc/{provider}/start", .anyone, OpenIDShapes.start, handler: startSignIn),
            Route(.get, "/auth/oidc/{provider}/callback", .anyone, OpenIDShapes.callback, handler: finishSignIn),
            Route(.post, "/auth/oidc/ticket", .anyone, OpenIDShapes.readTicket, handler: readTicket),
            Route(.post, "/auth/oidc/complete", .anyone, OpenIDShapes.complete, handler: completeSignIn),
            Route(.post, "/auth/oidc/backchannel-logout", .anyone, OpenIDShapes.logout, handler: endFromProvider),
            Route(.get, "/users/me/identities", .withoutAPIKey, OpenIDShapes.identities, handler: listIdentities),
            Route(
                .post, "/users/me/identities", .withoutAPIKey, OpenIDShapes.link, action: "identity.link", handler: startLink),
            Route(
                .delete, "/users/me/identities/{id}", .withoutAPIKey, OpenIDShapes.unlink, action: "identity.unlink", handler: unlink),
        ]
    }

    package var jobs: [JobKind] {
        [
            JobKind("openid.sweep", schedule: .every(60_000)) { [self] _ in
                let now = clock.now()
                try await database.write { [attempts] in try attempts.sweep(at: now, in: $0) }
                try await takeOrphans()
                return .done
            },
            JobKind("openid.refresh", schedule: .every(3_600_000)) { [self] _ in
                try await refreshProviders()
                return .done
            },
        ]
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let own = try identities.all(of: person, in: transaction)
        guard !own.isEmpty else { return [:] }
        return [
            "connected_accounts": .array(
                own.map {
                    [
                        "issuer": .string($0.issuer), "subject": .string($0.subject), "label": JSON($0.label),
                        "created_at": JSON($0.createdAt), "last_used_at": JSON($0.lastUsedAt),
                    ]
                })
        ]
    }
}

extension Permission {
    /// Whoever chooses providers decides who can come in.
    package static let identityManage = Permission(
        declaring: Definition(
            "identity.manage", en: "Manage sign-in with providers", fr: "Gérer la connexion par fournisseur"))
}
