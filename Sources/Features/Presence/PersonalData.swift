package import FeatureKit
internal import Kernel

extension PresenceFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "presence_history", ["user_id"], en: "Changes of status", fr: "Changements de statut",
            retention: LocalizedText(en: "30 days", fr: "30 jours"))
    ]
}
