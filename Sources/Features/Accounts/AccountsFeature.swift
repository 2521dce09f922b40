// Owns who comes in, sign-in, sessions, the people's own pages of the API (`/auth`, `/users`, `/invitations`, `/registrations`) and their bans. Refuses to decide rights: Roles does.
package import Audit
package import Crypto
package import Database
internal import Directory
internal import HTTP
package import Images
package import Kernel
package import Mail
package import Presence
package import Realtime
package import Roles
package import Runtime
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
    let hasher: PasswordHasher
    /// Called when the set-up link was claimed.
    let onSetUp: @Sendable () -> Void

    let tokens: TokenIssuer
    let cookie: SessionCookie
    let publicOrigin: PublicOrigin
    let sessions: SessionStore
    let feed = RevocationFeed()
    let cache = SessionCache()
    let uses = LastUses<SessionID>()
    let factors: FactorStore
    let keys = KeyStore()
    let keyUses = LastUses<APIKeyID>()
    let pictures: PictureMaker
    let avatars = AvatarStore()
    let bulk = BulkStore()
    let uploads = UploadSlots()
    let throttle = LoginThrottle()
    let settings = SiteSettings()
    let invitations = InvitationStore()
    let applicants = RegistrationStore()
    let mailTokens = MailTokens()
    /// Accounts that one address of the network may make.
    let registrations = Allowance(burst: 50, intervalSeconds: 60)
    /// What one address of the network may ask to be sent, or try with a link.
    let wishes = Allowance(burst: 20, intervalSeconds: 60)
    /// Mails of one purpose to one mailbox on anybody's asking.
    let mailLimit = Allowance(burst: 3, intervalSeconds: 1200)

    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock = .system, log: Log, policy: AccountPolicy,
        audit: AuditLog, roles: RolesFeature, presence: PresenceReader, choices: StatusChoices, mail: MailFeature,
        hasher: PasswordHasher = PasswordHasher(), pictures: PictureMaker = PictureMaker(),
        onSetUp: @escaping @Sendable () -> Void = {}
    ) throws {
        (self.database, self.keyring, self.ids, self.clock, self.log, self.policy) = (database, keyring, ids, clock, log, policy)
        (self.audit, self.roles, self.presence, self.choices, self.mail, self.hasher) = (audit, roles, presence, choices, mail, hasher)
        self.pictures = pictures
        self.onSetUp = onSetUp
        tokens = try keyring.tokenIssuer(issuer: policy.publicURL ?? "urn:foyer:\(keyring.instance)", audience: "foyer-api")
        cookie = SessionCookie(keyring: keyring, isSecure: policy.isSecure)
        publicOrigin = PublicOrigin(publicURL: policy.publicURL)
        factors = FactorStore(keyring: keyring)
        sessions = SessionStore(ids: ids, lifetime: policy.sessionLifetime)
    }

    /// Called once for each session that ends before its time, on any node: the gateway closes its sockets with `reason.closeCode`.
    package func onRevoked(_ hook: @escaping @Sendable (SessionRevocation) -> Void) { feed.onRevoked(hook) }

    package var migrations: [Migration] { accountMigrations }

    package var topics: [TopicRule] {
        [TopicRule("users", requires: .usersRead), TopicRule("registrations", requires: .registrationsReview)]
    }

    package var routes: [Route] { authRoutes + doorRoutes + userRoutes + bulkRoutes + avatarRoutes + factorRoutes + keyRoutes }

    /// The whole of `/auth` on one screen.
    private var authRoutes: [Route] {
        [
            Route(.post, "/auth/login", .anyone, handler: login),
            Route(.post, "/auth/setup", .anyone, handler: setUp),
            Route(.post, "/auth/refresh", .anyone, handler: refreshSession),
            Route(.post, "/auth/logout", .withoutAPIKey, action: "auth.logout", handler: logout),
            Route(.post, "/auth/password", .withoutAPIKey, action: "user.password", handler: changePassword),
            Route(.get, "/auth/session", .signedIn, takesQuery: false, handler: currentSession),
            Route(.get, "/auth/sessions", .signedIn, handler: listSessions),
            Route(.delete, "/auth/sessions/{id}", .withoutAPIKey, action: "session.revoke", handler: revokeSession),
        ]
    }

    /// How people come in, get back in, and leave; who decides on it.
    private var doorRoutes: [Route] {
        [
            Route(.get, "/auth/registration", .anyone, takesQuery: false, handler: readRegistration),
            Route(.post, "/auth/register", .anyone, handler: register),
            Route(.post, "/auth/invitation", .anyone, handler: previewInvitation),
            Route(.post, "/auth/email/verify", .anyone, handler: verifyEmail),
            Route(.post, "/auth/email/resend", .anyone, handler: resendConfirmation),
            Route(.post, "/auth/email", .withoutAPIKey, action: "user.email_change", handler: changeEmail),
            Route(.post, "/auth/password/forgot", .anyone, handler: forgotPassword),
            Route(.post, "/auth/password/reset", .anyone, handler: resetPassword),
            Route(.post, "/auth/rules", .withoutAPIKey, handler: acceptRules),
            Route(.post, "/auth/leave", .withoutAPIKey, action: "user.leave", handler: leave),
            Route(.get, "/invitations", .may(.invitationsManage), handler: listInvitations),
            Route(.post, "/invitations", .may(.invitationsManage), action: "invitation.create", handler: createInvitation),
            Route(.get, "/invitations/{id}", .may(.invitationsManage), takesQuery: false, handler: readInvitation),
            Route(.delete, "/invitations/{id}", .may(.invitationsManage), action: "invitation.revoke", handler: revokeInvitation),
            Route(.get, "/registrations", .may(.registrationsReview), handler: listRegistrations),
            Route(
                .post, "/registrations/{id}/approve", .may(.registrationsReview), action: "registration.approve",
                handler: approveRegistration),
            Route(
                .post, "/registrations/{id}/refuse", .may(.registrationsReview), action: "registration.refuse", handler: refuseRegistration),
            Route(.get, "/settings", .may(.settingsRead), takesQuery: false, handler: readSettings),
            Route(.patch, "/settings", .may(.settingsManage), action: "settings.update", handler: editSettings),
        ]
    }

    /// The whole of `/users`, as far as it is about people and not about their roles or presence.
    private var userRoutes: [Route] {
        [
            Route(.get, "/users", .may(.usersRead), handler: listUsers),
            Route(.post, "/users", .may(.usersCreate), action: "user.create", handler: createUser),
            Route(.get, "/users/{id}", .ownOr(.usersRead), handler: readUser),
            Route(.patch, "/users/{id}", .ownOr(.usersUpdate), action: "user.update", handler: updateUser),
            Route(.delete, "/users/{id}", .signedIn, action: "user.delete", takesQuery: true, handler: deleteUser),
            Route(.post, "/users/{id}/restore", .may(.usersDelete), action: "user.restore", handler: restoreUser),
            Route(.post, "/users/{id}/disable", .may(.usersDisable), action: "user.disable", handler: disableUser),
            Route(.post, "/users/{id}/enable", .may(.usersDisable), action: "user.enable", handler: enableUser),
            Route(.post, "/users/{id}/ban", .may(.moderationBan), action: "user.ban", handler: banUser),
            Route(.delete, "/users/{id}/ban", .may(.moderationBan), action: "user.unban", handler: unbanUser),
            Route(.get, "/users/tags", .may(.usersRead), handler: listTags),
            Route(.get, "/saved-filters", .may(.usersRead), takesQuery: false, handler: readSavedFilters),
            Route(.put, "/saved-filters", .may(.usersRead), handler: writeSavedFilters),
            Route(.get, "/users/{id}/sessions", .ownOr(.usersSessions), handler: listUserSessions),
        ]
    }

    /// Acts upon many: each needs what the act upon one needs, and a job is its author's alone.
    private var bulkRoutes: [Route] {
        [
            Route(.get, "/users/bulk", .withoutAPIKey, takesQuery: false, handler: listBulk),
            Route(.post, "/users/bulk", .withoutAPIKey, action: "user.bulk", handler: prepareBulk),
            Route(.get, "/users/bulk/{id}", .withoutAPIKey, takesQuery: false, handler: readBulk),
            Route(.get, "/users/bulk/{id}/preview", .withoutAPIKey, takesQuery: false, handler: previewBulk),
            Route(.get, "/users/bulk/{id}/failures", .withoutAPIKey, handler: listBulkFailures),
            Route(.post, "/users/bulk/{id}/run", .withoutAPIKey, action: "user.bulk", handler: runBulk),
            Route(.post, "/users/bulk/{id}/cancel", .withoutAPIKey, action: "user.bulk", handler: cancelBulk),
            Route(.post, "/users/bulk/{id}/undo", .withoutAPIKey, action: "user.bulk", handler: undoBulk),
        ]
    }

    /// Pictures of people; whoever knows an address that nobody can guess may load what is there.
    private var avatarRoutes: [Route] {
        [
            Route(
                .put, "/users/{id}/avatar", .ownOr(.usersUpdate), action: "user.update", takesQuery: true,
                streamsUpTo: AvatarUpload.bodyLimit, handler: putAvatar),
            Route(.delete, "/users/{id}/avatar", .ownOr(.usersUpdate), action: "user.update", handler: removeAvatar),
            Route(.get, "/avatars/{token}/{size}", .anyone, takesQuery: false, looksAtCredentials: false, handler: readAvatar),
        ]
    }

    /// Second factors: no key touches them.
    private var factorRoutes: [Route] {
        [
            Route(.get, "/users/{id}/totp", .ownOr(.usersResetFactor), takesQuery: false, handler: readFactor),
            Route(.post, "/users/{id}/totp", .withoutAPIKey, action: "totp.begin", handler: enrolFactor),
            Route(.post, "/users/{id}/totp/confirm", .withoutAPIKey, action: "totp.confirm", handler: confirmFactor),
            Route(.delete, "/users/{id}/totp", .withoutAPIKey, action: "totp.remove", handler: removeFactor),
        ]
    }

    /// The whole of `/api-keys`: no key makes, changes or ends a key.
    private var keyRoutes: [Route] {
        [
            Route(.get, "/api-keys", .ownOr(.apiKeysManage), handler: listKeys),
            Route(.post, "/api-keys", .withoutAPIKey, action: "api_key.create", handler: createKey),
            Route(.get, "/api-keys/{id}", .ownOr(.apiKeysManage), takesQuery: false, handler: readKey),
            Route(.patch, "/api-keys/{id}", .withoutAPIKey, action: "api_key.update", handler: editKey),
            Route(.delete, "/api-keys/{id}", .withoutAPIKey, action: "api_key.revoke", handler: revokeKey),
            Route(.post, "/api-keys/{id}/rotate", .withoutAPIKey, action: "api_key.rotate", handler: rotateKey),
        ]
    }
}
