internal import Kernel
package import Notifications

/// The kinds of notifications of moderation.
package let moderationNotices: [NotificationKind] = [
    NotificationKind("sanction.warn") { _ in
        LocalizedText(en: "The team gave you a warning", fr: "L’équipe vous a donné un avertissement")
    },
    NotificationKind("sanction.mute") { text in
        let until = Timestamp(rfc3339: text["until"])
        return LocalizedText(
            en: until.map { "The team muted you until \($0.inWords(.english))" } ?? "The team muted you",
            fr: until.map { "L’équipe vous a rendu muet jusqu’au \($0.inWords(.french))" } ?? "L’équipe vous a rendu muet")
    },
    NotificationKind("sanction.kick") { _ in
        LocalizedText(en: "The team kicked you. You may come back.", fr: "L’équipe vous a expulsé. Vous pouvez revenir.")
    },
    NotificationKind("message.held") { _ in
        LocalizedText(
            en: "A filter hid your message until the team has looked at it",
            fr: "Un filtre a masqué votre message en attendant l’avis de l’équipe")
    },
    NotificationKind("report.decided") { _ in
        LocalizedText(
            en: "The team has looked into what you reported. Thank you.",
            fr: "L’équipe a examiné votre signalement. Merci.")
    },
    NotificationKind("appeal.decided") { text in
        text["state"] == "accepted"
            ? LocalizedText(en: "Your appeal was accepted", fr: "Votre recours a été accepté")
            : LocalizedText(en: "Your appeal was rejected", fr: "Votre recours a été rejeté")
    },
    NotificationKind("sanction.ended") { text in
        switch text["kind"] {
        case "mute": LocalizedText(en: "You are no longer muted", fr: "Vous n’êtes plus muet")
        case "ban": LocalizedText(en: "You are no longer banned", fr: "Vous n’êtes plus banni")
        default: LocalizedText(en: "The team lifted a sanction", fr: "L’équipe a levé une sanction")
        }
    },
]
