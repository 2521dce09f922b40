package import FeatureKit
internal import Kernel

extension MailFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "mail_outbox", ["email_cipher"], en: "Mails that wait to be sent, sealed", fr: "E-mails en attente d’envoi, chiffrés",
            retention: LocalizedText(en: "Until they are sent", fr: "Jusqu’à leur envoi"), erasure: .expires)
    ]
}
