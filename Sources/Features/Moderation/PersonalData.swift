package import FeatureKit
internal import Kernel

extension ModerationFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "sanctions", ["user_id", "issued_by", "ended_by"], en: "Sanctions", fr: "Sanctions", basis: .interest),
        PersonalData(
            "cases", ["subject_id", "assignee_id", "decided_by"], en: "Cases of moderation", fr: "Dossiers de modération", basis: .interest,
            erasure: .detached),
        PersonalData(
            "reports", ["reporter_id"], en: "Reports", fr: "Signalements", basis: .interest, erasure: .detached),
        PersonalData(
            "case_notes", ["author_id"], en: "Notes of the team, sealed", fr: "Notes de l’équipe, chiffrées", basis: .interest,
            erasure: .detached),
        PersonalData(
            "appeals", ["user_id", "decided_by"], en: "Appeals", fr: "Recours", basis: .interest),
        PersonalData(
            "escalations", ["author_id"], en: "Who wrote a rule", fr: "L’auteur d’une règle", basis: .interest, erasure: .detached),
        PersonalData(
            "text_filters", ["author_id"], en: "Who wrote a filter", fr: "L’auteur d’un filtre", basis: .interest, erasure: .detached),
        PersonalData(
            "measures", ["started_by", "ended_by"], en: "Who began or ended a lockdown", fr: "L’auteur d’un verrouillage", basis: .interest,
            erasure: .detached),
        PersonalData(
            "recent_messages", ["author_id"], en: "When messages were sent, with keyed hashes of their texts",
            fr: "Heures d’envoi des messages, avec une empreinte à clé de leur texte", basis: .interest, retention: .days(1)),
        PersonalData("purges", ["user_id", "actor_id"], en: "Hidden messages", fr: "Messages masqués", basis: .interest),
        PersonalData(
            "text_filter_versions", ["author_id"], en: "Who changed a filter", fr: "L’auteur d’un changement de filtre", basis: .interest,
            erasure: .detached),
    ]
}
