internal import Database
internal import Kernel
internal import Mail

/// Every mail that accounts send.
enum AccountLetter: Sendable {
    case confirmRegistration(String)
    case alreadyMember
    case confirmAddress(String)
    case addressChanged
    case reset(String)
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
        case .passwordChanged: ("password_changed", 7 * 86_400)
        case .approved: ("registration_approved", 7 * 86_400)
        case .refused: ("registration_refused", 7 * 86_400)
        }
    }

    /// - Parameter site: the public address.
    func letter(_ language: Language, site: String) -> Letter {
        let name = String(site.drop { $0 != "/" }.drop { $0 == "/" })
        switch self {
        case .confirmRegistration(let secret): return Self.confirmRegistration(language, name, "\(site)/verify#token=\(secret)")
        case .confirmAddress(let secret): return Self.confirmAddress(language, name, "\(site)/verify#token=\(secret)")
        case .reset(let secret): return Self.reset(language, name, "\(site)/reset#token=\(secret)")
        case .alreadyMember: return Self.alreadyMember(language, name, site)
        case .addressChanged: return Self.addressChanged(language, name)
        case .passwordChanged: return Self.passwordChanged(language, name, site)
        case .approved: return Self.approved(language, name, site)
        case .refused(let reason): return Self.refused(language, name, reason)
        }
    }
}

extension AccountLetter {
    private static func confirmRegistration(_ language: Language, _ site: String, _ url: String) -> Letter {
        language == .french
            ? Letter(
                language, subject: "Confirmez votre adresse e-mail",
                [
                    "Bonjour,",
                    "Quelqu’un, sans doute vous, demande un compte sur \(site) avec cette adresse. Confirmez-la dans les 24 heures.",
                ],
                link: .init(label: "Confirmer mon adresse", url: url),
                footnote: "Si ce n’était pas vous, ne faites rien : sans confirmation, la demande s’efface d’elle-même.")
            : Letter(
                language, subject: "Confirm your e-mail address",
                ["Hello,", "Somebody, surely you, asks for an account on \(site) with this address. Confirm it within 24 hours."],
                link: .init(label: "Confirm my address", url: url),
                footnote: "If it was not you, do nothing: without a confirmation the request goes by itself.")
    }

    private static func alreadyMember(_ language: Language, _ site: String, _ url: String) -> Letter {
        language == .french
            ? Letter(
                language, subject: "Vous avez déjà un compte",
                [
                    "Bonjour,",
                    "Quelqu’un vient d’indiquer cette adresse sur \(site). Elle appartient déjà à un compte : connectez-vous avec, ou choisissez un nouveau mot de passe.",
                ], link: .init(label: "Choisir un nouveau mot de passe", url: "\(url)/forgot"),
                footnote: "Si ce n’était pas vous, ne faites rien : rien n’a changé.")
            : Letter(
                language, subject: "You have an account already",
                [
                    "Hello,",
                    "Somebody has just given this address on \(site). It belongs to an account already: sign in with it, or choose a new password.",
                ], link: .init(label: "Choose a new password", url: "\(url)/forgot"),
                footnote: "If it was not you, do nothing: nothing has changed.")
    }

    private static func confirmAddress(_ language: Language, _ site: String, _ url: String) -> Letter {
        language == .french
            ? Letter(
                language, subject: "Confirmez votre nouvelle adresse",
                ["Bonjour,", "Votre compte sur \(site) doit passer à cette adresse. Confirmez-la dans les 24 heures."],
                link: .init(label: "Confirmer mon adresse", url: url), footnote: "Si ce n’était pas vous, ne faites rien.")
            : Letter(
                language, subject: "Confirm your new address",
                ["Hello,", "Your account on \(site) is to have this address. Confirm it within 24 hours."],
                link: .init(label: "Confirm my address", url: url), footnote: "If it was not you, do nothing.")
    }

    private static func addressChanged(_ language: Language, _ site: String) -> Letter {
        language == .french
            ? Letter(
                language, subject: "Votre adresse a changé",
                [
                    "Bonjour,",
                    "Votre compte sur \(site) a désormais une autre adresse e-mail. Celle-ci ne sert plus.",
                    "Si ce n’était pas vous, prévenez tout de suite l’équipe du site.",
                ])
            : Letter(
                language, subject: "Your address has changed",
                [
                    "Hello,", "Your account on \(site) has another e-mail address now. This one is no longer in use.",
                    "If it was not you, tell the site’s team at once.",
                ])
    }

    private static func reset(_ language: Language, _ site: String, _ url: String) -> Letter {
        language == .french
            ? Letter(
                language, subject: "Nouveau mot de passe",
                [
                    "Bonjour,",
                    "Vous avez demandé un nouveau mot de passe pour \(site). Le lien est valable une heure et ne sert qu’une fois.",
                ],
                link: .init(label: "Choisir un nouveau mot de passe", url: url),
                footnote: "Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.")
            : Letter(
                language, subject: "A new password",
                ["Hello,", "You asked for a new password for \(site). The link is valid for an hour, and works once."],
                link: .init(label: "Choose a new password", url: url),
                footnote: "If it was not you, do nothing: your password stays as it is.")
    }

    private static func passwordChanged(_ language: Language, _ site: String, _ url: String) -> Letter {
        language == .french
            ? Letter(
                language, subject: "Votre mot de passe a changé",
                [
                    "Bonjour,",
                    "Un nouveau mot de passe vient d’être choisi pour votre compte sur \(site), et toutes vos sessions ont été fermées.",
                    "Si ce n’était pas vous, demandez-en aussitôt un autre et prévenez l’équipe du site.",
                ], link: .init(label: "Choisir un nouveau mot de passe", url: "\(url)/forgot"))
            : Letter(
                language, subject: "Your password has changed",
                [
                    "Hello,", "A new password was chosen for your account on \(site), and all your sessions were ended.",
                    "If it was not you, ask for another at once and tell the site’s team.",
                ], link: .init(label: "Choose a new password", url: "\(url)/forgot"))
    }

    private static func approved(_ language: Language, _ site: String, _ url: String) -> Letter {
        language == .french
            ? Letter(
                language, subject: "Bienvenue !", ["Bonjour,", "L’équipe de \(site) a accepté votre demande. Vous pouvez vous connecter."],
                link: .init(label: "Se connecter", url: url))
            : Letter(
                language, subject: "Welcome!", ["Hello,", "The team of \(site) has accepted your request. You can sign in."],
                link: .init(label: "Sign in", url: url))
    }

    private static func refused(_ language: Language, _ site: String, _ reason: String) -> Letter {
        language == .french
            ? Letter(
                language, subject: "Votre demande n’a pas été acceptée",
                ["Bonjour,", "L’équipe de \(site) n’a pas accepté votre demande d’inscription.", "Motif : \(reason)"])
            : Letter(
                language, subject: "Your request was not accepted",
                ["Hello,", "The team of \(site) has not accepted your request to join.", "Reason: \(reason)"])
    }
}

extension AccountsFeature {
    /// Sends a mail with this transaction, where mail can be sent.
    func post(_ mail: AccountLetter, _ language: Language, to address: String, in transaction: Transaction) throws {
        guard sendsMail else { return }
        try self.mail.outbox.post(
            mail.letter(language, site: policy.publicURL ?? ""), to: address, kind: mail.kind.name, lifetime: mail.kind.lifetime,
            in: transaction)
    }
}

/// How many mails one address gets on anybody's asking: three, then one in twenty minutes.
extension Allowance {
    static let perMailbox = (burst: Int64(3), intervalSeconds: Int64(1200))

    func allows(_ email: EmailAddress, now: Timestamp) -> Bool { allows(email.text, now: now) }
}
