internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Presence
internal import Roles
internal import Runtime
internal import Sanctions
internal import Web

/// `PATCH /users/{id}`
extension AccountsFeature {
    /// Profile, account, roles and chosen presence in one transaction: all of it, or nothing and the reason.
    func updateUser(_ call: Call) async throws -> Reply {
        let patch = try UserPatch(try call.body(), language: call.scope.language)
        var hash: String?
        if let password = patch.password {
            hash = try await hasher.hash(password, for: .person(try call.scope.requireWithoutAPIKey(), call.scope))
        }
        let newHash = hash
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            if patch.roles != nil { try lockRights(in: transaction) }
            let target = try visibleMember(reference, scope: scope, in: transaction).id
            if target != scope.userID { try requireMayChangeOther(target, patch, scope: scope, in: transaction) }
            try lockUser(target, in: transaction)
            var member = try directory.member(target, in: transaction)
            try call.checkIfMatch(version: member.version)
            try requireMayChange(member, patch, scope: scope)
            if patch.isEmpty { return try self.reply(target, scope, transaction) }
            if let actor = scope.userID, patch.speaksToOthers {
                try sanctions.requireNotMuted(actor, at: now, in: transaction)
                try sanctions.filters.check(patch.texts, by: actor, scope: scope, in: transaction)
            }
            if target == scope.userID, patch.touchesProfile { try limiter.spend(RateLimiter.Charge(.ownProfile, target.uuid)) }
            let (before, after) = patch.apply(to: &member)
            if let name = after["username"]?.string { try claim(username: name, in: transaction) }
            if let newHash { member.passwordHash = newHash }
            if !patch.presence.isEmpty {
                member.presence = try choices.choose(.object(patch.presence), for: member, scope: scope, at: now, in: transaction).presence
            }
            // A status has a version of its own: this one moves with what events of the person tell.
            if patch.touchesProfile || patch.password != nil || patch.roles != nil {
                try write(&member, patch, at: now, in: transaction)
            }
            if patch.locale != nil, target == scope.userID { try ChosenLanguage.note(target, in: transaction) }
            if newHash != nil {
                try endBeforeNewPassword(of: target, at: now, in: transaction)
            }
            if let references = patch.roles {
                try roles.assignments.setRoles(of: target, to: references, scope: scope, in: transaction)
            }
            try note(member, patch, before, after, scope: scope, at: now, in: transaction)
            return try self.reply(target, scope, transaction)
        }
    }

    func write(_ member: inout Member, _ patch: UserPatch, at now: Timestamp, in transaction: Transaction) throws {
        try Self.namingConflicts {
            if let email = patch.email {
                try email.value.map { try requireNotHeld($0, in: transaction) }
                let (cipher, blind) = (email.value.map { seal($0, for: member.id) }, email.value.map(blind))
                try directory.setEmail(member.id, cipher: cipher, blind: blind, in: transaction)
                try mailTokens.delete(for: member.id.rawValue, in: transaction)
                if let old = self.email(of: member), old != email.value?.text {
                    try post(.addressChanged, member.locale, to: old, in: transaction)
                    member.emailVerifiedAt = nil
                }
            }
            guard try directory.update(member, at: now, in: transaction) else { throw Problem.stale }
        }
        if patch.avatarURL != nil { try avatars.forget(member.id, unlessAt: member.avatarURL, in: transaction) }
        member.version += 1
    }

    /// Each part of a patch needs its own right; on somebody else also a strictly higher rank. Roles and presence check theirs.
    func requireMayChangeOther(_ target: UserID, _ patch: UserPatch, scope: Scope, in transaction: Transaction) throws {
        var permissions: [Permission] = []
        if patch.touchesProfile { permissions.append(.usersUpdate) }
        if patch.email != nil { permissions.append(.usersEmail) }
        if patch.password != nil { permissions.append(.usersPassword) }
        if patch.roles != nil { permissions.append(.rolesAssign) }
        if !patch.presence.isEmpty { permissions.append(.presenceManage) }
        try authorizer.requireMayManage(scope, target: target, requiring: permissions, in: transaction)
    }

    func requireMayChange(_ member: Member, _ patch: UserPatch, scope: Scope) throws(Problem) {
        if patch.password != nil || patch.email != nil { _ = try scope.requireWithoutAPIKey() }
        let isOwn = member.id == scope.userID
        if patch.tags != nil { try scope.require(.usersUpdate) }
        if patch.roles != nil { try scope.require(.rolesAssign) }
        // One's own takes the password, and an address that can be asked is asked.
        if isOwn, patch.email != nil {
            throw Problem.invalid(
                "/email", "use_auth_email",
                LocalizedText(
                    en: "Change your own e-mail address with POST /auth/email.",
                    fr: "Changez votre propre adresse e-mail par POST /auth/email."))
        }
        if isOwn, patch.password != nil {
            throw Problem.invalid(
                "/password", "use_auth_password",
                LocalizedText(
                    en: "Change your own password with POST /auth/password.",
                    fr: "Changez votre propre mot de passe par POST /auth/password."))
        }
    }

    func note(
        _ member: Member, _ patch: UserPatch, _ before: JSONObject, _ after: JSONObject, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws {
        var changed = after.names
        var (old, new) = (before, after)
        for (name, isNamed) in [("email", patch.email != nil), ("password", patch.password != nil)] where isNamed {
            changed.append(name)
            old.append(name, "hidden")
            new.append(name, "changed")
        }
        guard !changed.isEmpty else { return }
        if member.id == scope.userID { (old, new) = (old.shortened(), new.shortened()) }
        try record(
            "user.update", on: member.id, payload: ["before": .object(old), "after": .object(new)], scope: scope, in: transaction)
        try announce(
            "user.updated", member, extra: ["changed": .array(changed.map { .string($0) })], scope: scope, at: now, in: transaction)
    }
}

extension JSONObject {
    /// What the log keeps of a long text that somebody writes about themselves, in characters.
    static let keptOfOwnText = 100

    /// With its long texts cut.
    fileprivate func shortened() -> JSONObject {
        var short = self
        for name in names {
            guard let text = self[name]?.string, text.unicodeScalars.count > Self.keptOfOwnText else { continue }
            short[name] = .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.keptOfOwnText))) + "…")
        }
        return short
    }
}
