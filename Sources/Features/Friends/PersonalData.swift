package import FeatureKit
internal import Kernel

extension FriendsFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "friend_requests", ["from_id", "to_id", "low", "high"], en: "Friend requests", fr: "Demandes d’amis"),
        PersonalData(
            "friends", ["low", "high"], en: "Friends", fr: "Amis"),
        PersonalData(
            "blocks", ["blocker_id", "blocked_id"], en: "Blocked people", fr: "Personnes bloquées"),
        PersonalData(
            "privacy", ["user_id"], en: "Privacy settings", fr: "Réglages de confidentialité"),
    ]
}
