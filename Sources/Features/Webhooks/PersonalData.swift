package import FeatureKit
internal import Kernel

extension WebhooksFeature {
    /// What it holds of people.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "webhooks", ["created_by"], en: "Who made a webhook", fr: "L’auteur d’un webhook", basis: .interest, erasure: .detached)
    ]
}
