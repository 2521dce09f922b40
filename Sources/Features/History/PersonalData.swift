package import FeatureKit
internal import Kernel

extension HistoryFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "user_actions", ["user_id"], en: "One’s own history", fr: "Son propre historique")
    ]
}
