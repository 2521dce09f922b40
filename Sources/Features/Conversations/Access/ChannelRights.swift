internal import Authorization
internal import Kernel

/// What one role or one person may do more, or less, in one channel.
struct ChannelOverwrite: Sendable, Hashable {
    enum Target: Sendable, Hashable {
        case role(RoleID)
        case user(UserID)
    }

    let target: Target
    let allow: PermissionSet
    let deny: PermissionSet
}

/// What somebody may do in a channel: a calculation without a database.
///
/// The rights of the site, in a private channel only what an allow gives; then every deny, last. Nothing is denied to the owner.
struct ChannelRights: Sendable {
    /// The keys that an overwrite may name.
    static let keys = PermissionSet([.chatRead, .chatWrite, .chatModerate, .chatMentionEveryone, .channelsManage])

    /// Of the site, what the person may do: for an API key within its scopes.
    let site: PermissionSet
    /// What a key lets its person do at most; nil for the person themselves.
    let ceiling: PermissionSet?
    let rights: EffectivePermissions
    let user: UserID?

    /// - Parameters:
    ///   - own: of the channel.
    ///   - inherited: of its category; they hold for the targets that the channel does not name.
    func permissions(visibility: ConversationRecord.Visibility, own: [ChannelOverwrite], inherited: [ChannelOverwrite]) -> PermissionSet {
        if rights.isOwner { return capped(Self.keys) }
        var granted = visibility == .public ? site.intersection(Self.keys) : PermissionSet()
        var denied = rights.denied
        for overwrite in Self.effective(own: own, inherited: inherited) where concerns(overwrite) {
            granted.formUnion(overwrite.allow)
            denied.formUnion(overwrite.deny)
        }
        return capped(granted.subtracting(denied).intersection(Self.keys))
    }

    static func effective(own: [ChannelOverwrite], inherited: [ChannelOverwrite]) -> [ChannelOverwrite] {
        let named = Set(own.map(\.target))
        return own + inherited.filter { !named.contains($0.target) }
    }

    func concerns(_ overwrite: ChannelOverwrite) -> Bool {
        switch overwrite.target {
        case .role(let role): rights.roles.contains(role)
        case .user(let person): person == user
        }
    }

    private func capped(_ permissions: PermissionSet) -> PermissionSet {
        // Whoever may not read may do nothing.
        let permissions = permissions.contains(.chatRead) ? permissions : PermissionSet()
        return ceiling.map(permissions.intersection) ?? permissions
    }
}
