internal import FeatureKit
internal import Kernel
internal import Sanctions

extension Permission {
    static let moderationWarn = Permission(known: "moderation.warn")
    static let moderationMute = Permission(known: "moderation.mute")
    static let moderationKick = Permission(known: "moderation.kick")
    static let moderationFilters = Permission(
        declaring: Definition(
            "moderation.filters", en: "Set the automatic filters", fr: "Régler les filtres automatiques", heldBy: ["mod", "admin"]))
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
    AuditAction("filter.update", target: "filter", en: "{actor} changed a filter", fr: "{actor} a modifié un filtre"),
    AuditAction("lockdown.start", target: "measure", en: "{actor} locked channels", fr: "{actor} a verrouillé des salons"),
    AuditAction("lockdown.end", target: "measure", en: "{actor} ended a lockdown", fr: "{actor} a levé un verrouillage"),
    AuditAction("raid.start", target: "measure", en: "Raid mode began ({actor})", fr: "Le mode anti-raid a commencé ({actor})"),
    AuditAction("raid.end", target: "measure", en: "{actor} ended raid mode", fr: "{actor} a mis fin au mode anti-raid"),
    AuditAction("raid.rule", target: nil, en: "{actor} changed the rule of raid mode", fr: "{actor} a modifié la règle du mode anti-raid"),
    AuditAction("message.purge", target: "user", en: "{actor} hid messages of {user}", fr: "{actor} a masqué des messages de {user}"),
    AuditAction(
        "message.unpurge", target: "user", en: "{actor} showed messages of {user} again", fr: "{actor} a réaffiché des messages de {user}"),
    AuditAction("filter.delete", target: "filter", en: "{actor} deleted a filter", fr: "{actor} a supprimé un filtre"),
    AuditAction(
        "escalation.update", target: nil, en: "{actor} changed the escalation rules", fr: "{actor} a modifié les règles d’escalade"),
]

/// The audit actions that the journal of moderation shows.
let journalActions = moderationAuditActions.map(\.key) + ["user.ban", "user.unban", "message.delete"]
