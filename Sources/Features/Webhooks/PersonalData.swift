package import FeatureKit
internal import Kernel

extension WebhooksFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "webhooks", ["created_by"], en: "Webhooks that they made", fr: "Webhooks créés par la personne", basis: .interest)
    ]
}
