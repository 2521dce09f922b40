internal import Kernel
internal import Runtime
internal import Web

/// What strangers and members may spend on accounts, by purpose.
extension RateLimiter.Budget {
    /// Wrong passwords and codes for one account from one address.
    static let credentialsAtPlace = failures(
        "credentials_at_place", free: 10, maximumWait: 900, memory: 1800, isClearedBySuccess: true)
    /// The same from one address, whatever the account.
    static let credentialsFromAddress = failures("credentials_from_address", free: 40, maximumWait: 900, memory: 1800)
    /// The same for one account, wherever from.
    static let credentialsOfAccount = failures("credentials_of_account", free: 100, maximumWait: 900, memory: 1800)
    /// Wrong six-digit codes after the right password: their count is in the database (`FactorFailures`).
    static let codes = failures("codes", free: 5, firstWait: 30, maximumWait: 3600, memory: 86_400)
    /// Changes that somebody makes to their own profile, each an entry of the audit log.
    static let ownProfile = steady("own_profile", burst: 60, perSecond: 1.0 / 60)
    /// Accounts that one address may ask for.
    static let registrations = steady("registrations", burst: 50, perSecond: 1.0 / 60)
    /// What one address may ask to be sent, or try with a link.
    static let mailRequests = steady("mail_requests", burst: 20, perSecond: 1.0 / 60)
    /// Mails of one purpose that one asker has sent to one mailbox.
    static let mailsByAsker = steady("mails_by_asker", burst: 3, perSecond: 1.0 / 1200)
    /// Mails of one purpose to one mailbox, whoever asks.
    static let mailsToMailbox = steady("mails_to_mailbox", burst: 30, perSecond: 1.0 / 120)
    /// Links for a new password to one mailbox: each of them serves its owner, whoever asked.
    static let resetMails = steady("reset_mails", burst: 3, perSecond: 1.0 / 1200)
}

extension AccountsFeature {
    /// Slows down guessing without giving anybody the power to lock somebody else out: one count for an account, whether it is named by its username or
    /// its address, and whether a password or a code is guessed.
    ///
    /// An address from which the account was entered before is held to the count of the place alone, so neither a crowd that guesses elsewhere nor
    /// a bad neighbour behind the same router keeps the owner out. Tries count before they are checked.
    ///
    /// - Parameter isKnown: the account was entered from this address before.
    func credentialTries(of account: String, from address: String, isKnown: Bool) -> [RateLimiter.Charge] {
        let block = AddressBlock.of(address)
        let place = RateLimiter.Charge(.credentialsAtPlace, "\(account) \(block)")
        if isKnown { return [place] }
        return [place, RateLimiter.Charge(.credentialsFromAddress, block), RateLimiter.Charge(.credentialsOfAccount, account)]
    }

    /// Names a member's account for the count of tries.
    static func account(of user: UserID) -> String { "user \(user.rawValue)" }

    /// Mails to one mailbox that one asker may cause; a stranger's requests take nothing from another's.
    func mayMail(_ purpose: MailPurpose, _ mailbox: String, asker: String) -> Bool {
        if purpose == .reset { return limiter.allows(RateLimiter.Charge(.resetMails, mailbox)) }
        return limiter.allows(
            RateLimiter.Charge(.mailsByAsker, "\(purpose.rawValue) \(asker) \(mailbox)"),
            RateLimiter.Charge(.mailsToMailbox, "\(purpose.rawValue) \(mailbox)"))
    }
}
