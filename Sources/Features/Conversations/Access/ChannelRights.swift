internal import Authorization
internal import Kernel

/// What a channel allows and denies to one role or one person, on top of their rights on the site.
struct ChannelOverwrite: Sendable, Hashable {
    enum Target: Sendable, Hashable {
        case role(RoleID)
        case user(UserID)
    }

    let target: Target
    let allow: PermissionSet
    let deny: PermissionSet
}

/// The rights of a person in a channel: a calculation without a database.
///
/// It starts with the rights on the site, in a private channel with what overwrites allow. Then every deny is taken away. Nothing is denied to the owner.
struct ChannelRights: Sendable {
    /// The keys that an overwrite may name.
    static let keys = PermissionSet([.chatRead, .chatWrite, .chatModerate, .chatMentionEveryone, .channelsManage])

    /// The rights of the person on the site; for an API key within its scopes.
    let site: PermissionSet
    /// The rights that an API key is limited to; nil without a key.
    let ceiling: PermissionSet?
    let rights: EffectivePermissions
    let user: UserID?

    /// - Parameters:
    ///   - own: the overwrites of the channel.
    ///   - inherited: those of its category; they hold for targets that the channel does not name.
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
        // Without the right to read there is no other right.
        let permissions = permissions.contains(.chatRead) ? permissions : PermissionSet()
        return ceiling.map(permissions.intersection) ?? permissions
    }
}
