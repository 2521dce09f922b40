package import FeatureKit
internal import Kernel

extension OpenIDFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "external_identities", ["user_id", "subject", "label_cipher"], en: "Accounts at other providers that are connected",
            fr: "Comptes associés chez d’autres fournisseurs"),
        PersonalData(
            "external_sessions", ["subject"], en: "Which sessions a provider opened", fr: "Les sessions ouvertes par un fournisseur",
            retention: LocalizedText(en: "Until the session ends", fr: "Jusqu’à la fin de la session")),
        PersonalData(
            "external_registrations", ["subject", "label_cipher"], en: "With which provider somebody asked to join",
            fr: "Le fournisseur d’une demande d’inscription",
            retention: LocalizedText(en: "As long as the request", fr: "Aussi longtemps que la demande"), erasure: .expires),
        PersonalData(
            "external_roles", ["user_id"], en: "Roles that follow from a provider", fr: "Rôles attribués par un fournisseur"),
        PersonalData(
            "sign_in_attempts", ["link_user"], en: "Sign-ins with a provider under way", fr: "Connexions en cours chez un fournisseur",
            basis: .interest, retention: LocalizedText(en: "Ten minutes", fr: "Dix minutes")),
        PersonalData(
            "sign_in_tickets", ["user_id", "content"], en: "What a provider said of somebody who is signing in",
            fr: "Ce qu’un fournisseur a dit de quelqu’un qui se connecte", basis: .interest,
            retention: LocalizedText(en: "Ten minutes", fr: "Dix minutes")),
        PersonalData(
            "identity_providers", ["rules_author"], en: "Who wrote the rules for roles", fr: "L’auteur des règles de rôles",
            basis: .interest, erasure: .detached),
    ]
}
