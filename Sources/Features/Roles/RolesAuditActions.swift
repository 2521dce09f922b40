internal import FeatureKit

/// What this feature writes to the audit log.
let roleAuditActions: [AuditAction] = [
    AuditAction("role.create", target: "role", en: "{actor} created the role {role}", fr: "{actor} a créé le rôle {role}"),
    AuditAction("role.update", target: "role", en: "{actor} changed the role {role}", fr: "{actor} a modifié le rôle {role}"),
    AuditAction("role.delete", target: "role", en: "{actor} deleted the role {role}", fr: "{actor} a supprimé le rôle {role}"),
    AuditAction("role.restore", target: "role", en: "{actor} restored the role {role}", fr: "{actor} a rétabli le rôle {role}"),
    AuditAction(
        "role.rollback", target: "role", en: "{actor} took the role {role} back to an earlier version",
        fr: "{actor} a ramené le rôle {role} à une version antérieure"),
    AuditAction("role.reorder", target: "role", en: "{actor} moved the role {role}", fr: "{actor} a déplacé le rôle {role}"),
    AuditAction("role.assign", target: "user", en: "{actor} gave {role} to {user}", fr: "{actor} a donné {role} à {user}"),
    AuditAction("role.revoke", target: "user", en: "{actor} took {role} back from {user}", fr: "{actor} a retiré {role} à {user}"),
    AuditAction("override.set", target: "user", en: "{actor} set an exception for {user}", fr: "{actor} a posé une exception pour {user}"),
    AuditAction(
        "override.clear", target: "user", en: "{actor} removed an exception of {user}", fr: "{actor} a levé une exception de {user}"),
]
