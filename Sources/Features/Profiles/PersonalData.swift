package import FeatureKit
internal import Kernel

extension ProfilesFeature {
    /// What it holds of people.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "user_notes", ["owner_id", "user_id"], en: "Private notes about people", fr: "Notes privées sur des personnes")
    ]
}
