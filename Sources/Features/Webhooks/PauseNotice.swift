internal import Database
internal import Directory
internal import Kernel
internal import Mail
package import Notifications
internal import Runtime

package let webhookNotices: [NotificationKind] = [
    NotificationKind("webhook.paused") { text in
        text["reason"] == Webhook.PauseReason.gone.rawValue
            ? LocalizedText(
                en: "The webhook “\(text["name"])” is paused: its address no longer exists (410)",
                fr: "Le webhook « \(text["name"]) » est en pause : son adresse n’existe plus (410)")
            : LocalizedText(
                en: "The webhook “\(text["name"])” is paused: nothing could be delivered for a day",
                fr: "Le webhook « \(text["name"]) » est en pause : rien n’a pu être livré depuis un jour")
    }
]

/// Notifies the author once that a webhook is paused, in the notification centre and by mail.
extension WebhooksFeature {
    func announcePause(of webhook: Webhook, _ reason: Webhook.PauseReason, at now: Timestamp, in transaction: Transaction) throws {
        log.warning("a webhook is paused", [("webhook", JSON(webhook.id)), ("reason", .string(reason.rawValue))])
        guard let author = try directory.members([webhook.author], in: transaction).first, author.deletedAt == nil else { return }
        try centre.notify(
            NotificationDraft(
                to: author.id, kind: "webhook.paused", groupKey: "webhook:\(webhook.id)", url: "/panel/webhooks/\(webhook.id)",
                arguments: ["name": .string(webhook.name), "reason": .string(reason.rawValue)]), in: transaction)
        guard let mail, let address = emails(author) else { return }
        let letter = MailText(
            author.locale,
            subject: LocalizedText(en: "The webhook “\(webhook.name)” is paused", fr: "Le webhook « \(webhook.name) » est en pause"),
            [
                reason == .gone
                    ? LocalizedText(
                        en: "Its address answered that it no longer exists (410).", fr: "Son adresse a répondu qu’elle n’existe plus (410)."
                    )
                    : LocalizedText(
                        en: "Nothing could be delivered to its address for a day.",
                        fr: "Rien n’a pu être livré à son adresse depuis un jour."),
                LocalizedText(
                    en: "New events are kept for \(DeliveryTable.days) days. Resume the webhook to send them.",
                    fr: "Les nouveaux événements sont conservés pendant \(DeliveryTable.days) jours. Réactivez le webhook pour les envoyer."
                ),
            ],
            link: site.isEmpty
                ? nil
                : (
                    label: LocalizedText(en: "Open the webhook", fr: "Ouvrir le webhook"), url: "\(site)/panel/webhooks/\(webhook.id)"
                ))
        try mail.post(letter, to: address, kind: "webhook", lifetime: 86_400, in: transaction)
    }
}
