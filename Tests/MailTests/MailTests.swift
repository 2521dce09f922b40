import Crypto
import Database
import Kernel
import Mail
import Outbound
import Runtime
import Synchronization
import TestSupport
import Testing

@Suite struct MailTests {
    @Test(arguments: TestDatabase.all) func aMailIsTakenWholeAndLeavesNothingBehind(_ kind: TestDatabase) async throws {
        try await Post.with(kind) { post in
            try await post.write("Élodie & <b>co</b>", link: "https://site.test/verify#token=abc", to: "elodie@example.test")
            #expect(try await post.waiting() == 1)
            try await post.mail.sendDue()
            let mail = try #require(post.peer.mails.first)
            #expect(
                post.peer.mails.count == 1 && mail.sender == "MAIL FROM:<foyer@site.test>"
                    && mail.recipient == "RCPT TO:<elodie@example.test>")
            #expect(mail.header("From") == "\"Foyer\" <foyer@site.test>" && mail.header("To") == "<elodie@example.test>")
            #expect(mail.header("Subject") == "=?UTF-8?Q?Bienvenue_=C3=89lodie_=26_=3Cb=3Eco=3C=2Fb=3E?=")
            #expect(mail.header("Date") == "Fri, 15 Jan 2027 08:00:00 +0000" && mail.header("Content-Language") == "fr")
            #expect(mail.header("Message-ID")?.hasSuffix("@site.test>") == true && mail.header("Auto-Submitted") == "auto-generated")
            #expect(
                mail.content.contains("=C3=89lodie &amp; &lt;b&gt;co&lt;/b&gt;")
                    && mail.content.contains("https://site.test/verify#token=3Dabc"))
            #expect(mail.content.components("\r\n").allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
            #expect(try await post.rows() == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func whatTheServerPutsOffIsTriedAgainUnderTheSameName(_ kind: TestDatabase) async throws {
        try await Post.with(kind) { post in
            post.peer.answer("RCPT", "451 later")
            post.peer.answer("end", "452 no room")
            try await post.write("Anna", to: "anna@example.test")
            try await post.mail.sendDue()
            #expect(post.peer.mails.isEmpty)
            #expect(try await post.waiting() == 1)
            post.clock.advance(seconds: 4)
            try await post.mail.sendDue()
            #expect(try await post.attempts() == [1])
            post.clock.advance(seconds: 1)
            try await post.mail.sendDue()
            #expect(try await post.attempts() == [2])
            post.clock.advance(seconds: 10)
            try await post.mail.sendDue()
            #expect(post.peer.mails.count == 1)
            #expect(try await post.rows() == 0)
            #expect(
                post.metrics.render().contains("foyer_mail_failures_total 2\n")
                    && post.metrics.render().contains("foyer_mails_sent_total 1\n"))
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsRefusedForGoodIsGivenUpAndForgotten(_ kind: TestDatabase) async throws {
        try await Post.with(kind) { post in
            post.peer.answer("RCPT", "550 5.1.1 <anna@example.test>: nobody of that name")
            try await post.write("Anna", to: "anna@example.test")
            try await post.write("Bert", to: "bert@example.test\r\nRCPT TO:<eve@example.test>")
            try await post.mail.sendDue()
            #expect(post.peer.mails.isEmpty)
            #expect(try await post.waiting() == 0)
            let kept = try await post.database.read { transaction in
                try transaction.rows("SELECT email_cipher, content, failure FROM mail_outbox").map {
                    ($0.isNull(0), $0.isNull(1), $0.text(2))
                }
            }
            #expect(kept.count == 2 && kept.allSatisfy { $0.0 && $0.1 } && !kept.contains { $0.2.contains("anna") })
            // Why, in the server's own words.
            #expect(kept.contains { $0.2.contains("(the server said 550 5.1.1 (address) nobody of that name)") }, "\(kept)")
            #expect(post.metrics.render().contains("foyer_mails_given_up_total 2\n"))
        }
    }

    @Test(arguments: TestDatabase.all) func aMailWhoseSenderDiedIsSentByTheNext(_ kind: TestDatabase) async throws {
        try await Post.with(kind) { post in
            try await post.write("Anna", to: "anna@example.test")
            // What a process that is killed between the claim and the answer leaves.
            try await post.database.write { transaction in
                _ = try transaction.execute("UPDATE mail_outbox SET attempts = 1, next_attempt_at = next_attempt_at + 60000")
            }
            try await post.mail.sendDue()
            #expect(post.peer.mails.isEmpty)
            post.clock.advance(seconds: 60)
            try await post.mail.sendDue()
            #expect(post.peer.mails.count == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func twoSendersShareTheMailsAndSendNoneTwice(_ kind: TestDatabase) async throws {
        try await Post.with(kind) { post in
            for number in 0..<12 { try await post.write("Anna", to: "a\(number)@example.test") }
            let other = try post.another()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for mail in [post.mail, other] { group.addTask { try await mail.sendDue() } }
                try await group.waitForAll()
            }
            try await post.mail.sendDue()
            #expect(post.peer.mails.map(\.recipient).sorted() == (0..<12).map { "RCPT TO:<a\($0)@example.test>" }.sorted())
        }
    }

    @Test(arguments: TestDatabase.all) func nothingGoesOutInTheClearWhereTLSIsRequired(_ kind: TestDatabase) async throws {
        try await Post.with(kind, isEncrypted: true) { post in
            try await post.write("Anna", to: "anna@example.test")
            try await post.mail.sendDue()
            #expect(post.peer.mails.isEmpty)
            #expect(try await post.attempts() == [1])
            post.clock.advance(seconds: 86_400)
            try await post.mail.sendDue()
            #expect(try await post.waiting() == 0)
        }
    }

    @Test func addressesCannotBreakOutOfTheirField() {
        for text in [
            "a@b\r\nBcc: c@d", "a b@c.d", "a@b@c", "@b", "a@", "<a@b.c>", "a,b@c.d", "a@b.c\u{85}", "a\u{0}@b.c", "a\"@b.c",
            "a@b\u{2028}.c",
        ] {
            #expect(MailAddress(text) == nil, "\(text.debugDescription)")
        }
        #expect(MailAddress(field: "Le Foyer <foyer@site.test>")?.name == "Le Foyer")
        #expect(MailAddress(field: "\"Foyer, Inc.\" <foyer@site.test>")?.text == "foyer@site.test")
        #expect(MailAddress(field: "foyer@site.test")?.name == nil && MailAddress(field: "Foyer <>") == nil)
    }

    @Test func nothingInASubjectOrANameBecomesAField() throws {
        let from = try #require(MailAddress("foyer@site.test", name: "A\r\nBcc: eve@example.test"))
        let to = try #require(MailAddress("anna@example.test"))
        for subject in ["x\r\nBcc: eve@example.test", "\u{0}\r\n\r\nbody", String(repeating: "é\n", count: 90), "=?UTF-8?Q?=0D=0ABcc:_x?="]
        {
            let message = MailMessage(
                id: "1@site.test", date: Timestamp(milliseconds: 0), from: from, to: to, language: .english, subject: subject,
                text: "…\n.\nlast \n", html: "<p>")
            let head = String(decoding: message.bytes, as: UTF8.self).components("\r\n\r\n")[0]
            let names = head.components("\r\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
            #expect(
                names == [
                    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "Content-Language", "Content-Type",
                ])
            #expect(!head.utf8.contains(0) && head.components("\r\n").allSatisfy { $0.utf8.count <= 78 })
        }
    }

    @Test func settingsOfTheServerAreReadStrictly() throws {
        let server = try MailServer(url: "smtp://foyer%40site:p%3Aw@mail.site.test", isEncrypted: true, authority: nil)
        #expect((server.host, server.port, server.encryption) == ("mail.site.test", 587, .startTLS))
        #expect(try MailServer(url: "smtps://mail.site.test", isEncrypted: false, authority: nil).port == 465)
        #expect(try MailServer(url: "smtp://[::1]:25/", isEncrypted: false, authority: nil).encryption == .none)
        for url in ["http://x", "smtp://", "smtp://x:0", "smtp://x:y", "smtp://user@x", "smtp://a:b@x/y", "smtp://x y"] {
            #expect(throws: MailServer.Fault.self, "\(url)") { try MailServer(url: url, isEncrypted: true, authority: nil) }
        }
        #expect(try MailServer(url: "smtp://u:p@127.0.0.1:25", isEncrypted: false, authority: nil).encryption == .none)
        for host in ["mail.site.test", "127.site.test"] {
            #expect(throws: MailServer.Fault.self) { try MailServer(url: "smtp://u:p@\(host)", isEncrypted: false, authority: nil) }
        }
    }
}

/// A database with mails to send, and a peer that takes them.
struct Post: Sendable {
    let database: any Database
    let keyring: Keyring
    let clock: SteppedClock
    let metrics: Metrics
    let peer: SMTPPeer
    let mail: MailFeature
    private let isEncrypted: Bool

    static func with(_ kind: TestDatabase, isEncrypted: Bool = false, _ body: (Post) async throws -> Void) async throws {
        try await kind.with(mailMigrations) { database in
            let post = try Post(database, isEncrypted)
            try await post.peer.run { try await body(post) }
        }
    }

    private init(_ database: any Database, _ isEncrypted: Bool) throws {
        (self.database, self.isEncrypted, keyring, clock, metrics) = (database, isEncrypted, try .ephemeral(), SteppedClock(), Metrics())
        peer = try SMTPPeer()
        mail = try Self.feature(database, keyring, clock, metrics, peer, isEncrypted, node: 1)
    }

    /// Another node of the site.
    func another() throws -> MailFeature { try Self.feature(database, keyring, clock, Metrics(), peer, isEncrypted, node: 2) }

    private static func feature(
        _ database: any Database, _ keyring: Keyring, _ clock: SteppedClock, _ metrics: Metrics, _ peer: SMTPPeer, _ isEncrypted: Bool,
        node: Int
    ) throws -> MailFeature {
        let server = try MailServer(url: "smtp://127.0.0.1:\(peer.port)", isEncrypted: isEncrypted, authority: nil)
        let from = try #require(MailAddress("foyer@site.test", name: "Foyer"))
        return MailFeature(
            database: database, keyring: keyring, ids: IDGenerator(clock: clock.wall, node: node), clock: clock.wall, log: .silent,
            metrics: metrics, options: MailFeature.Options(server: server, from: from, site: "https://site.test"))
    }

    func write(_ name: String, link: String? = nil, to address: String) async throws {
        let letter = MailText(
            .french, subject: LocalizedText(en: "Welcome \(name)", fr: "Bienvenue \(name)"),
            [LocalizedText(en: "You are \(name).", fr: "Vous êtes \(name).")],
            link: link.map { (LocalizedText(en: "Confirm", fr: "Confirmer"), $0) })
        try await database.write { [mail] in try mail.outbox.post(letter, to: address, kind: "test", lifetime: 86_400, in: $0) }
    }

    func rows() async throws -> Int { try await count("SELECT COUNT(*) FROM mail_outbox") }
    func waiting() async throws -> Int { try await count("SELECT COUNT(*) FROM mail_outbox WHERE next_attempt_at IS NOT NULL") }

    func attempts() async throws -> [Int] {
        try await database.read { try $0.rows("SELECT attempts FROM mail_outbox ORDER BY id").map { $0.int(0) } }
    }

    private func count(_ sql: SQL) async throws -> Int { try await database.read { try $0.row(sql)?.int(0) ?? -1 } }
}

/// A clock that stands still until it is told to go on.
final class SteppedClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var wall: WallClock { WallClock { self.time.withLock { $0 } } }

    func advance(seconds: Int64) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}
