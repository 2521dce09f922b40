internal import FeatureKit
internal import Kernel
internal import Sanctions

extension Permission {
    static let moderationWarn = Permission(known: "moderation.warn")
    static let moderationMute = Permission(known: "moderation.mute")
    static let moderationKick = Permission(known: "moderation.kick")
    static let moderationReports = Permission(known: "moderation.reports")
}

extension SanctionKind {
    /// What imposing and lifting one needs.
    var permission: Permission {
        switch self {
        case .warn: .moderationWarn
        case .mute: .moderationMute
        case .kick: .moderationKick
        case .ban: .moderationBan
        }
    }
}

/// What this feature writes to the audit log. Bans are `user.ban` and `user.unban`.
let moderationAuditActions: [AuditAction] = [
    AuditAction("sanction.create", target: "user", en: "{actor} sanctioned {user}", fr: "{actor} a sanctionné {user}"),
    AuditAction("sanction.end", target: "user", en: "{actor} ended a sanction of {user}", fr: "{actor} a mis fin à une sanction de {user}"),
]
