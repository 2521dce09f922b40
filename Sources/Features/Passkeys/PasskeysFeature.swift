// Owns passkeys: their registration, the checks of WebAuthn, and signing in with them. Refuses to open sessions: Accounts does.
package import Accounts
package import Audit
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
package import Runtime
package import Web

/// Keys that people sign in with in the place of a password, or of the code of a second factor.
package struct PasskeysFeature: Feature {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let log: Log
    let audit: AuditLog
    let directory: MemberDirectory
    let accounts: AccountsFeature
    let options: PasskeyOptions
    let limiter: RateLimiter?

    /// - Parameter limiter: nil for a site without limits of rate.
    package init(
        database: any Database, ids: IDGenerator, clock: WallClock = .system, log: Log, audit: AuditLog, directory: MemberDirectory,
        accounts: AccountsFeature, options: PasskeyOptions, limiter: RateLimiter?
    ) {
        (self.database, self.ids, self.clock, self.log, self.audit) = (database, ids, clock, log, audit)
        (self.directory, self.accounts, self.options, self.limiter) = (directory, accounts, options, limiter)
    }

    package static let declaration = FeatureDeclaration(
        "passkeys", title: LocalizedText(en: "Passkeys", fr: "Clés d’accès"), module: .core, migrations: passkeyMigrations,
        auditActions: [
            AuditAction("passkey.add", target: "user", en: "{actor} added a passkey", fr: "{actor} a ajouté une clé d’accès"),
            AuditAction("passkey.rename", target: "user", en: "{actor} renamed a passkey", fr: "{actor} a renommé une clé d’accès"),
            AuditAction("passkey.remove", target: "user", en: "{actor} removed a passkey", fr: "{actor} a retiré une clé d’accès"),
            AuditAction(
                "passkey.counter", target: "user", en: "The counter of a passkey of {user} went back: it may have been copied",
                fr: "Le compteur d’une clé d’accès de {user} a reculé : elle a peut-être été copiée"),
        ],
        settings: [
            Setting(
                "passkey-rp-id", "",
                "The domain that passkeys are for: the host of public-url, or a domain above it; by default the host. Another one makes every passkey useless."
            )
        ])

    package var routes: [Route] {
        [
            Route(.get, "/users/me/passkeys", .signedIn, PasskeyShapes.list, handler: listPasskeys),
            Route(.post, "/users/me/passkeys/options", .withoutAPIKey, PasskeyShapes.creationOptions, handler: beginRegistration),
            Route(.post, "/users/me/passkeys", .withoutAPIKey, PasskeyShapes.register, action: "passkey.add", handler: register),
            Route(.patch, "/users/me/passkeys/{id}", .withoutAPIKey, PasskeyShapes.rename, action: "passkey.rename", handler: rename),
            Route(.delete, "/users/me/passkeys/{id}", .withoutAPIKey, PasskeyShapes.remove, action: "passkey.remove", handler: remove),
            Route(.post, "/auth/passkey/options", .anyone, PasskeyShapes.requestOptions, handler: beginSignIn),
            Route(.post, "/auth/passkey", .anyone, PasskeyShapes.signIn, handler: signIn),
            // The same under the names that outside clients know.
            Route(.post, "/auth/passkeys/options", .anyone, PasskeyShapes.eitherOptions, handler: beginEither),
            Route(.post, "/auth/passkeys/register", .withoutAPIKey, PasskeyShapes.register, action: "passkey.add", handler: register),
            Route(.post, "/auth/passkeys/login", .anyone, PasskeyShapes.signIn, handler: signIn),
        ]
    }

    package var jobs: [JobKind] {
        [
            JobKind("passkeys.sweep", schedule: .every(600_000)) { [database, clock] _ in
                let now = clock.now()
                try await database.write { try ChallengeTable.sweep(at: now, in: $0) }
                return .done
            }
        ]
    }

    /// Says in the log how many passkeys another address of the site has made useless.
    package func warnOfStrangers() async throws {
        guard let id = options.relyingParty?.id else { return }
        let (passkeys, people) = try await database.read { try PasskeyTable.strangers(to: id, in: $0) }
        guard passkeys > 0 else { return }
        log.warning(
            "passkeys of another domain are useless: set passkey-rp-id or public-url back, or have their people register new ones",
            [("passkeys", JSON(passkeys)), ("people", JSON(people)), ("rp_id", .string(id))])
    }

    package func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM passkey_challenges WHERE user_id = \(person)")
        try transaction.execute("DELETE FROM passkeys WHERE user_id = \(person)")
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let passkeys = try PasskeyTable.all(of: person, in: transaction)
        guard !passkeys.isEmpty else { return [:] }
        return [
            "passkeys": .array(
                passkeys.map {
                    [
                        "name": .string($0.name), "rp_id": .string($0.relyingPartyID), "created_at": JSON($0.createdAt),
                        "last_used_at": JSON($0.lastUsedAt),
                    ]
                })
        ]
    }

    package static let personalData: [PersonalData] = [
        PersonalData("passkeys", ["user_id", "user_handle"], en: "Passkeys", fr: "Clés d’accès"),
        PersonalData(
            "passkey_challenges", ["user_id", "session_id", "user_handle"], en: "Questions to passkeys",
            fr: "Demandes adressées aux clés d’accès",
            retention: LocalizedText(en: "A quarter of an hour at most", fr: "Un quart d’heure au plus")),
    ]

    func record(_ action: String, on user: UserID, before: JSON, after: JSON, scope: Scope, in transaction: Transaction) throws {
        _ = try audit.record(
            action, target: ("user", user.uuid), payload: ["before": before, "after": after], result: .success, scope: scope,
            in: transaction)
    }
}

extension RateLimiter.Budget {
    /// Challenges that one address asks for.
    static let passkeyChallenges = steady("passkey_challenges", burst: 60, perSecond: 0.5)
}
