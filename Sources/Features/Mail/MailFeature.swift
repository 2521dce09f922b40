// Owns the mails that wait: in the database from the transaction of their cause until the mail server has taken them. Refuses to know why they are sent.
package import Crypto
package import Database
package import FeatureKit
package import Jobs
package import Kernel
package import Outbound
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
    /// Milliseconds between two looks at mails that are due, where the server cannot be reached.
    private static let pause: Int64 = 300

    package let outbox: MailOutbox
    let options: Options?
    private let database: any Database
    private let client: SMTPClient?
    private let clock: WallClock
    private let log: Log
    private let (sent, failed, givenUp): (Counter, Counter, Counter)
    private let waiting = Waiting()

    private final class Waiting: Sendable { let count = Atomic<Int>(0) }

    /// - Parameters:
    ///   - options: nil where the site cannot send; then nobody may post.
    ///   - jobs: nil for a site that runs no jobs.
    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock = .system, log: Log, metrics: Metrics,
        options: Options?, jobs: JobQueue? = nil
    ) {
        (self.database, self.clock, self.log, self.options) = (database, clock, log, options)
        outbox = MailOutbox(keyring: keyring, ids: ids, clock: clock, queue: jobs)
        client = options.map { SMTPClient(server: $0.server) }
        sent = metrics.counter("foyer_mails_sent_total", "Mails that the mail server took.")
        failed = metrics.counter("foyer_mail_failures_total", "Tries to send a mail that failed.")
        givenUp = metrics.counter(
            "foyer_mails_given_up_total", "Mails that will not be sent: refused for good, too old, or tried too often.")
        metrics.gauge("foyer_mails_waiting", "Mails that wait to be sent.") { [waiting] in Double(waiting.count.load(ordering: .relaxed)) }
    }

    /// Whether mail can be sent; where not, what needs it is not offered.
    package var isOn: Bool { client != nil }

    package static let declaration = FeatureDeclaration(
        "mail", title: LocalizedText(en: "Mail", fr: "Courrier"), module: .core, migrations: mailMigrations)

    package var jobs: [JobKind] {
        guard isOn else { return [] }
        return [
            JobKind(MailOutbox.job, schedule: .every(60_000)) { [self] _ in
                try await sendDue()
                try await look()
                guard let next = try await database.read({ [outbox] in try outbox.next(in: $0) }) else { return .done }
                return .later(max(next, clock.now().adding(milliseconds: Self.pause)))
            }
        ]
    }

    /// Tries every mail whose turn it is, as the job does.
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
