package import FeatureKit
internal import Kernel

extension HistoryFeature {
    /// What it holds of people.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "user_actions", ["user_id"], en: "One’s own history", fr: "Son propre historique")
    ]
}
