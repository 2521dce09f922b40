internal import Authorization
internal import Database
internal import Directory
package import Kernel
internal import Presence
internal import Roles

/// The resource `user`, as one reader may see it.
extension AccountsFeature {
    /// The person themselves, from memory where they are known: the `user` of the gateway's `ready`.
    package func profile(of scope: Scope) async throws -> JSON {
        guard let user = scope.userID else { return .null }
        guard let own = Self.ownPermissions(scope) else { return try await userView(user, scope: scope) }
        let (known, now) = (try await roles.known.member(user), clock.now())
        return .object(
            view(
                known.member, scope, roles: known.roles, permissions: own,
                shown: presence.view(of: known.member, for: scope, at: now), withPrivate: true, at: now))
    }

    /// Read again after a change, so that the answer is what the next read would give.
    func userView(_ user: UserID, scope: Scope) async throws -> JSON {
        try await database.read { [self] transaction in
            let member = try directory.member(user, includingDeleted: true, in: transaction)
            return try views([member], scope: scope, knowing: Self.ownPermissions(scope), in: transaction)[0]
        }
    }

    /// What is known of the reader's own permissions without a look at the database; nil for a key, which has fewer than its person.
    ///
    /// For reads: a change must answer with what it made.
    static func ownPermissions(_ scope: Scope) -> PermissionSet? { scope.key == nil ? scope.permissions : nil }

    /// - Parameters:
    ///   - own: the reader's own permissions, where they are known.
    ///   - withPrivate: e-mail addresses and the reasons of bans, as far as the reader may see them.
    func views(
        _ members: [Member], scope: Scope, knowing own: PermissionSet? = nil, withPrivate: Bool = true, in transaction: Transaction
    ) throws -> [JSON] {
        let now = clock.now()
        let ids = members.map(\.id)
        let held = try shownRoles(of: ids, in: transaction)
        let wanted = ids.filter { $0 == scope.userID ? own == nil : scope.can(.rolesRead) }
        let rights = wanted.isEmpty ? [:] : try roles.assignments.rights(of: wanted, in: transaction)
        return members.map { member in
            .object(
                view(
                    member, scope, roles: held[member.id] ?? [],
                    permissions: rights[member.id]?.permissions ?? (member.id == scope.userID ? own : nil),
                    shown: presence.view(of: member, for: scope, at: now), withPrivate: withPrivate, at: now))
        }
    }

    private func view(
        _ member: Member, _ scope: Scope, roles: [JSON], permissions: PermissionSet?, shown: PresenceView, withPrivate: Bool,
        at now: Timestamp
    ) -> JSONObject {
        let isOwn = member.id == scope.userID
        let mayKnowWhy = withPrivate && (isOwn || scope.can(.moderationBan))
        let mayWrite = withPrivate && (isOwn || scope.can(.usersEmail))
        return [
            "id": JSON(member.id), "username": .string(member.username), "display_name": .string(member.displayName),
            "email": mayWrite ? JSON(email(of: member)) : .null,
            "email_verified_at": mayWrite ? JSON(member.emailVerifiedAt) : .null,
            "avatar_url": JSON(member.avatarURL), "bio": JSON(member.bio), "banner_hue": JSON(member.bannerHue),
            "locale": .string(member.locale.rawValue),
            "status": .string(shown.status.rawValue), "chosen_status": JSON(presence.chosenStatus(of: member, for: scope)),
            "status_message": JSON(shown.message), "status_emoji": JSON(shown.emoji),
            "status_expires_at": JSON(presence.messageEnd(of: member, for: scope)),
            "activity_name": JSON(shown.activityName), "activity": shown.activity.map { .object($0) } ?? .null,
            "last_seen_at": JSON(shown.lastSeenAt), "presence_version": .integer(shown.version),
            "roles": .array(roles.compactMap { $0["id"] }), "role_details": .array(roles),
            "permissions_summary": permissions.map(Self.summary) ?? .null,
            "tags": .array(member.tags.map { .string($0) }), "is_banned": .bool(member.isBanned(at: now)),
            "ban": mayKnowWhy && member.isBanned(at: now) ? ["reason": JSON(member.banReason), "until": JSON(member.bannedUntil)] : .null,
            "is_disabled": .bool(member.isDisabled), "deleted_at": JSON(member.deletedAt), "created_at": JSON(member.createdAt),
            "updated_at": JSON(member.updatedAt), "version": .integer(member.version),
        ]
    }

    /// The effective permissions in few words: `*`, whole modules as `users.*`, else the keys.
    static func summary(_ permissions: PermissionSet) -> JSON {
        if permissions == .all { return ["*"] }
        var entries: [JSON] = []
        for (module, all) in modules {
            let held = all.filter { permissions.contains($0) }
            if held.count == all.count && all.count > 1 {
                entries.append(.string("\(module).*"))
            } else {
                entries += held.map { .string($0.key) }
            }
        }
        return .array(entries)
    }

    /// The registry by module, in its order.
    private static let modules: [(String, [Permission])] = {
        var modules: [(String, [Permission])] = []
        for permission in PermissionSet.all.permissions {
            if modules.last?.0 == permission.definition.module {
                modules[modules.count - 1].1.append(permission)
            } else {
                modules.append((permission.definition.module, [permission]))
            }
        }
        return modules
    }()
}
