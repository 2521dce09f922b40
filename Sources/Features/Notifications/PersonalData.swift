package import FeatureKit
internal import Kernel

extension NotificationsFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "notifications", ["user_id", "actor_id"], en: "Notifications", fr: "Notifications",
            retention: LocalizedText(en: "90 days", fr: "90 jours")),
        PersonalData(
            "notification_preferences", ["user_id"], en: "Which notifications are wanted", fr: "Notifications souhaitées"),
    ]
}
