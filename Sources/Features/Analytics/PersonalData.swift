package import FeatureKit
internal import Kernel

extension AnalyticsFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "analytics_events", ["user_id"], en: "Events, counted", fr: "Événements, comptés", basis: .interest,
            retention: LocalizedText(en: "30 days", fr: "30 jours")),
        PersonalData(
            "analytics_members", ["user_id"], en: "A number in the statistics", fr: "Un numéro dans les statistiques", basis: .interest),
        PersonalData(
            "alerts", ["author_id"], en: "Who wrote an alert", fr: "L’auteur d’une alerte", basis: .interest, erasure: .detached),
    ]
}
