package import FeatureKit
internal import Kernel

extension ProfilesFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "user_notes", ["owner_id", "user_id"], en: "Private notes about people", fr: "Notes privées sur des personnes")
    ]
}
