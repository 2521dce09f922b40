package import FeatureKit
internal import Kernel

extension AuditFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "audit_log", ["actor_user_id", "ip", "user_agent"], en: "Acts of the team and of members",
            fr: "Actes de l’équipe et des membres", basis: .interest,
            retention: LocalizedText(en: "For good: nobody can alter it", fr: "Sans limite : nul ne peut l’altérer"), erasure: .kept),
        PersonalData(
            "audit_denials", ["actor_user_id"], en: "Refused attempts of the last hour", fr: "Tentatives refusées de la dernière heure",
            basis: .interest,
            retention: LocalizedText(en: "An hour", fr: "Une heure")),
        PersonalData(
            "access_log", ["user_id", "ip", "user_agent"], en: "Requests: who, what, from where", fr: "Requêtes : qui, quoi, d’où",
            basis: .interest,
            retention: LocalizedText(en: "30 days", fr: "30 jours")),
    ]
}
