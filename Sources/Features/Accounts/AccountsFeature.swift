// Owns who comes in, sign-in, sessions, the people's own pages of the API (`/auth`, `/users`, `/invitations`, `/registrations`) and their bans. Refuses to decide rights: Roles does.
package import Audit
package import Crypto
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Images
package import Jobs
package import Kernel
package import Mail
package import Presence
package import Realtime
package import Roles
package import Runtime
package import Sanctions
internal import Synchronization
package import Web

/// People and their sessions: who somebody is, and what everybody may know and change about them.
package final class AccountsFeature: Feature, Sendable {
    let database: any Database
    let keyring: Keyring
    let ids: IDGenerator
    let clock: WallClock
    let log: Log
    let policy: AccountPolicy
    let directory = MemberDirectory()
    let names = NameIndex()
    let audit: AuditLog
    let roles: RolesFeature
    var authorizer: Authorizer { roles.authorizer }
    let presence: PresenceReader
    let choices: StatusChoices
    let mail: MailFeature
    let queue: JobQueue?
    let hasher: PasswordHasher
    package let sanctions: SanctionBook
    package let appealToken: AppealToken
    /// Called when the set-up link was claimed.
    let onSetUp: @Sendable () -> Void

    let tokens: TokenIssuer
    let cookie: SessionCookie
    let publicOrigin: PublicOrigin
    let sessions: SessionStore
    let feed = RevocationFeed()
    let erasure = Mutex<@Sendable (UserID, Transaction) throws -> Void>({ _, _ in })
    let profiles = Mutex<ProfileRule>({ _, _, _ in [:] })
    let external = Mutex(ExternalWays())
    let passkeyFactor = Mutex<(any PasskeyFactor)?>(nil)
    let cache = SessionCache()
    let uses = LastUses<SessionID>()
    let factors: FactorStore
    let keys: KeyStore
    let keyUses = KeyUses()
    let pictures: PictureMaker
    let avatars = AvatarStore()
    let bulk = BulkStore()
    let uploads = UploadSlots()
    let settings = SiteSettings()
    let invitations = InvitationStore()
    let applicants = RegistrationStore()
    let mailTokens = MailTokens()
    let limiter: RateLimiter

    /// - Parameter jobs: nil for a site that runs no jobs.
    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock = .system, log: Log, policy: AccountPolicy,
        audit: AuditLog, roles: RolesFeature, presence: PresenceReader, choices: StatusChoices, mail: MailFeature,
        jobs: JobQueue? = nil,
        sanctions: SanctionBook = SanctionBook(), hasher: PasswordHasher = PasswordHasher(), pictures: PictureMaker = PictureMaker(),
        onSetUp: @escaping @Sendable () -> Void = {}
    ) throws {
        (self.database, self.keyring, self.ids, self.clock, self.log, self.policy) = (database, keyring, ids, clock, log, policy)
        (self.audit, self.roles, self.presence, self.choices, self.mail, self.hasher) = (audit, roles, presence, choices, mail, hasher)
        (self.pictures, limiter, queue) = (pictures, RateLimiter(clock: clock), jobs)
        (self.sanctions, appealToken) = (sanctions, AppealToken(key: keyring.sessions))
        self.onSetUp = onSetUp
        tokens = try keyring.tokenIssuer(issuer: policy.publicURL ?? "urn:foyer:\(keyring.instance)", audience: "foyer-api")
        cookie = SessionCookie(keyring: keyring, isSecure: policy.isSecure)
        publicOrigin = PublicOrigin(publicURL: policy.publicURL)
        factors = FactorStore(keyring: keyring)
        sessions = SessionStore(ids: ids, lifetime: policy.sessionLifetime, key: keyring.sessions, feed: feed)
        keys = KeyStore(feed: feed)
    }

    /// Called once for each session that ends before its time, on any node: the gateway closes its sockets with `reason.closeCode`.
    package func onRevoked(_ hook: @escaping @Sendable (SessionRevocation) -> Void) { feed.onRevoked(hook) }

    /// Called in the transaction that deletes a person for good, before their row goes; set once, before the first request.
    package func onErase(_ body: @escaping @Sendable (UserID, Transaction) throws -> Void) { erasure.withLock { $0 = body } }

    /// How much of some people a reader without `users.read` sees; of whom it does not speak, nothing.
    package typealias ProfileRule = @Sendable (_ users: [UserID], _ reader: UserID?, Transaction) throws -> [UserID: ProfileAccess]

    /// Sets what members see of each other; once, before the first request.
    package func onProfile(_ body: @escaping ProfileRule) { profiles.withLock { $0 = body } }

    package static let declaration = FeatureDeclaration(
        "accounts", title: LocalizedText(en: "Accounts", fr: "Comptes"), module: .core,
        migrations: accountMigrations + sanctionMigrations,
        auditActions: accountAuditActions)

    package var topics: [TopicRule] {
        [TopicRule("users", requires: .usersRead), TopicRule("registrations", requires: .registrationsReview)]
    }

    package var routes: [Route] {
        authRoutes + doorRoutes + userRoutes + bulkRoutes + importRoutes + avatarRoutes + factorRoutes + keyRoutes
    }

    /// The whole of `/auth` on one screen.
    private var authRoutes: [Route] {
        [
            Route(.post, "/auth/login", .anyone, SignInShapes.login, handler: login),
            Route(.post, "/auth/setup", .anyone, SignInShapes.setUp, handler: setUp),
            Route(.post, "/auth/refresh", .anyone, SignInShapes.refresh, handler: refreshSession),
            Route(.post, "/auth/logout", .withoutAPIKey, SignInShapes.logout, action: "auth.logout", handler: logout),
            Route(.post, "/auth/password", .withoutAPIKey, SignInShapes.password, action: "user.password", handler: changePassword),
            Route(.get, "/auth/session", .signedIn, SignInShapes.current, handler: currentSession),
            Route(.get, "/auth/sessions", .signedIn, SignInShapes.list, handler: listSessions),
            Route(.delete, "/auth/sessions/{id}", .withoutAPIKey, SignInShapes.revoke, action: "session.revoke", handler: revokeSession),
        ]
    }

    /// How people come in, get back in, and leave; who decides on it.
    private var doorRoutes: [Route] {
        [
            Route(.get, "/auth/registration", .anyone, RegistrationShapes.read, handler: readRegistration),
            Route(.post, "/auth/register", .anyone, RegistrationShapes.register, handler: register),
            Route(.post, "/auth/invitation", .anyone, InvitationShapes.preview, handler: previewInvitation),
            Route(.post, "/auth/email/verify", .anyone, RegistrationShapes.verify, handler: verifyEmail),
            Route(.post, "/auth/email/resend", .anyone, RegistrationShapes.resend, handler: resendConfirmation),
            Route(.post, "/auth/email", .withoutAPIKey, RegistrationShapes.changeEmail, action: "user.email_change", handler: changeEmail),
            Route(.post, "/auth/password/forgot", .anyone, RegistrationShapes.forgot, handler: forgotPassword),
            Route(.post, "/auth/password/reset", .anyone, RegistrationShapes.reset, handler: resetPassword),
            Route(.post, "/auth/rules", .withoutAPIKey, RegistrationShapes.acceptRules, handler: acceptRules),
            Route(.post, "/auth/leave", .withoutAPIKey, RegistrationShapes.leave, action: "user.leave", handler: leave),
            Route(.post, "/privacy/erase", .withoutAPIKey, RegistrationShapes.leave, action: "user.leave", handler: leave),
            Route(.get, "/invitations", .may(.invitationsManage), InvitationShapes.list, handler: listInvitations),
            Route(
                .post, "/invitations", .may(.invitationsManage), InvitationShapes.create, action: "invitation.create",
                handler: createInvitation),
            Route(.get, "/invitations/{id}", .may(.invitationsManage), InvitationShapes.read, handler: readInvitation),
            Route(
                .delete, "/invitations/{id}", .may(.invitationsManage), InvitationShapes.revoke, action: "invitation.revoke",
                handler: revokeInvitation),
            Route(.get, "/registrations", .may(.registrationsReview), RegistrationShapes.list, handler: listRegistrations),
            Route(
                .post, "/registrations/{id}/approve", .may(.registrationsReview), RegistrationShapes.approve,
                action: "registration.approve",
                handler: approveRegistration),
            Route(
                .post, "/registrations/{id}/refuse", .may(.registrationsReview), RegistrationShapes.refuse, action: "registration.refuse",
                handler: refuseRegistration),
            Route(.get, "/settings", .may(.settingsRead), RegistrationShapes.readSettings, handler: readSettings),
            Route(
                .patch, "/settings", .may(.settingsManage), RegistrationShapes.editSettings, action: "settings.update",
                handler: editSettings),
        ]
    }

    /// The whole of `/users`, as far as it is about people and not about their roles or presence.
    private var userRoutes: [Route] {
        [
            Route(.get, "/users", .ownOr(.usersRead), UserShapes.list, handler: listUsers),
            Route(.post, "/users", .may(.usersCreate), UserShapes.create, action: "user.create", handler: createUser),
            Route(.get, "/users/{id}", .ownOr(.usersRead), UserShapes.read, handler: readUser),
            Route(.patch, "/users/{id}", .ownOr(.usersUpdate), UserShapes.update, action: "user.update", handler: updateUser),
            Route(.delete, "/users/{id}", .ownOr(.usersDelete), UserShapes.delete, action: "user.delete", handler: deleteUser),
            Route(.post, "/users/{id}/restore", .may(.usersDelete), UserShapes.restore, action: "user.restore", handler: restoreUser),
            Route(.post, "/users/{id}/disable", .may(.usersDisable), UserShapes.disable, action: "user.disable", handler: disableUser),
            Route(.post, "/users/{id}/enable", .may(.usersDisable), UserShapes.enable, action: "user.enable", handler: enableUser),
            Route(.post, "/users/{id}/ban", .may(.moderationBan), UserShapes.ban, action: "user.ban", handler: banUser),
            Route(.delete, "/users/{id}/ban", .may(.moderationBan), UserShapes.unban, action: "user.unban", handler: unbanUser),
            Route(.get, "/users/tags", .may(.usersRead), UserShapes.tagList, handler: listTags),
            Route(.get, "/saved-filters", .may(.usersRead), UserShapes.readFilters, handler: readSavedFilters),
            Route(.put, "/saved-filters", .may(.usersRead), UserShapes.writeFilters, handler: writeSavedFilters),
            Route(.get, "/users/{id}/sessions", .ownOr(.usersSessions), SignInShapes.listOf, handler: listUserSessions),
        ]
    }

    /// Acts upon many: each needs what the act upon one needs, and a job is its author's alone.
    private var bulkRoutes: [Route] {
        [
            Route(.get, "/users/bulk", .withoutAPIKey, BulkShapes.list, handler: listBulk),
            Route(.post, "/users/bulk", .withoutAPIKey, BulkShapes.prepare, action: "user.bulk", handler: prepareBulk),
            Route(.get, "/users/bulk/{id}", .withoutAPIKey, BulkShapes.read, handler: readBulk),
            Route(.get, "/users/bulk/{id}/preview", .withoutAPIKey, BulkShapes.preview, handler: previewBulk),
            Route(.get, "/users/bulk/{id}/failures", .withoutAPIKey, BulkShapes.failures, handler: listBulkFailures),
            Route(.post, "/users/bulk/{id}/run", .withoutAPIKey, BulkShapes.run, action: "user.bulk", handler: runBulk),
            Route(.post, "/users/bulk/{id}/cancel", .withoutAPIKey, BulkShapes.cancel, action: "user.bulk", handler: cancelBulk),
            Route(.post, "/users/bulk/{id}/undo", .withoutAPIKey, BulkShapes.undo, action: "user.bulk", handler: undoBulk),
        ]
    }

    /// People who come and go as files: an import is its author's alone.
    private var importRoutes: [Route] {
        [
            Route(.get, "/users/export", .may(.usersRead), MemberExportShapes.export, action: "user.export", handler: exportUsers),
            Route(.get, "/users/import", .withoutAPIKey, MemberImportShapes.list, handler: listImports),
            Route(
                .post, "/users/import", .withoutAPIKey, MemberImportShapes.upload, action: "user.import",
                streamsUpTo: Call.formLimit(ofFile: Self.importFileLimit), handler: uploadImport),
            Route(.get, "/users/import/{id}", .withoutAPIKey, MemberImportShapes.read, handler: readImport),
            Route(.get, "/users/import/{id}/rows", .withoutAPIKey, MemberImportShapes.rows, handler: listImportRows),
            Route(.get, "/users/import/{id}/report", .withoutAPIKey, MemberImportShapes.report, handler: reportImport),
            Route(.patch, "/users/import/{id}", .withoutAPIKey, MemberImportShapes.map, action: "user.import", handler: mapImport),
            Route(
                .post, "/users/import/{id}/commit", .withoutAPIKey, MemberImportShapes.commit, action: "user.import", handler: commitImport),
            Route(
                .post, "/users/import/{id}/cancel", .withoutAPIKey, MemberImportShapes.cancel, action: "user.import", handler: cancelImport),
        ]
    }

    /// Pictures of people; whoever knows an address that nobody can guess may load what is there.
    private var avatarRoutes: [Route] {
        [
            Route(
                .put, "/users/{id}/avatar", .ownOr(.usersUpdate), AvatarShapes.put, action: "user.update",
                streamsUpTo: AvatarUpload.bodyLimit, handler: putAvatar),
            Route(.delete, "/users/{id}/avatar", .ownOr(.usersUpdate), AvatarShapes.remove, action: "user.update", handler: removeAvatar),
            Route(
                .get, "/avatars/{token}/{size}", .anyone, AvatarShapes.read, looksAtCredentials: false,
                handler: readAvatar),
        ]
    }

    /// Second factors: no key touches them.
    private var factorRoutes: [Route] {
        [
            Route(.get, "/users/{id}/totp", .ownOr(.usersResetFactor), FactorShapes.read, handler: readFactor),
            Route(.post, "/users/{id}/totp", .withoutAPIKey, FactorShapes.enrol, action: "totp.begin", handler: enrolFactor),
            Route(.post, "/users/{id}/totp/confirm", .withoutAPIKey, FactorShapes.confirm, action: "totp.confirm", handler: confirmFactor),
            Route(.delete, "/users/{id}/totp", .withoutAPIKey, FactorShapes.remove, action: "totp.remove", handler: removeFactor),
        ]
    }

    /// The whole of `/api-keys`: no key makes, changes or ends a key.
    private var keyRoutes: [Route] {
        [
            Route(.get, "/api-keys", .ownOr(.apiKeysManage), KeyShapes.list, handler: listKeys),
            Route(.post, "/api-keys", .withoutAPIKey, KeyShapes.create, action: "api_key.create", handler: createKey),
            Route(.get, "/api-keys/{id}", .ownOr(.apiKeysManage), KeyShapes.read, handler: readKey),
            Route(.patch, "/api-keys/{id}", .withoutAPIKey, KeyShapes.edit, action: "api_key.update", handler: editKey),
            Route(.delete, "/api-keys/{id}", .withoutAPIKey, KeyShapes.revoke, action: "api_key.revoke", handler: revokeKey),
            Route(.post, "/api-keys/{id}/rotate", .withoutAPIKey, KeyShapes.rotate, action: "api_key.rotate", handler: rotateKey),
        ]
    }
}
