import Authorization
import Crypto
import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// The mails that tell people of sanctions.
@Suite struct SanctionMailTests {
    @Test(arguments: TestDatabase.all) func peopleAreToldInTheirLanguage(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (owner, mod) = (try await TestUser(site, .owner), try await TestUser(site, .mod))
            let (mia, bob) = (try await TestUser(site), try await TestUser(site))
            _ = try await bob.send("PATCH", "/users/me", ["locale": "fr"])
            let mute = try await mod.impose("mute", on: mia, seconds: 3600, reason: "Insults <b>")
            let told = try #require(try await site.letters(to: mia).first)
            #expect(told.subject == "You were muted")
            #expect(told.text.contains("until 15 January 2027 at 09:00 UTC") && told.text.contains("Reason: Insults <b>"))
            #expect(told.text.contains("A member of the team") && told.text.contains("You can appeal until 14 February 2027"))
            #expect(told.url?.hasSuffix("/settings/sanctions") == true)
            // A message that led to it, in French, and by a rule.
            let channel = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            let message = try await bob.say("a nasty thing", in: channel).text("id")
            _ = try await mia.send("POST", "/messages/\(message)/report", ["category": "harassment"])
            let found = try #require(try await mod.items("/cases").first?["id"]?.string)
            _ = try await mod.send("POST", "/cases/\(found)/decide", ["acts": [["kind": "warn", "reason": "Restez calme"]]])
            let warned = try #require(try await site.letters(to: bob).first)
            #expect(warned.subject == "Vous avez reçu un avertissement")
            #expect(warned.text.contains("Motif : Restez calme") && warned.text.contains("« a nasty thing »"))
            for _ in 0..<2 { _ = try await mod.impose("warn", on: bob) }
            let subjects = try await site.letters(to: bob).map(\.subject)
            #expect(subjects.filter { $0 == "Vous avez reçu un avertissement" }.count == 3)
            let escalated = try #require(try await site.letters(to: bob).first { $0.subject == "Vous avez été rendu muet" })
            #expect(escalated.text.contains("automatiquement"))
            // Appeals: the mail of the end has the answer; a rejection has one of its own.
            let appeal = try await mia.send("POST", "/sanctions/\(try mute.text("id"))/appeal", ["text": "Please"]).text("id")
            _ = try await owner.send("POST", "/appeals/\(appeal)/decide", ["accept": true, "reason": "You are right"])
            let ended = try await site.letters(to: mia)
            #expect(ended.count == 2 && ended[0].subject == "You are no longer muted" && ended[0].text.contains("You are right"))
            let ban = try await mod.impose("ban", on: mia)
            #expect(try await site.letters(to: mia).first?.text.contains("has a form for it") == true)
            let second = try await owner.send("GET", "/sanctions/\(try ban.text("id"))")
            #expect(second.status == 200)
        }
    }
}

extension TestSite {
    /// The mails about sanctions and appeals to a person, the newest first.
    fileprivate func letters(to person: TestUser) async throws -> [(subject: String, text: String, url: String?)] {
        let keyring = composition.infrastructure.keyring
        let address = "\(person.person.name)@site.test"
        return try await database.read { transaction in
            let rows = try transaction.rows(
                """
                SELECT id, email_cipher, content FROM mail_outbox
                WHERE kind IN ('sanction_imposed', 'sanction_ended', 'appeal_decided') ORDER BY id DESC LIMIT 100
                """)
            return try rows.compactMap { row in
                let id = row.int64(0)
                guard try keyring.fields.openText(row.blob(1), column: "mail_outbox.email", id: id) == address else { return nil }
                let content = try JSONParser.parse(try keyring.fields.open(row.blob(2), column: "mail_outbox.content", id: id))
                let text = (content["paragraphs"]?.array ?? []).compactMap(\.string).joined(separator: "\n")
                return (content["subject"]?.string ?? "", text, content["url"]?.string)
            }
        }
    }
}
