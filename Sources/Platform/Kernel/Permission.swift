internal import Synchronization

/// One atomic right, from the registry in `Permission.all`; nothing outside the registry can be asked for or granted.
public struct Permission: Hashable, Sendable {
    /// The place in `Permission.all` and the bit in a `PermissionSet`.
    public let index: Int

    init(index: Int) { self.index = index }

    public var key: String { definition.key }
    public var definition: Definition { Self.registry.withLock { $0.definitions[index] } }

    /// The permission of that exact key; wildcards and unknown keys are nil.
    public init?(key: String) {
        guard let index = Self.registry.withLock({ $0.indexByKey[key] }) else { return nil }
        self.init(index: index)
    }

    /// A permission of the first registry, which `Permission.first` lists.
    public init(known key: String) {
        guard let permission = Permission(key: key) else { preconditionFailure("\(key) is not in the registry") }
        self = permission
    }

    /// Adds a feature's own permission to the registry; the same definition again is the same permission.
    public init(declaring definition: Definition) {
        index = Self.registry.withLock { $0.add(definition) }
    }

    private static let registry = Mutex(PermissionRegistry(first))

    /// The registry: what stands in `first`, then what features declared.
    public static var all: [Definition] { registry.withLock { $0.definitions } }

    /// How many permissions there are.
    static var count: Int { registry.withLock { $0.definitions.count } }

    /// The permissions of a module, the part before the dot; nil when there is none.
    public static func module(_ name: String) -> PermissionSet? { registry.withLock { $0.modules[name] } }

    public static let usersRead = Permission(known: "users.read")
    public static let usersCreate = Permission(known: "users.create")
    public static let usersUpdate = Permission(known: "users.update")
    public static let usersDelete = Permission(known: "users.delete")
    public static let usersDeleteHard = Permission(known: "users.delete_hard")
    public static let usersDisable = Permission(known: "users.disable")
    public static let usersEmail = Permission(known: "users.email")
    public static let usersPassword = Permission(known: "users.password")
    public static let usersSessions = Permission(known: "users.sessions")
    public static let usersResetFactor = Permission(known: "users.reset_factor")
    public static let rolesRead = Permission(known: "roles.read")
    public static let rolesManage = Permission(known: "roles.manage")
    public static let rolesAssign = Permission(known: "roles.assign")
    public static let rolesOverride = Permission(known: "roles.override")
    public static let moderationBan = Permission(known: "moderation.ban")
    public static let presenceRead = Permission(known: "presence.read")
    public static let presenceManage = Permission(known: "presence.manage")
    public static let presenceHistory = Permission(known: "presence.history")
    public static let apiKeysManage = Permission(known: "api_keys.manage")
    public static let invitationsManage = Permission(known: "invitations.manage")
    public static let registrationsReview = Permission(known: "registrations.review")
    public static let settingsRead = Permission(known: "settings.read")
    public static let settingsManage = Permission(known: "settings.manage")
    public static let auditRead = Permission(known: "audit.read")
    public static let metricsRead = Permission(known: "metrics.read")

    /// What a permission lets its holder do, in words.
    public struct Definition: Sendable, Hashable {
        public let key: String
        public let description: LocalizedText
        /// The names of the system roles that get the permission when a site first knows it; the owner and administrators hold all.
        public let heldBy: [String]

        /// The feature that the key belongs to: what stands before the dot.
        public var module: String { String(key.prefix { $0 != "." }) }

        /// - Parameter heldBy: for a permission that is declared after the first release; a later removal by the owner stays.
        public init(_ key: String, en english: String, fr french: String, heldBy: [String] = []) {
            self.key = key
            self.description = LocalizedText(en: english, fr: french)
            self.heldBy = heldBy
        }
    }

    /// What every site knew before features declared their own. A key is never reused nor removed: stored sets name keys, not bits.
    static let first: [Definition] = [
        Definition("users.read", en: "See the members and their profiles", fr: "Voir les membres et leurs profils"),
        Definition("users.create", en: "Add members", fr: "Ajouter des membres"),
        Definition("users.update", en: "Change other members’ profiles", fr: "Modifier le profil des autres membres"),
        Definition("users.delete", en: "Delete members (they can be restored)", fr: "Supprimer des membres (restauration possible)"),
        Definition("users.delete_hard", en: "Delete members for good", fr: "Supprimer définitivement des membres"),
        Definition("users.disable", en: "Disable and re-enable accounts", fr: "Désactiver et réactiver des comptes"),
        Definition("users.email", en: "See and change e-mail addresses", fr: "Voir et modifier les adresses e-mail"),
        Definition("users.password", en: "Give members a new password", fr: "Donner un nouveau mot de passe aux membres"),
        Definition("users.sessions", en: "See and end members’ sessions", fr: "Voir et fermer les sessions des membres"),
        Definition(
            "users.reset_factor", en: "Take a lost second factor off an account", fr: "Retirer un second facteur perdu d’un compte"),
        Definition("users.import", en: "Import members from a file", fr: "Importer des membres depuis un fichier"),
        Definition("users.export", en: "Export the list of members", fr: "Exporter la liste des membres"),
        Definition("roles.read", en: "See the roles and what they allow", fr: "Voir les rôles et ce qu’ils permettent"),
        Definition("roles.manage", en: "Create, edit and delete roles", fr: "Créer, modifier et supprimer des rôles"),
        Definition("roles.assign", en: "Give roles to members and take them back", fr: "Donner des rôles aux membres et les reprendre"),
        Definition("roles.override", en: "Allow or deny one right to one member", fr: "Accorder ou refuser un droit à un membre précis"),
        Definition("moderation.ban", en: "Ban members and lift bans", fr: "Bannir des membres et lever les bannissements"),
        Definition("moderation.kick", en: "Kick members out", fr: "Expulser des membres"),
        Definition("moderation.mute", en: "Mute members", fr: "Rendre des membres muets"),
        Definition("moderation.warn", en: "Warn members", fr: "Avertir des membres"),
        Definition("moderation.reports", en: "Handle reports", fr: "Traiter les signalements"),
        Definition("presence.read", en: "Follow everybody’s status live", fr: "Suivre en direct le statut de tous les membres"),
        Definition("presence.manage", en: "Set or clear other members’ status", fr: "Définir ou effacer le statut d’autres membres"),
        Definition("presence.history", en: "See when members were online", fr: "Voir quand les membres étaient en ligne"),
        Definition("chat.read", en: "Read conversations and channels", fr: "Lire les conversations et les salons"),
        Definition("chat.write", en: "Send messages", fr: "Envoyer des messages"),
        Definition(
            "chat.moderate", en: "Edit, pin and delete others’ messages", fr: "Modifier, épingler et supprimer les messages des autres"),
        Definition("chat.mention_everyone", en: "Mention @everyone and roles", fr: "Mentionner @everyone et les rôles"),
        Definition("channels.manage", en: "Create and edit channels", fr: "Créer et modifier des salons"),
        Definition("voice.join", en: "Join voice channels and calls", fr: "Rejoindre les salons vocaux et les appels"),
        Definition(
            "voice.moderate", en: "Mute, move and disconnect people in voice", fr: "Couper, déplacer et déconnecter des personnes en vocal"),
        Definition("media.read", en: "Browse films and series", fr: "Parcourir les films et les séries"),
        Definition("media.write", en: "Like, rate and review titles", fr: "Aimer, noter et critiquer des titres"),
        Definition("media.manage", en: "Import and edit the catalogue", fr: "Importer et modifier le catalogue"),
        Definition("friends.write", en: "Send friend requests", fr: "Envoyer des demandes d’ami"),
        Definition("analytics.read", en: "See the statistics", fr: "Voir les statistiques"),
        Definition("analytics.export", en: "Export the statistics", fr: "Exporter les statistiques"),
        Definition("alerts.manage", en: "Set up alerts", fr: "Configurer les alertes"),
        Definition("webhooks.manage", en: "Manage webhooks", fr: "Gérer les webhooks"),
        Definition("api_keys.manage", en: "See and revoke members’ API keys", fr: "Voir et révoquer les clés d’API des membres"),
        Definition("invitations.manage", en: "Create and revoke invitations", fr: "Créer et révoquer des invitations"),
        Definition(
            "registrations.review", en: "Accept and refuse those who ask to join", fr: "Accepter et refuser les demandes d’inscription"),
        Definition("settings.read", en: "See the site’s settings", fr: "Voir les réglages du site"),
        Definition("settings.manage", en: "Change the site’s settings", fr: "Modifier les réglages du site"),
        Definition("audit.read", en: "Read the audit log", fr: "Lire le journal d’audit"),
        Definition("audit.export", en: "Export the audit log", fr: "Exporter le journal d’audit"),
        Definition("metrics.read", en: "Read the server’s metrics", fr: "Lire les mesures du serveur"),
    ]
}

/// A compiled set of permissions: one bit a registry entry, so a check is a mask.
public struct PermissionSet: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    public init() {}

    public init(_ permissions: some Sequence<Permission>) {
        for permission in permissions { insert(permission) }
    }

    /// Every permission of the registry.
    public static var all: PermissionSet {
        var set = PermissionSet()
        let count = Permission.count
        set.low = count >= 64 ? .max : 1 << UInt64(count) - 1
        set.high = count <= 64 ? 0 : count >= 128 ? .max : 1 << UInt64(count - 64) - 1
        return set
    }

    /// How many permissions a set has bits for.
    public static let capacity = 128

    public func contains(_ permission: Permission) -> Bool {
        permission.index < 64 ? low >> UInt64(permission.index) & 1 == 1 : high >> UInt64(permission.index - 64) & 1 == 1
    }

    public mutating func insert(_ permission: Permission) {
        if permission.index < 64 { low |= 1 << UInt64(permission.index) } else { high |= 1 << UInt64(permission.index - 64) }
    }

    public mutating func formUnion(_ other: PermissionSet) { (low, high) = (low | other.low, high | other.high) }

    public mutating func subtract(_ other: PermissionSet) { (low, high) = (low & ~other.low, high & ~other.high) }

    public func union(_ other: PermissionSet) -> PermissionSet {
        var result = self
        result.formUnion(other)
        return result
    }

    public func subtracting(_ other: PermissionSet) -> PermissionSet {
        var result = self
        result.subtract(other)
        return result
    }

    public func intersection(_ other: PermissionSet) -> PermissionSet { subtracting(subtracting(other)) }

    public func isSuperset(of other: PermissionSet) -> Bool { other.subtracting(self).isEmpty }

    public var isEmpty: Bool { low == 0 && high == 0 }

    /// In the registry's order.
    public var permissions: [Permission] { (0..<Permission.count).map(Permission.init(index:)).filter(contains) }

    public var keys: [String] { permissions.map(\.key) }
}
