package import Database
package import Directory
package import Kernel
package import Mail

extension AccountsFeature {
    /// Sends a mail to a person, in their language, with this transaction; nothing where mail cannot be sent or the person has no address.
    ///
    /// - Parameters:
    ///   - lifetime: how long it is worth sending, in seconds.
    ///   - letter: makes the mail from the language and the site’s public address.
    package func post(
        _ kind: String, lifetime: Int64, to member: Member, in transaction: Transaction, _ letter: (Language, String) throws -> MailText
    ) throws {
        guard sendsMail, member.deletedAt == nil, let address = email(of: member) else { return }
        try mail.outbox.post(
            try letter(member.locale, policy.publicURL ?? ""), to: address, kind: kind, lifetime: lifetime, in: transaction)
    }
}
