import Authorization
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// Appeals against sanctions, and who decides them.
@Suite struct AppealTests {
    @Test(arguments: TestDatabase.all) func acceptedEverythingIsUndone(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, mod, other) = (try await TestUser(site, .owner), try await TestUser(site, .mod), try await TestUser(site, .mod))
            let (mia, bob) = (try await TestUser(site), try await TestUser(site))
            let channel = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            let message = try await mia.say("@everyone look", in: channel).text("id")
            _ = try await bob.send("PUT", "/messages/\(message)/reactions/%F0%9F%91%8D")
            for _ in 0..<2 { _ = try await mod.impose("warn", on: mia) }
            _ = try await bob.send("POST", "/messages/\(message)/report", ["category": "spam"])
            let caseID = try #require(try await mod.items("/cases").first?["id"]?.string)
            let decision: JSON = ["acts": [["kind": "hide"], ["kind": "warn", "reason": "Spam"]]]
            #expect(try await mod.send("POST", "/cases/\(caseID)/decide", decision).status == 200)
            // The third warning caused a mute.
            #expect(try await mia.say("x", in: channel).code == "muted")
            let own = try await mia.ownSanctions()
            let warning = try #require(own.first { $0["kind"] == "warn" && $0["reason"] == "Spam" }?["id"]?.string)
            #expect(try await bob.send("POST", "/sanctions/\(warning)/appeal", ["text": "No"]).status == 404)
            let made = try await mia.send("POST", "/sanctions/\(warning)/appeal", ["text": "It was a joke"])
            #expect(made.status == 201 && made.json["state"] == "open")
            #expect(try await mia.send("POST", "/sanctions/\(warning)/appeal", ["text": "Again"]).code == "already_appealed")
            let queued = try #require(try await other.items("/cases?kind=appeal").first)
            let appeal = try made.text("id")
            let seen = try await other.send("GET", "/cases/\(queued["id"]?.string ?? "")").json["appeal"]
            #expect(seen?["text"] == "It was a joke" && seen?["evidence"]?.array?.count == 1 && seen?["may_decide"] == true)
            // The issuer cannot decide, because somebody else can.
            let verdict: JSON = ["accept": true, "reason": "It was a joke"]
            #expect(try await mod.send("POST", "/appeals/\(appeal)/decide", verdict).code == "own_sanction")
            #expect(
                try await mod.send("POST", "/cases/\(queued["id"]?.string ?? "")/decide", ["acts": [["kind": "dismiss"]]]).code
                    == "use_appeal")
            #expect(try await other.send("POST", "/appeals/\(appeal)/decide", verdict).status == 200)
            #expect(try await other.send("POST", "/appeals/\(appeal)/decide", verdict).status == 409)
            #expect(try await mia.say("thank you", in: channel).status == 201)
            let shown = try await bob.send("GET", "/messages/\(message)").json
            #expect(shown["content"] == "@everyone look" && shown["deleted_at"] == .null && shown["reactions"]?.array?.count == 1)
            #expect(try await bob.send("GET", "/search/messages?q=look").json["items"]?.array?.count == 1)
            let after = try await mia.ownSanctions()
            #expect(after.first { $0["id"]?.string == warning }?["end_reason"] == "appealed")
            #expect(after.first { $0["kind"] == "mute" }?["end_reason"] == "appealed")
            #expect(try await mia.notices("appeal.decided") == ["Your appeal was accepted"])
        }
    }

    @Test(arguments: TestDatabase.all) func aBannedPersonAppealsWithoutSigningIn(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (owner, admin, mia) = (try await TestUser(site, .owner), try await TestUser(site, .admin), try await TestUser(site))
            let ban = try await admin.impose("ban", on: mia)
            let login: JSON = ["username": .string(mia.person.name), "password": .string(TestSite.password)]
            let refused = try await site.post("/auth/login", login)
            #expect(refused.status == 423 && refused.json["sanction_id"] == ban.json["id"])
            let token = try refused.text("appeal_token")
            let path = "/sanctions/\(try ban.text("id"))/appeal"
            #expect(try await site.post(path, ["text": "Please"]).status == 401)
            #expect(try await site.post(path, ["text": "Please", "token": .string(token + "x")]).status == 404)
            #expect(try await site.send("GET", "/users/me", ["Authorization": "Bearer \(token)"]).status == 401)
            let made = try await site.post(path, ["text": "Please", "token": .string(token)])
            #expect(made.status == 201)
            // Accepted in part: it ends earlier.
            let end = site.now.adding(seconds: 60)
            let verdict: JSON = ["accept": true, "reason": "A minute is enough", "expires_at": JSON(end)]
            #expect(try await owner.send("POST", "/appeals/\(made.text("id"))/decide", verdict).status == 200)
            #expect(try await site.post("/auth/login", login).json["banned_until"] == JSON(end))
            clock.advance(seconds: 60)
            _ = try await mia.signedInAgain()
        }
    }

    @Test(arguments: TestDatabase.all) func rejectedItIsAnsweredAndTooLateItIsRefused(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (owner, mia) = (try await TestUser(site, .owner), try await TestUser(site))
            let first = try await owner.impose("mute", on: mia, seconds: 90 * 86_400)
            let made = try await mia.send("POST", "/sanctions/\(first.text("id"))/appeal", ["text": "No"])
            // Nobody else could: the issuer answers.
            let verdict: JSON = ["accept": false, "reason": "It stays"]
            #expect(try await owner.send("POST", "/appeals/\(made.text("id"))/decide", verdict).status == 200)
            #expect(try await mia.ownSanctions().first?["appeal"]?["answer"] == "It stays")
            #expect(try await mia.notices("appeal.decided") == ["Your appeal was rejected"])
            let second = try await owner.impose("warn", on: mia)
            clock.advance(seconds: 30 * 86_400)
            let again = try await mia.signedInAgain()
            #expect(try await again.send("POST", "/sanctions/\(second.text("id"))/appeal", ["text": "No"]).code == "too_late")
        }
    }
}
