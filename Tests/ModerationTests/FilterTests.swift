import Accounts
import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Moderation
@testable import Sanctions
@testable import Server
@testable import Web

/// Automatic filters over the routes.
@Suite struct FilterTests {
    private struct Scene {
        let (mod, mia, bob): (TestUser, TestUser, TestUser)
        let channel: String

        init(_ site: TestSite) async throws {
            let owner = try await TestUser(site, .owner)
            (mod, mia, bob) = (try await TestUser(site, .mod), try await TestUser(site), try await TestUser(site))
            channel = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
        }

        func put(_ name: String, _ body: JSONObject) async throws -> TestSite.Answer {
            try await mod.send("PUT", "/moderation/filters/\(name)", .object(body))
        }

        func words(_ actions: [String], _ others: JSONObject = [:]) async throws {
            var body: JSONObject = ["kind": "words", "actions": .array(actions.map { .string($0) }), "list": ["scam*", "idiot"]]
            for name in others.names { body.append(name, others[name] ?? .null) }
            let answer = try await put("words", body)
            try #require(answer.status == 200, "\(answer.json.text)")
        }

        func say(_ text: String, by person: TestUser? = nil) async throws -> TestSite.Answer {
            try await (person ?? mia).send("POST", "/conversations/\(channel)/messages", ["content": .string(text)])
        }

        func contents() async throws -> [String] {
            try await bob.items("/conversations/\(channel)/messages").compactMap { $0["content"]?.string }
        }
    }

    /// Every text that others read, new or edited, is refused; and the same text passes once the filter is gone.
    @Test(arguments: TestDatabase.all) func everyTextIsFiltered(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            let mia = try await TestUser(site, .admin)
            let chat = try await mia.direct(with: scene.bob)
            let clean = try await mia.say("hello", in: chat).text("id")
            let group = try await mia.send("POST", "/conversations", ["members": [.string(scene.bob.alias)], "name": "Films"]).text("id")
            let category = try await mia.send("POST", "/channel-categories", ["name": "All"]).text("id")
            try await scene.words(["block"])
            let bad = "A sc\u{200B}4m, really"
            let text = JSON.string(bad)
            let calls: [(String, String, JSON)] = [
                ("POST", "/conversations/\(chat)/messages", ["content": text]), ("PATCH", "/messages/\(clean)", ["content": text]),
                ("POST", "/conversations", ["members": [.string(scene.bob.alias)], "name": text]),
                ("PATCH", "/conversations/\(group)", ["name": text]), ("POST", "/channels", ["name": text]),
                ("POST", "/channels", ["name": "fine", "topic": text]), ("PATCH", "/conversations/\(scene.channel)", ["topic": text]),
                ("PATCH", "/conversations/\(scene.channel)", ["name": text]), ("POST", "/channel-categories", ["name": text]),
                ("PATCH", "/channel-categories/\(category)", ["name": text]), ("PATCH", "/users/me", ["display_name": text]),
                ("PATCH", "/users/me", ["bio": text]), ("PATCH", "/users/me", ["username": "the.scammer"]),
                ("PATCH", "/users/me", ["status_message": text]), ("POST", "/users/me/status", ["status_message": text]),
                ("POST", "/users/me/status", ["activity_name": text]),
                ("POST", "/users/me/status", ["activity": ["name": "Film", "details": text]]),
                ("POST", "/friend-requests", ["to": .string(scene.bob.alias), "note": text]),
            ]
            for (method, path, body) in calls {
                let answer = try await mia.send(method, path, body)
                #expect(
                    answer.status == 422 && answer.code == "blocked_by_filter", "\(method) \(path): \(answer.status) \(answer.json.text)")
                #expect(answer.json["filter"] == "words")
            }
            #expect(try await scene.mod.send("DELETE", "/moderation/filters/words").status == 204)
            for (method, path, body) in calls {
                let answer = try await mia.send(method, path, body)
                #expect((200..<300).contains(answer.status), "\(method) \(path): \(answer.status) \(answer.json.text)")
            }
        }
    }

    @Test func everyFilteredRouteSaysSo() async throws {
        try await TestSite.with(.sqlite) { site in
            // A mute also forbids what is no text: typing, reactions, pictures and calls.
            let others: Set<String> = [
                "POST /conversations/{id}/typing", "PUT /messages/{id}/reactions/{emoji}", "PUT /users/{id}/avatar", "POST /calls",
                "POST /calls/{id}/accept",
            ]
            for route in site.composition.routes where route.refusals.contains(.forbidden("muted")) {
                let name = "\(route.method.rawValue) \(route.path)"
                #expect(route.refusals.contains(.init(422, "blocked_by_filter")) != others.contains(name), "\(name)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func hiddenMessagesWaitForTheTeam(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            try await scene.words(["hide"], ["category": "spam"])
            let sent = try await scene.say("This is a SCAM")
            #expect(sent.status == 201 && sent.json["content"] == "" && sent.json["deleted_at"] != .null)
            #expect(try await scene.contents() == [""])
            let events = try await site.events(on: "conversation:\(scene.channel)")
            #expect(!events.contains { $0.members.text.contains("SCAM") })
            #expect(try await scene.mia.notices("message.held").count == 1)
            let line = try #require(try await scene.mod.items("/cases").first)
            #expect(line["category"] == "spam" && line["severity"] == 2)
            let id = line["id"]?.string ?? ""
            let found = try await scene.mod.send("GET", "/cases/\(id)").json
            #expect(found["reports"]?.array?.first?["filter"] == "words" && found["reports"]?.array?.first?["reporter"] == .null)
            #expect(found["evidence"]?.array?.first?["content"]?["message"]?["content"] == "This is a SCAM")
            // An edit is hidden as well.
            let fine = try await scene.say("fine").text("id")
            #expect(try await scene.mia.send("PATCH", "/messages/\(fine)", ["content": "idiot"]).status == 200)
            #expect(try await scene.contents() == ["", ""])
            // Dismissed, it is shown; another is kept hidden.
            #expect(try await scene.mod.send("POST", "/cases/\(id)/decide", ["acts": [["kind": "dismiss"]]]).status == 200)
            #expect(try await scene.contents() == ["", "This is a SCAM"])
            let other = try #require(try await scene.mod.items("/cases?state=open").first?["id"]?.string)
            let decided = try await scene.mod.send(
                "POST", "/cases/\(other)/decide", ["acts": [["kind": "hide"], ["kind": "warn", "reason": "x"]]])
            #expect(decided.status == 200 && decided.json["acts"]?.array?.allSatisfy { $0["outcome"] == "done" } == true)
            // Private conversations are not opened to the team.
            let chat = try await scene.mia.direct(with: scene.bob)
            #expect(try await scene.mia.say("scam", in: chat).code == "blocked_by_filter")
            #expect(try await scene.mod.items("/cases?state=open").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func warnsAndMutes(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            try await scene.words(["block", "mute"], ["duration_s": 600])
            let service = Task { try await site.composition.moderation.run() }
            defer { service.cancel() }
            #expect(try await scene.say("scam").code == "blocked_by_filter")
            var sanctions: [JSON] = []
            for _ in 0..<100 where sanctions.isEmpty {
                try await Task.sleep(for: .milliseconds(20))
                sanctions = try await scene.mia.ownSanctions()
            }
            let mute = try #require(sanctions.first)
            #expect(mute["kind"] == "mute" && mute["source"] == "filter" && mute["reason"]?.string?.contains("“words”: scam") == true)
            #expect(try await scene.say("hello").code == "muted")
            // A filter has the rights of its editor: nobody above them is muted.
            let admin = try await TestUser(site, .admin)
            #expect(try await scene.say("scam", by: admin).code == "blocked_by_filter")
            // Texts are handled in their order: once the next author is muted, the admin's text has been.
            let carol = try await TestUser(site)
            #expect(try await scene.say("scam", by: carol).code == "blocked_by_filter")
            for _ in 0..<100 where try await carol.ownSanctions().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            #expect(try await carol.ownSanctions().first?["kind"] == "mute")
            #expect(try await admin.ownSanctions().isEmpty)
            // Reporting lets it through.
            _ = try await scene.put("words", ["kind": "words", "actions": ["report", "warn"], "list": ["scam*"]])
            #expect(try await scene.say("scam", by: scene.bob).status == 201)
            #expect(try await scene.mod.items("/cases").count == 1)
            for _ in 0..<100 where try await scene.bob.ownSanctions().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            #expect(try await scene.bob.ownSanctions().first?["kind"] == "warn")
        }
    }

    @Test(arguments: TestDatabase.all) func messagesAreCounted(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let scene = try await Scene(site)
            _ = try await scene.put("repeats", ["kind": "repeats", "actions": ["block"], "count": 2, "within_s": 60])
            for text in ["Join us now", "join us, NOW!"] { #expect(try await scene.say(text).status == 201) }
            #expect(try await scene.say("Join us now").code == "blocked_by_filter")
            #expect(try await scene.say("Join us now", by: scene.bob).status == 201)
            clock.advance(seconds: 61)
            #expect(try await scene.say("Join us now").status == 201)
            _ = try await scene.mod.send("DELETE", "/moderation/filters/repeats")
            _ = try await scene.put("rate", ["kind": "rate", "actions": ["block"], "count": 3, "within_s": 10])
            clock.advance(seconds: 60)
            for text in ["a", "b", "c"] { #expect(try await scene.say(text).status == 201) }
            #expect(try await scene.say("d").code == "blocked_by_filter")
            let last = try await scene.mia.items("/conversations/\(scene.channel)/messages").first?["id"]?.string ?? ""
            #expect(try await scene.mia.send("PATCH", "/messages/\(last)", ["content": "e"]).status == 200)
            _ = try await scene.mod.send("DELETE", "/moderation/filters/rate")
            _ = try await scene.put("mentions", ["kind": "mentions", "actions": ["block"], "count": 1])
            let (one, two) = ("<@\(scene.bob.id)>", "<@\(scene.mod.id)>")
            #expect(try await scene.say("\(one) \(one)").status == 201)
            #expect(try await scene.say("\(one) \(two)").code == "blocked_by_filter")
        }
    }

    /// All nodes count together, and a restart forgets nothing.
    @Test(arguments: TestDatabase.all) func messagesAreCountedInTheDatabase(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            _ = try await scene.put("repeats", ["kind": "repeats", "actions": ["block"], "count": 1, "within_s": 3600])
            #expect(try await scene.say("Join us now").status == 201)
            try await site.restart()
            #expect(try await scene.say("join us, NOW!").code == "blocked_by_filter")
            #expect(try await site.count("recent_messages") == 1)
        }
    }

    /// One person’s texts cannot fill the table of sanctions, nor the case about their profile.
    @Test(arguments: TestDatabase.all) func automaticActsAreBounded(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            let filter = TextFilter(
                id: TextFilterID(rawValue: 1), name: "words", kind: .words, actions: [.warn], category: "other", author: scene.mod.id)
            let hit = FilterHit(filter: filter, found: "scam", range: nil, element: nil)
            let text = FilteredText(hits: [hit], author: scene.mia.id, message: nil, scope: Scope(userID: scene.mia.id))
            let moderation = site.composition.moderation
            for _ in 0..<12 { try await site.database.write { try moderation.punish(text, in: $0) } }
            #expect(try await scene.mia.ownSanctions().filter { $0["kind"] == "warn" }.count == 10)
            try await scene.words(["report"])
            let (filters, bob) = (moderation.accounts.sanctions.filters, scene.bob.id)
            for _ in 0..<102 {
                try await site.database.write { try filters.check([("/bio", "scam")], by: bob, scope: Scope(userID: bob), in: $0) }
            }
            #expect(try await site.count("reports") == 100)
        }
    }

    @Test(arguments: TestDatabase.all) func rolesAndChannelsAreExempt(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            try await scene.words(["block"], ["exempt_roles": ["role_mod"]])
            #expect(try await scene.say("scam").code == "blocked_by_filter")
            #expect(try await scene.say("scam", by: scene.mod).status == 201)
            try await scene.words(["block"], ["exempt_channels": [.string(scene.channel)]])
            #expect(try await scene.say("scam").status == 201)
            #expect(try await scene.mia.send("PATCH", "/users/me", ["bio": "scam"]).code == "blocked_by_filter")
            try await scene.words(["block"], ["enabled": false])
            #expect(try await scene.mia.send("PATCH", "/users/me", ["bio": "scam"]).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func filtersAreVersionedAndAudited(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            try await scene.words(["block"])
            try await scene.words(["block", "report"])
            try await scene.words(["block", "report"])
            let all = try await scene.mod.items("/moderation/filters")
            #expect(all.count == 1 && all[0]["version"] == 2 && all[0]["list"] == ["scam*", "idiot"])
            #expect(try await scene.mod.items("/moderation/filters/WÖRDS/versions").map { $0["version"] } == [2, 1])
            let entries = try await scene.mod.items("/moderation/journal?action=filter.update")
            #expect(entries.count == 2 && entries.last?["payload"]?["added"] == ["scam*", "idiot"])
            let stale = try await scene.mod.send(
                "PUT", "/moderation/filters/words", ["kind": "words", "actions": ["block"], "list": ["x2"]], ifMatch: "\"1\"")
            #expect(stale.status == 412)
            let invalid: [JSON] = [
                ["kind": "words", "actions": ["block"]], ["kind": "words", "actions": [], "list": ["ab"]],
                ["kind": "words", "actions": ["ban"], "list": ["ab"]], ["kind": "words", "actions": ["block"], "list": ["*"]],
                ["kind": "links", "actions": ["block"], "list": ["no domain"]], ["kind": "files", "actions": ["block"], "list": ["a.b"]],
                ["kind": "mentions", "actions": ["block"], "count": 0],
                ["kind": "words", "actions": ["block"], "list": ["ab"], "exempt_roles": ["role_none"]],
            ]
            // Raid mode reports under this name.
            #expect(try await scene.put("Raid", ["kind": "words", "actions": ["block"], "list": ["ab"]]).status == 422)
            for body in invalid { #expect(try await scene.mod.send("PUT", "/moderation/filters/x", body).status == 422, "\(body.text)") }
        }
    }

    @Test(arguments: TestDatabase.all) func tellsBeforehandWhatItWouldHit(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            for text in ["A scam", "Fine", "ssccaamm", "s.c.a.m"] { _ = try await scene.say(text) }
            let chat = try await scene.mia.direct(with: scene.bob)
            _ = try await scene.mia.say("a private scam", in: chat)
            let filter: JSON = ["kind": "words", "actions": ["block"], "list": ["scam"]]
            let run = try await scene.mod.send("POST", "/moderation/filters/dry-run", ["filter": filter])
            #expect(run.json["examined"] == 4 && run.json["hits"] == 2)
            #expect(run.json["items"]?.array?.map { $0["content"] } == ["s.c.a.m", "A scam"])
            let tried = try await scene.mod.send("POST", "/moderation/filters/try", ["filter": filter, "text": "no SC\u{200B}AM"])
            #expect(tried.json["hits"]?.array?.first?["start"] == 3 && tried.json["hits"]?.array?.first?["end"] == 8)
            let repeats: JSON = ["kind": "rate", "actions": ["block"], "count": 3, "within_s": 60]
            #expect(try await scene.mod.send("POST", "/moderation/filters/dry-run", ["filter": repeats]).json["hits"] == 1)
        }
    }
}
