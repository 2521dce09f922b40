internal import Database
internal import Kernel
internal import Mail

/// Every mail that accounts send.
enum MailTemplate: Sendable {
    case confirmRegistration(String, username: String)
    case alreadyMember
    case confirmAddress(String)
    case addressChanged
    case reset(String)
    case invited(String, username: String)
    case passwordChanged
    case approved(String)
    case refused(String)

    /// What metrics and logs call it, and how long it is worth sending, in seconds.
    var kind: (name: String, lifetime: Int64) {
        switch self {
        case .confirmRegistration: ("confirm_registration", MailPurpose.register.lifetime)
        case .alreadyMember: ("already_member", MailPurpose.register.lifetime)
        case .confirmAddress: ("confirm_address", MailPurpose.email.lifetime)
        case .addressChanged: ("address_changed", 7 * 86_400)
        case .reset: ("reset_password", MailPurpose.reset.lifetime)
        case .invited: ("invited", MailPurpose.invite.lifetime)
        case .passwordChanged: ("password_changed", 7 * 86_400)
        case .approved: ("registration_approved", 7 * 86_400)
        case .refused: ("registration_refused", 7 * 86_400)
        }
    }

    /// - Parameter site: the public address.
    func letter(_ language: Language, site: String) -> MailText {
        let name = String(site.drop { $0 != "/" }.drop { $0 == "/" })
        switch self {
        case .confirmRegistration(let secret, let username):
            return Self.confirmRegistration(language, name, username, "\(site)/verify#token=\(secret)")
        case .confirmAddress(let secret): return Self.confirmAddress(language, name, "\(site)/verify#token=\(secret)")
        case .reset(let secret): return Self.reset(language, name, "\(site)/reset#token=\(secret)")
        case .invited(let secret, let username): return Self.invited(language, name, username, "\(site)/reset#token=\(secret)")
        case .alreadyMember: return Self.alreadyMember(language, name, "\(site)/forgot")
        case .addressChanged: return Self.addressChanged(language, name)
        case .passwordChanged: return Self.passwordChanged(language, name, "\(site)/forgot")
        case .approved: return Self.approved(language, name, site)
        case .refused(let reason): return Self.refused(language, name, reason)
        }
    }
}

extension MailTemplate {
    private static let confirm = LocalizedText(en: "Confirm my address", fr: "Confirmer mon adresse")
    private static let choosePassword = LocalizedText(en: "Choose a new password", fr: "Choisir un nouveau mot de passe")

    private static func confirmRegistration(_ language: Language, _ site: String, _ username: String, _ url: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "Confirm your e-mail address", fr: "Confirmez votre adresse e-mail"),
            [
                LocalizedText(
                    en:
                        "Somebody asks for the account “\(username)” on \(site) with this address. If it was you, confirm it within 24 hours.",
                    fr:
                        "Quelqu’un demande le compte « \(username) » sur \(site) avec cette adresse. Si c’est vous, confirmez-la dans les 24 heures."
                )
            ], link: (confirm, url),
            footnote: LocalizedText(
                en: "If it was not you, do nothing: without a confirmation the request goes by itself.",
                fr: "Si ce n’était pas vous, ne faites rien : sans confirmation, la demande s’efface d’elle-même."))
    }

    private static func alreadyMember(_ language: Language, _ site: String, _ url: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "You have an account already", fr: "Vous avez déjà un compte"),
            [
                LocalizedText(
                    en:
                        "Somebody has just given this address on \(site). It belongs to an account already: sign in with it, or choose a new password.",
                    fr:
                        "Quelqu’un vient d’indiquer cette adresse sur \(site). Elle appartient déjà à un compte : connectez-vous avec, ou choisissez un nouveau mot de passe."
                )
            ], link: (choosePassword, url),
            footnote: LocalizedText(
                en: "If it was not you, do nothing: nothing has changed.",
                fr: "Si ce n’était pas vous, ne faites rien : rien n’a changé."))
    }

    private static func confirmAddress(_ language: Language, _ site: String, _ url: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "Confirm your new address", fr: "Confirmez votre nouvelle adresse"),
            [
                LocalizedText(
                    en: "Your account on \(site) is to have this address. Confirm it within 24 hours.",
                    fr: "Votre compte sur \(site) doit passer à cette adresse. Confirmez-la dans les 24 heures.")
            ], link: (confirm, url),
            footnote: LocalizedText(en: "If it was not you, do nothing.", fr: "Si ce n’était pas vous, ne faites rien."))
    }

    private static func addressChanged(_ language: Language, _ site: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "Your address has changed", fr: "Votre adresse a changé"),
            [
                LocalizedText(
                    en: "Your account on \(site) has another e-mail address now. This one is no longer in use.",
                    fr: "Votre compte sur \(site) a désormais une autre adresse e-mail. Celle-ci ne sert plus."),
                LocalizedText(
                    en: "If it was not you, tell the site’s team at once.",
                    fr: "Si ce n’était pas vous, prévenez tout de suite l’équipe du site."),
            ])
    }

    private static func reset(_ language: Language, _ site: String, _ url: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "A new password", fr: "Nouveau mot de passe"),
            [
                LocalizedText(
                    en: "You asked for a new password for \(site). The link is valid for an hour, and works once.",
                    fr: "Vous avez demandé un nouveau mot de passe pour \(site). Le lien est valable une heure et ne sert qu’une fois.")
            ], link: (choosePassword, url),
            footnote: LocalizedText(
                en: "If it was not you, do nothing: your password stays as it is.",
                fr: "Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même."))
    }

    private static func invited(_ language: Language, _ site: String, _ username: String, _ url: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "Your account on \(site)", fr: "Votre compte sur \(site)"),
            [
                LocalizedText(
                    en:
                        "The team of \(site) has made an account for you; your username is “\(username)”. Choose a password to sign in. The link is valid for 14 days, and works once.",
                    fr:
                        "L’équipe de \(site) vous a ouvert un compte ; votre nom d’utilisateur est « \(username) ». Choisissez un mot de passe pour vous connecter. Le lien est valable 14 jours et ne sert qu’une fois."
                )
            ], link: (LocalizedText(en: "Choose a password", fr: "Choisir un mot de passe"), url),
            footnote: LocalizedText(
                en: "If you do not know this site, do nothing, or tell its team.",
                fr: "Si vous ne connaissez pas ce site, ne faites rien, ou prévenez son équipe."))
    }

    private static func passwordChanged(_ language: Language, _ site: String, _ url: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "Your password has changed", fr: "Votre mot de passe a changé"),
            [
                LocalizedText(
                    en: "A new password was chosen for your account on \(site), and all your sessions were ended.",
                    fr:
                        "Un nouveau mot de passe vient d’être choisi pour votre compte sur \(site), et toutes vos sessions ont été fermées."
                ),
                LocalizedText(
                    en: "If it was not you, ask for another at once and tell the site’s team.",
                    fr: "Si ce n’était pas vous, demandez-en aussitôt un autre et prévenez l’équipe du site."),
            ], link: (choosePassword, url))
    }

    private static func approved(_ language: Language, _ site: String, _ url: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "Welcome!", fr: "Bienvenue !"),
            [
                LocalizedText(
                    en: "The team of \(site) has accepted your request. You can sign in.",
                    fr: "L’équipe de \(site) a accepté votre demande. Vous pouvez vous connecter.")
            ], link: (LocalizedText(en: "Sign in", fr: "Se connecter"), url))
    }

    private static func refused(_ language: Language, _ site: String, _ reason: String) -> MailText {
        MailText(
            language, subject: LocalizedText(en: "Your request was not accepted", fr: "Votre demande n’a pas été acceptée"),
            [
                LocalizedText(
                    en: "The team of \(site) has not accepted your request to join.",
                    fr: "L’équipe de \(site) n’a pas accepté votre demande d’inscription."),
                LocalizedText(en: "Reason: \(reason)", fr: "Motif : \(reason)"),
            ])
    }
}

extension AccountsFeature {
    /// Sends a mail with this transaction, where mail can be sent.
    func post(_ mail: MailTemplate, _ language: Language, to address: String, in transaction: Transaction) throws {
        guard sendsMail else { return }
        try self.mail.outbox.post(
            mail.letter(language, site: policy.publicURL ?? ""), to: address, kind: mail.kind.name, lifetime: mail.kind.lifetime,
            in: transaction)
    }
}
