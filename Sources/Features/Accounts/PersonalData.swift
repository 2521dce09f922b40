package import FeatureKit
internal import Kernel

extension AccountsFeature {
    /// Its part of the register of personal data.
    package static let personalData: [PersonalData] = [
        PersonalData(
            "users", ["email_cipher", "email_blind"], en: "The account: names, address, profile, status",
            fr: "Le compte : noms, adresse, profil, statut"),
        PersonalData(
            "name_changes", ["user_id"], en: "That a name changed", fr: "Le fait qu’un nom a changé",
            retention: LocalizedText(en: "After 10,000 more", fr: "Après 10 000 autres"), erasure: .expires),
        PersonalData(
            "sessions", ["user_id", "ip", "user_agent"], en: "Sign-ins: device, address, time", fr: "Connexions : appareil, adresse, date",
            retention: LocalizedText(en: "Until the session ends", fr: "Jusqu’à la fin de la session")),
        PersonalData(
            "session_revocations", ["user_id"], en: "Sessions that were ended", fr: "Sessions fermées",
            retention: LocalizedText(en: "A day", fr: "Un jour"), erasure: .expires),
        PersonalData(
            "known_addresses", ["user_id", "address"], en: "Networks from which somebody signed in, hashed",
            fr: "Réseaux de connexion, hachés", basis: .interest),
        PersonalData(
            "address_proofs", ["user_id"], en: "That the e-mail address was confirmed", fr: "La confirmation de l’adresse e-mail"),
        PersonalData(
            "chosen_languages", ["user_id"], en: "That the language was chosen", fr: "Le fait que la langue a été choisie"),
        PersonalData(
            "api_keys", ["user_id", "last_used_address"], en: "API keys", fr: "Clés d’API"),
        PersonalData(
            "totp_factors", ["user_id"], en: "The second factor", fr: "Le second facteur"),
        PersonalData(
            "recovery_codes", ["user_id"], en: "Recovery codes, hashed", fr: "Codes de secours, hachés"),
        PersonalData(
            "avatars", ["user_id"], en: "The picture", fr: "La photo"),
        PersonalData(
            "saved_filters", ["user_id"], en: "Saved filters of the team", fr: "Filtres enregistrés par l’équipe"),
        PersonalData(
            "rules_acceptances", ["user_id"], en: "Which rules were accepted, and when", fr: "Les règles acceptées, et quand"),
        PersonalData(
            "invitations", ["created_by"], en: "Who made an invitation", fr: "L’auteur d’une invitation", basis: .interest,
            erasure: .detached),
        PersonalData(
            "site_rules", ["created_by"], en: "Who wrote the rules", fr: "L’auteur des règles", basis: .interest, erasure: .detached),
        PersonalData(
            "registrations", ["email_cipher", "email_blind", "ip", "decided_by"], en: "Requests to join", fr: "Demandes d’inscription",
            retention: LocalizedText(en: "30 days after a refusal", fr: "30 jours après un refus"), erasure: .expires),
        PersonalData(
            "mail_tokens", ["subject_id", "email_blind", "email_cipher"], en: "Links in mails", fr: "Liens envoyés par e-mail",
            retention: LocalizedText(en: "14 days at most", fr: "14 jours au plus")),
        PersonalData(
            "mail_wishes", ["email_cipher"], en: "Mails that were asked for", fr: "E-mails demandés",
            retention: LocalizedText(en: "A few seconds", fr: "Quelques secondes"), erasure: .expires),
        PersonalData(
            "bulk_jobs", ["author_id", "address", "user_agent"], en: "Bulk actions of the team", fr: "Actions groupées de l’équipe",
            basis: .interest,
            retention: LocalizedText(en: "30 days", fr: "30 jours")),
        PersonalData(
            "bulk_items", ["user_id"], en: "Who a bulk action was for", fr: "Les personnes d’une action groupée", basis: .interest,
            retention: LocalizedText(en: "30 days", fr: "30 jours"), erasure: .expires),
        PersonalData(
            "user_imports", ["author_id", "address", "user_agent"], en: "Imports of members", fr: "Importations de membres",
            basis: .interest,
            retention: LocalizedText(en: "7 days", fr: "7 jours")),
        PersonalData(
            "user_import_rows", ["content"], en: "Rows of imported files, sealed", fr: "Lignes des fichiers importés, chiffrées",
            basis: .interest,
            retention: LocalizedText(en: "7 days", fr: "7 jours"), erasure: .expires),
        PersonalData(
            "user_import_people", ["email_cipher", "email_blind"], en: "People of an import that is under way",
            fr: "Personnes d’une importation en cours", basis: .interest,
            retention: LocalizedText(en: "Until the import ends", fr: "Jusqu’à la fin de l’importation"), erasure: .expires),
        PersonalData(
            "user_import_roles", ["user_id"], en: "Their roles", fr: "Leurs rôles", basis: .interest,
            retention: LocalizedText(en: "Until the import ends", fr: "Jusqu’à la fin de l’importation"), erasure: .expires),
    ]
}
