internal import Database
internal import Directory
internal import Kernel
internal import Presence
internal import Synchronization

/// What members see of each other without `users.read`: nothing of accounts, rights or bans.
extension AccountsFeature {
    /// How much of some people this reader sees; of themselves all.
    func profileAccess(of users: [UserID], scope: Scope, in transaction: Transaction) throws -> [UserID: ProfileAccess] {
        try profiles.withLock { $0 }(users, scope.userID, transaction)
    }

    /// - Parameter access: of each of them.
    func profileViews(_ members: [Member], _ access: [UserID: ProfileAccess], scope: Scope, in transaction: Transaction) throws -> [JSON] {
        let now = clock.now()
        let held = try shownRoles(of: members.map(\.id), in: transaction)
        return members.map { member in
            let isSeen = access[member.id] == .whole
            let shown = isSeen ? presence.view(of: member, for: scope, at: now) : nil
            let roles = held[member.id] ?? []
            return [
                "id": JSON(member.id), "username": .string(member.username), "display_name": .string(member.displayName),
                "avatar_url": JSON(member.avatarURL), "bio": JSON(member.bio), "banner_hue": JSON(member.bannerHue),
                "status": .string((shown?.status ?? .offline).rawValue),
                "status_message": JSON(shown?.message), "status_emoji": JSON(shown?.emoji), "activity_name": JSON(shown?.activityName),
                "activity": shown?.activity.map { .object($0) } ?? .null, "last_seen_at": JSON(shown?.lastSeenAt),
                "presence_version": .integer(shown?.version ?? 0), "roles": .array(roles.compactMap { $0["id"] }),
                "role_details": .array(roles), "created_at": JSON(member.createdAt), "version": .integer(member.version),
            ]
        }
    }
}
