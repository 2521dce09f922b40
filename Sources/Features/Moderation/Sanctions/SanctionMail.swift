internal import Accounts
internal import Database
internal import Directory
internal import Kernel
internal import Mail
internal import Sanctions

/// Mails about sanctions and appeals: what, why, which text, until when, automatic or not, and how to appeal.
extension ModerationFeature {
    private static let lifetime: Int64 = 7 * 86_400
    private static let quoted = 500

    /// In the transaction of the change; none for a sanction that another replaces, or that ends by itself.
    func mail(_ change: SanctionChange, at now: Timestamp, in transaction: Transaction) throws {
        let sanction = change.sanction
        guard let member = try directory.members([sanction.user], in: transaction).first else { return }
        switch change.event {
        case .imposed:
            let content = try ownViews([sanction], at: now, in: transaction).first?["content"]?.string
            try accounts.post("sanction_imposed", lifetime: Self.lifetime, to: member, in: transaction) { language, site in
                Self.imposed(sanction, content, language, site)
            }
        case .shortened: return
        case .ended:
            guard sanction.end == .lifted || sanction.end == .appealed else { return }
            try accounts.post("sanction_ended", lifetime: Self.lifetime, to: member, in: transaction) { language, site in
                Self.ended(sanction, language, site)
            }
        }
    }

    /// The answer to an appeal that was rejected, or accepted with an earlier end.
    func mail(_ appeal: Appeal, in transaction: Transaction) throws {
        guard let member = try directory.members([appeal.user], in: transaction).first else { return }
        try accounts.post("appeal_decided", lifetime: Self.lifetime, to: member, in: transaction) { language, site in
            let answer = appeal.answer ?? ""
            let isAccepted = appeal.state == .accepted
            return MailText(
                language,
                subject: isAccepted
                    ? LocalizedText(en: "Your appeal was accepted", fr: "Votre recours a été accepté")
                    : LocalizedText(en: "Your appeal was rejected", fr: "Votre recours a été rejeté"),
                [
                    LocalizedText(
                        en: "The team of \(Self.name(of: site)) has answered your appeal.",
                        fr: "L’équipe de \(Self.name(of: site)) a répondu à votre recours."),
                    LocalizedText(en: "Answer: \(answer)", fr: "Réponse : \(answer)"),
                ])
        }
    }

    private static func name(of site: String) -> String { String(site.drop { $0 != "/" }.drop { $0 == "/" }) }

    private static func imposed(_ sanction: Sanction, _ content: String?, _ language: Language, _ site: String) -> MailText {
        let isAutomatic = sanction.source != .person
        var texts = [
            effect(of: sanction, on: name(of: site)), LocalizedText(en: "Reason: \(sanction.reason)", fr: "Motif : \(sanction.reason)"),
        ]
        if let content {
            let quote = content.cut(to: quoted)
            texts.append(LocalizedText(en: "Your text: “\(quote)”", fr: "Votre texte : « \(quote) »"))
        }
        texts.append(
            isAutomatic
                ? LocalizedText(
                    en: "A rule of the site decided this automatically.", fr: "Une règle du site a pris cette décision automatiquement.")
                : LocalizedText(en: "A member of the team did this.", fr: "Un membre de l’équipe a pris cette décision."))
        guard let end = Appeal.deadline(of: sanction) else { return MailText(language, subject: subject(of: sanction), texts) }
        let isBan = sanction.kind == .ban
        texts.append(
            LocalizedText(
                en:
                    "You can appeal until \(end.inWords(.english))\(isBan ? ". Sign in: the page that tells you of the ban has a form for it." : ".")",
                fr:
                    "Un recours est possible jusqu’au \(end.inWords(.french))\(isBan ? ". Connectez-vous : la page qui annonce le bannissement propose un formulaire." : ".")"
            ))
        return MailText(
            language, subject: subject(of: sanction), texts,
            link: (
                LocalizedText(en: "Appeal", fr: "Déposer un recours"), isBan ? site : "\(site)\(ownPage)"
            ))
    }

    private static func subject(of sanction: Sanction) -> LocalizedText {
        switch sanction.kind {
        case .warn: LocalizedText(en: "You received a warning", fr: "Vous avez reçu un avertissement")
        case .mute: LocalizedText(en: "You were muted", fr: "Vous avez été rendu muet")
        case .kick: LocalizedText(en: "You were kicked", fr: "Vous avez été expulsé")
        case .ban: LocalizedText(en: "You were banned", fr: "Vous avez été banni")
        }
    }

    private static func effect(of sanction: Sanction, on site: String) -> LocalizedText {
        let until = sanction.expiresAt.map { end in
            LocalizedText(en: "until \(end.inWords(.english))", fr: "jusqu’au \(end.inWords(.french))")
        }
        let en = until?(.english) ?? "until further notice"
        let fr = until?(.french) ?? "sans limite de durée"
        return switch sanction.kind {
        case .warn:
            LocalizedText(
                en: "You received a warning on \(site). Please confirm at your next visit that you have read it.",
                fr: "Vous avez reçu un avertissement sur \(site). Merci de confirmer à votre prochaine visite que vous l’avez lu.")
        case .mute:
            LocalizedText(
                en: "You are muted on \(site) \(en): you can read, but nothing you write is accepted.",
                fr: "Vous êtes muet sur \(site) \(fr) : vous pouvez lire, mais rien de ce que vous écrivez n’est accepté.")
        case .kick:
            LocalizedText(
                en: "Your sessions on \(site) have ended, and you have left its groups and channels. You may come back.",
                fr: "Vos sessions sur \(site) sont terminées, et vous avez quitté ses groupes et ses salons. Vous pouvez revenir.")
        case .ban:
            LocalizedText(
                en: "You are banned from \(site) \(en). You cannot sign in.",
                fr: "Vous êtes banni de \(site) \(fr). Vous ne pouvez pas vous connecter.")
        }
    }

    private static func ended(_ sanction: Sanction, _ language: Language, _ site: String) -> MailText {
        let subject =
            switch sanction.kind {
            case .mute: LocalizedText(en: "You are no longer muted", fr: "Vous n’êtes plus muet")
            case .ban: LocalizedText(en: "You are no longer banned", fr: "Vous n’êtes plus banni")
            case .warn, .kick: LocalizedText(en: "A sanction was lifted", fr: "Une sanction a été levée")
            }
        var texts = [
            LocalizedText(
                en: "The team of \(name(of: site)) has lifted this sanction.", fr: "L’équipe de \(name(of: site)) a levé cette sanction.")
        ]
        if sanction.end == .appealed, let answer = sanction.endNote {
            texts.append(LocalizedText(en: "Answer to your appeal: \(answer)", fr: "Réponse à votre recours : \(answer)"))
        }
        return MailText(language, subject: subject, texts, link: (LocalizedText(en: "Open the site", fr: "Ouvrir le site"), site))
    }
}
