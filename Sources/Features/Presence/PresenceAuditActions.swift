internal import FeatureKit

/// What this feature writes to the audit log.
let presenceAuditActions: [AuditAction] = [
    AuditAction("status.update", target: "user", en: "{actor} set a status of {user}", fr: "{actor} a défini un statut de {user}")
]
