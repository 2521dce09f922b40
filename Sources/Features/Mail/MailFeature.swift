// Owns the mails that wait: in the database from the transaction of their cause until the mail server has taken them. Refuses to know why they are sent.
package import Crypto
package import Database
package import Kernel
package import Outbound
internal import Realtime
package import Runtime
internal import Synchronization

/// Outgoing mail: written with its cause, sent by a service, tried again with growing pauses, given up in the end.
package final class MailFeature: Feature, Sendable {
    /// How the site sends, where it can.
    package struct Options: Sendable {
        package var server: MailServer
        package var from: MailAddress
        /// What mails are signed with.
        package var site: String

        package init(server: MailServer, from: MailAddress, site: String) { (self.server, self.from, self.site) = (server, from, site) }
    }

    /// A mail is tried so often: at first after 5 s, then each time after twice as long, an hour at most. About nine hours in all.
    static let maximumAttempts = 18
    private static let (firstPause, longestPause): (Int64, Int64) = (5, 3600)
    private static let poll = Duration.milliseconds(300)

    package let outbox: MailOutbox
    let options: Options?
    private let database: any Database
    private let client: SMTPClient?
    private let clock: WallClock
    private let log: Log
    private let (sent, failed, givenUp): (Counter, Counter, Counter)
    private let waiting = Waiting()

    private final class Waiting: Sendable { let count = Atomic<Int>(0) }

    /// - Parameter options: nil where the site cannot send; then nobody may post.
    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock = .system, log: Log, metrics: Metrics,
        options: Options?
    ) {
        (self.database, self.clock, self.log, self.options) = (database, clock, log, options)
        outbox = MailOutbox(keyring: keyring, ids: ids, clock: clock)
        client = options.map { SMTPClient(server: $0.server) }
        sent = metrics.counter("foyer_mails_sent_total", "Mails that the mail server took.")
        failed = metrics.counter("foyer_mail_failures_total", "Tries to send a mail that failed.")
        givenUp = metrics.counter(
            "foyer_mails_given_up_total", "Mails that will not be sent: refused for good, too old, or tried too often.")
        metrics.gauge("foyer_mails_waiting", "Mails that wait to be sent.") { [waiting] in Double(waiting.count.load(ordering: .relaxed)) }
    }

    /// Whether mail can be sent; where not, what needs it is not offered.
    package var isOn: Bool { client != nil }

    package var migrations: [Migration] { mailMigrations }

    package func run() async throws {
        guard isOn else { return }
        var turns = 0
        while !Task.isCancelled {
            do {
                try await sendDue()
                if turns.isMultiple(of: 10) { try await look() }
                turns += 1
            } catch {
                if Task.isCancelled { return }
                log.warning("mail waits for the database", [("cause", .string("\(error)"))])
            }
            try await Task.sleep(for: Self.poll)
        }
    }

    /// Tries every mail whose turn it is, as the service does several times a second.
    package func sendDue() async throws {
        guard let client, let options else { return }
        while try await sendNext(client, options) {}
    }

    /// - Returns: false when nothing is due, or when no server is to be reached, so that the next mail would fare the same.
    private func sendNext(_ client: SMTPClient, _ options: Options) async throws -> Bool {
        guard let claim = try await database.write({ [outbox] in try outbox.take(in: $0) }) else { return false }
        guard let (address, letter) = claim.content, let to = MailAddress(address) else {
            try await giveUp(claim, because: "it cannot be read any more")
            return true
        }
        guard claim.expiresAt > clock.now() else {
            try await giveUp(claim, because: "too old")
            return true
        }
        let message = MailMessage(
            id: "\(claim.id)@\(options.from.domain)", date: claim.createdAt, from: options.from, to: to, language: letter.language,
            subject: letter.subject, text: letter.text(signed: options.site), html: letter.html(signed: options.site))
        do {
            try await client.send(message)
        } catch let failure as DeliveryFailure where failure.kind != .ours || !Task.isCancelled {
            try await note(failure, claim)
            return failure.kind != .unreachable
        }
        try await database.write { [outbox] in try outbox.sent(claim, in: $0) }
        sent.add()
        return true
    }

    private func note(_ failure: DeliveryFailure, _ claim: MailOutbox.Claim) async throws {
        failed.add()
        let next = clock.now().adding(seconds: Self.pause(after: claim.attempt))
        guard failure.kind != .refusedForGood, claim.attempt < Self.maximumAttempts, next < claim.expiresAt else {
            return try await giveUp(claim, because: failure.description)
        }
        log.info("a mail could not be sent yet", Self.fields(claim, failure.description))
        try await database.write { [outbox] in try outbox.retry(claim, at: next, because: failure.description, in: $0) }
    }

    private func giveUp(_ claim: MailOutbox.Claim, because reason: String) async throws {
        givenUp.add()
        log.warning("a mail is given up", Self.fields(claim, reason))
        try await database.write { [outbox] in try outbox.giveUp(claim, because: reason, in: $0) }
    }

    private func look() async throws {
        let count = try await database.write { [outbox] transaction in
            try outbox.sweep(in: transaction)
            return try outbox.count(in: transaction)
        }
        waiting.count.store(count, ordering: .relaxed)
    }

    /// Seconds until the next try.
    static func pause(after attempt: Int) -> Int64 { min(longestPause, firstPause << Int64(min(attempt - 1, 16))) }

    private static func fields(_ claim: MailOutbox.Claim, _ cause: String) -> [(String, JSON)] {
        [("mail_id", JSON(claim.id)), ("kind", .string(claim.kind)), ("attempt", JSON(claim.attempt)), ("cause", .string(cause))]
    }
}
