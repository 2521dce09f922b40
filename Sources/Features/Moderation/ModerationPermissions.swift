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
    /// The permission to impose and to lift.
    var permission: Permission {
        switch self {
        case .warn: .moderationWarn
        case .mute: .moderationMute
        case .kick: .moderationKick
        case .ban: .moderationBan
        }
    }
}

/// The audit actions of this feature; bans are recorded as `user.ban` and `user.unban`.
let moderationAuditActions: [AuditAction] = [
    AuditAction("sanction.create", target: "user", en: "{actor} sanctioned {user}", fr: "{actor} a sanctionné {user}"),
    AuditAction("sanction.end", target: "user", en: "{actor} ended a sanction of {user}", fr: "{actor} a mis fin à une sanction de {user}"),
    AuditAction(
        "sanction.update", target: "user", en: "{actor} shortened a sanction of {user}", fr: "{actor} a raccourci une sanction de {user}"),
    AuditAction("case.take", target: "case", en: "{actor} took a case", fr: "{actor} a pris un dossier"),
    AuditAction("case.release", target: "case", en: "{actor} put back a case", fr: "{actor} a rendu un dossier"),
    AuditAction("case.decide", target: "case", en: "{actor} decided a case", fr: "{actor} a tranché un dossier"),
    AuditAction("case.merge", target: "case", en: "{actor} merged two cases", fr: "{actor} a fusionné deux dossiers"),
    AuditAction("case.split", target: "case", en: "{actor} undid a merge of cases", fr: "{actor} a annulé une fusion de dossiers"),
    AuditAction("appeal.create", target: "appeal", en: "{actor} appealed against a sanction", fr: "{actor} a déposé un recours"),
    AuditAction("appeal.decide", target: "appeal", en: "{actor} answered an appeal", fr: "{actor} a répondu à un recours"),
    AuditAction(
        "escalation.update", target: nil, en: "{actor} changed the escalation rules", fr: "{actor} a modifié les règles d’escalade"),
]

/// The audit actions that the journal of moderation shows.
let journalActions = moderationAuditActions.map(\.key) + ["user.ban", "user.unban", "message.delete"]
