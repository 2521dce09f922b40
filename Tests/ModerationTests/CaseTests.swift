import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Conversations
@testable import Moderation
@testable import Server

/// Reports, cases and decisions.
@Suite struct CaseTests {
    /// A channel with a message of somebody in it, between others.
    private struct Scene {
        let (owner, mod, mia, bob): (TestUser, TestUser, TestUser, TestUser)
        let channel: String
        let message: String

        init(_ site: TestSite) async throws {
            (owner, mod) = (try await TestUser(site, .owner), try await TestUser(site, .mod))
            (mia, bob) = (try await TestUser(site), try await TestUser(site))
            channel = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            _ = try await bob.say("before", in: channel)
            message = try await mia.say("a nasty thing", in: channel).text("id")
            _ = try await bob.say("after", in: channel)
        }

        func report(_ category: String = "harassment", by person: TestUser? = nil) async throws -> TestSite.Answer {
            let body: JSON = ["target_type": "message", "target_id": .string(message), "category": .string(category), "text": "Look"]
            return try await (person ?? bob).send("POST", "/reports", body)
        }

        func theCase() async throws -> JSON {
            let id = try #require(try await mod.items("/cases").first?["id"]?.string)
            return try await mod.send("GET", "/cases/\(id)").json
        }

        func contents() async throws -> [String] {
            try await bob.items("/conversations/\(channel)/messages").compactMap { $0["content"]?.string }
        }
    }

    @Test(arguments: TestDatabase.all) func evidenceOutlivesEditAndDeletion(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            let first = try await scene.report()
            #expect(first.status == 201 && first.json["state"] == "open")
            #expect(try await scene.report().status == 200)
            _ = try await scene.mia.send("PATCH", "/messages/\(scene.message)", ["content": "a nice thing"])
            let carol = try await TestUser(site)
            let again = try await carol.send("POST", "/messages/\(scene.message)/report", ["category": "threat"])
            #expect(again.status == 201)
            _ = try await scene.mia.send("DELETE", "/messages/\(scene.message)")
            let found = try await scene.theCase()
            #expect(found["report_count"] == 2 && found["severity"] == 4 && found["category"] == "threat")
            let evidence = found["evidence"]?.array ?? []
            #expect(evidence.map { $0["content"]?["message"]?["content"] } == ["a nasty thing", "a nice thing"])
            #expect(evidence[0]["content"]?["before"]?.array?.first?["content"] == "before")
            #expect(evidence[1]["content"]?["after"]?.array?.first?["content"] == "after")
            #expect(found["target"]?["exists"] == false && found["target"]?["by_author"] == true)
            #expect(found["reports"]?.array?.first?["reporter"]?["id"] == JSON(scene.bob.id))
            #expect(try await scene.bob.items("/users/me/reports").map { $0["text"] } == ["Look"])
        }
    }

    @Test(arguments: TestDatabase.all) func aDecisionIsOneTransaction(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            _ = try await scene.report()
            let open = try await scene.theCase()
            let id = open["id"]?.string ?? ""
            // One act that may not be done, and nothing of it is.
            let staff = try await TestUser(site, .staff)
            let refused = try await staff.send(
                "POST", "/cases/\(id)/decide", ["acts": [["kind": "hide"], ["kind": "warn", "reason": "x"]]])
            #expect(refused.status == 403)
            #expect(try await scene.contents() == ["after", "a nasty thing", "before"])
            let decided = try await scene.mod.send(
                "POST", "/cases/\(id)/decide", ["acts": [["kind": "hide"], ["kind": "warn"]], "reason": "Insults"],
                ifMatch: "\"\(open["version"]?.integer ?? 0)\"")
            #expect(decided.status == 200 && decided.json["state"] == "decided" && decided.json["outcome"] == "acted")
            #expect(decided.json["acts"]?.array?.map { $0["outcome"] } == ["done", "done"])
            #expect(try await scene.contents() == ["after", "", "before"])
            let own = try await scene.mia.ownSanctions()
            #expect(own.count == 1 && own[0]["reason"] == "Insults" && own[0]["content"] == "a nasty thing")
            #expect(try await scene.bob.notices("report.decided").count == 1)
            #expect(try await scene.bob.items("/users/me/reports").map { $0["state"] } == ["decided"])
            let journal = try await scene.mod.items("/moderation/journal").compactMap { $0["action"]?.string }
            #expect(journal.contains("case.decide") && journal.contains("sanction.create"))
            let again = try await scene.mod.send("POST", "/cases/\(id)/decide", ["acts": [["kind": "dismiss"]]])
            #expect(again.status == 409 && again.code == "case_decided" && again.json["assignee"]?["id"] == JSON(scene.mod.id))
            // Reported again, it is a new case.
            let carol = try await TestUser(site)
            #expect(try await scene.report(by: carol).status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func theSecondModeratorLearnsWhoHasTheCase(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let scene = try await Scene(site)
            let other = try await TestUser(site, .mod)
            _ = try await scene.report()
            let open = try await scene.mod.send("GET", "/cases/\(scene.theCase()["id"]?.string ?? "")")
            let id = try open.text("id")
            let tag = try #require(open.headers["ETag"])
            #expect(try await scene.mod.send("POST", "/cases/\(id)/take", ifMatch: tag).status == 200)
            let second = try await other.send("POST", "/cases/\(id)/take", ifMatch: tag)
            #expect(second.status == 412 && second.json["assignee"]?["username"]?.string == scene.mod.person.name)
            let third = try await other.send("POST", "/cases/\(id)/take")
            #expect(third.status == 409 && third.code == "case_taken")
            #expect(try await other.send("POST", "/cases/\(id)/decide", ["acts": [["kind": "dismiss"]]]).code == "case_taken")
            #expect(try await scene.mod.items("/cases?assignee=me").count == 1)
            // Half an hour without an act of the assignee ends the assignment.
            clock.advance(seconds: 1800)
            let (mod, late) = (try await scene.mod.signedInAgain(), try await other.signedInAgain())
            #expect(try await mod.items("/cases?assignee=me").isEmpty)
            #expect(try await late.send("POST", "/cases/\(id)/take").status == 200)
            #expect(try await late.send("DELETE", "/cases/\(id)/take").json["assignee"] == .null)
        }
    }

    /// The bar: two hundred races of two moderators.
    @Test(arguments: TestDatabase.all) func twoModeratorsDecideOnce(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            let other = try await TestUser(site, .mod)
            for round in 0..<200 {
                let message = try await scene.mia.say("message \(round)", in: scene.channel).text("id")
                let body: JSON = ["target_type": "message", "target_id": .string(message), "category": "spam"]
                #expect(try await scene.bob.send("POST", "/reports", body).status == 201)
                let id = try #require(try await scene.mod.items("/cases?limit=1").first?["id"]?.string)
                let decision: JSON = ["acts": [["kind": "hide"]], "reason": "Spam"]
                async let one = scene.mod.send("POST", "/cases/\(id)/decide", decision).status
                async let two = other.send("POST", "/cases/\(id)/decide", decision).status
                // A report that comes at the same moment hangs on this case, or on a new one: it is not lost.
                async let late = scene.owner.send("POST", "/reports", body).status
                #expect(try await [one, two].sorted() == [200, 409], "round \(round)")
                let status = try await late
                #expect(status == 201 || status == 404)
                _ = try await other.send(
                    "POST", "/cases/decide",
                    [
                        "cases": .array(try await scene.mod.items("/cases").compactMap { $0["id"] }), "acts": [["kind": "dismiss"]],
                    ])
            }
            #expect(try await site.count("cases WHERE state = 'open'") == 0)
            #expect(try await site.count("hidden_messages") == 200)
            #expect(try await site.count("reports WHERE case_id NOT IN (SELECT id FROM cases)") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func fiftyReportsAtOnceAreOneCase(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            var people: [TestUser] = []
            for _ in 0..<50 { people.append(try await TestUser(site)) }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for person in people { group.addTask { try await scene.report("spam", by: person).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 201 })
            let cases = try await scene.mod.items("/cases")
            #expect(cases.count == 1 && cases[0]["report_count"] == 50)
            let id = cases[0]["id"]?.string ?? ""
            #expect(try await scene.mod.send("POST", "/cases/\(id)/decide", ["acts": [["kind": "dismiss"]]]).status == 200)
            #expect(try await site.count("cases WHERE state = 'open'") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func whoMaySeeAndDecide(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, admin) = (try await TestUser(site, .owner), try await TestUser(site, .admin))
            let (mod, other, member) = (try await TestUser(site, .mod), try await TestUser(site, .mod), try await TestUser(site))
            func report(_ person: TestUser) async throws -> String {
                let body: JSON = ["target_type": "user", "target_id": .string(person.alias), "category": "spam"]
                _ = try await member.send("POST", "/reports", body)
                return try #require(try await owner.items("/cases?user=\(person.alias)").first?["id"]?.string)
            }
            let aboutMod = try await report(mod)
            // A case about oneself, or about somebody of one's own rank, is absent and not counted.
            for person in [mod, other] {
                #expect(try await person.send("GET", "/cases/\(aboutMod)").status == 404)
                #expect(try await person.send("GET", "/cases?count=true").json["total"] == 0)
                #expect(try await person.items("/cases").isEmpty)
                #expect(try await person.send("POST", "/cases/\(aboutMod)/take").status == 404)
            }
            #expect(try await admin.send("GET", "/cases/\(aboutMod)").status == 200)
            #expect(try await member.send("GET", "/cases/\(aboutMod)").status == 403)
            // A reporter cannot decide the case.
            let kim = try await TestUser(site)
            let body: JSON = ["target_type": "user", "target_id": .string(kim.alias), "category": "other"]
            #expect(try await mod.send("POST", "/reports", body).status == 201)
            let aboutKim = try #require(try await owner.items("/cases?user=\(kim.alias)").first?["id"]?.string)
            #expect(try await mod.send("POST", "/cases/\(aboutKim)/decide", ["acts": [["kind": "dismiss"]]]).code == "own_report")
            #expect(try await other.send("POST", "/cases/\(aboutKim)/decide", ["acts": [["kind": "dismiss"]]]).status == 200)
            // Nobody can report themselves, or a message that they cannot read.
            #expect(try await kim.send("POST", "/reports", body).status == 422)
            let hidden = try await owner.send("POST", "/channels", ["name": "team", "visibility": "private"]).text("id")
            let secret = try await owner.say("secret", in: hidden).text("id")
            #expect(try await kim.send("POST", "/messages/\(secret)/report", ["category": "spam"]).status == 404)
            // Neither events nor the export of the reported person name the reporter.
            let export = try await site.database.read { [moderation = site.composition.moderation, id = kim.id] in
                try moderation.export(id, in: $0)
            }
            for text in try await kim.events().map(\.members.text) + [JSON.object(export).text] {
                #expect(!text.contains(mod.id.uuid) && !text.contains(mod.person.name))
            }
        }
    }

    /// A merge must not show a case about staff to those who may not see it, nor let a reporter decide.
    @Test(arguments: TestDatabase.all) func aMergedCaseKeepsTheRulesOfItsParts(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, mod, other) = (try await TestUser(site, .owner), try await TestUser(site, .mod), try await TestUser(site, .mod))
            let (kim, lea, bob) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            func report(_ person: TestUser, by reporter: TestUser) async throws -> String {
                let body: JSON = ["target_type": "user", "target_id": .string(person.alias), "category": "spam"]
                #expect(try await reporter.send("POST", "/reports", body).status == 201)
                return try #require(try await owner.items("/cases?user=\(person.alias)").first?["id"]?.string)
            }
            let (aboutKim, aboutLea) = (try await report(kim, by: bob), try await report(lea, by: mod))
            #expect(try await owner.send("POST", "/cases/\(aboutLea)/merge", ["into": .string(aboutKim)]).status == 200)
            let dismissal: JSON = ["acts": [["kind": "dismiss"]]]
            #expect(try await mod.send("POST", "/cases/\(aboutKim)/decide", dismissal).code == "own_report")
            let aboutOther = try await report(other, by: bob)
            #expect(try await owner.send("POST", "/cases/\(aboutOther)/merge", ["into": .string(aboutKim)]).status == 200)
            for person in [mod, other] {
                #expect(try await person.send("GET", "/cases/\(aboutKim)").status == 404)
                #expect(try await person.send("GET", "/cases?count=true").json["total"] == 0)
                #expect(try await person.send("POST", "/cases/\(aboutKim)/decide", dismissal).status == 404)
            }
            #expect(try await owner.send("POST", "/cases/\(aboutKim)/decide", dismissal).status == 200)
        }
    }

    /// The journal leaves out entries about the reader and about cases that the reader may not see.
    @Test(arguments: TestDatabase.all) func theJournalHidesWhatConcernsItsReader(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, mod, bob) = (try await TestUser(site, .owner), try await TestUser(site, .mod), try await TestUser(site))
            let body: JSON = ["target_type": "user", "target_id": .string(mod.alias), "category": "spam"]
            #expect(try await bob.send("POST", "/reports", body).status == 201)
            let id = try #require(try await owner.items("/cases").first?["id"]?.string)
            let decision: JSON = ["acts": [["kind": "warn", "reason": "Be fair", "note": "Seen before"]]]
            #expect(try await owner.send("POST", "/cases/\(id)/decide", decision).status == 200)
            #expect(
                try await owner.items("/moderation/journal").compactMap { $0["action"]?.string }.sorted() == [
                    "case.decide", "sanction.create",
                ])
            #expect(try await mod.items("/moderation/journal").isEmpty)
            let own = try #require(try await mod.items("/sanctions?user=me").first)
            #expect(own["reason"] == "Be fair" && own["issued_by"] == .null && own["note"] == .null && own["case_id"] == .null)
            #expect(try await owner.items("/sanctions?user=\(mod.alias)").first?["note"] == "Seen before")
        }
    }

    @Test(arguments: TestDatabase.all) func evidenceAndNotesGoSixMonthsAfterTheDecision(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let scene = try await Scene(site)
            _ = try await scene.report()
            let id = try await scene.theCase()["id"]?.string ?? ""
            _ = try await scene.mod.send("POST", "/cases/\(id)/notes", ["text": "Seen before"])
            _ = try await scene.mod.send("POST", "/cases/\(id)/decide", ["acts": [["kind": "dismiss"]]])
            for (days, left) in [(182, 1), (2, 0)] as [(Int64, Int)] {
                clock.advance(seconds: days * 86_400)
                try await site.composition.moderation.sweep()
                #expect(try await site.count("case_evidence") == left)
                #expect(try await site.count("case_notes") == left)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func theGravestComeFirst(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (mod, member) = (try await TestUser(site, .mod), try await TestUser(site))
            for category in ["other", "spam", "harassment", "threat"] {
                let person = try await TestUser(site)
                let body: JSON = ["target_type": "user", "target_id": .string(person.alias), "category": .string(category)]
                #expect(try await member.send("POST", "/reports", body).status == 201)
            }
            #expect(try await mod.items("/cases").map { $0["severity"]?.integer } == [4, 3, 2, 1])
            let page = try await mod.send("GET", "/cases?limit=2&count=true").json
            #expect(page["total"] == 4)
            let next = try #require(page["next"]?.string)
            #expect(try await mod.items("/cases?limit=2&cursor=\(next)").map { $0["severity"]?.integer } == [2, 1])
            clock.advance(seconds: 3601)
            let late = try await mod.signedInAgain()
            #expect(try await late.items("/cases?overdue=true").map { $0["category"] } == ["threat"])
            #expect(try await late.items("/cases?category=spam").count == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func mergedCasesAreDecidedTogether(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            _ = try await scene.report()
            let second = try await scene.mia.say("another nasty thing", in: scene.channel).text("id")
            let carol = try await TestUser(site)
            _ = try await carol.send("POST", "/messages/\(second)/report", ["category": "spam"])
            let ids = try await scene.mod.items("/cases").compactMap { $0["id"]?.string }
            try #require(ids.count == 2)
            #expect(try await scene.mod.send("POST", "/cases/\(ids[0])/merge", ["into": .string(ids[0])]).code == "cannot_merge")
            #expect(try await scene.mod.send("POST", "/cases/\(ids[1])/merge", ["into": .string(ids[0])]).json["state"] == "merged")
            #expect(try await scene.mod.send("DELETE", "/cases/\(ids[1])/merge").json["state"] == "open")
            _ = try await scene.mod.send("POST", "/cases/\(ids[1])/merge", ["into": .string(ids[0])])
            let head = try await scene.mod.send("GET", "/cases/\(ids[0])").json
            #expect(head["reports"]?.array?.count == 2 && head["merged"] == [.string(ids[1])])
            _ = try await scene.mod.send("POST", "/cases/\(ids[0])/decide", ["acts": [["kind": "warn", "reason": "x"]]])
            #expect(try await carol.notices("report.decided").count == 1)
            #expect(try await carol.items("/users/me/reports").map { $0["state"] } == ["decided"])
            #expect(try await scene.mod.send("DELETE", "/cases/\(ids[1])/merge").code == "cannot_split")
        }
    }

    @Test func aCaseCanBeDecidedWhenReporterAndAuthorAreDeleted() async throws {
        try await TestSite.with(.sqlite) { site in
            let scene = try await Scene(site)
            _ = try await scene.report()
            let id = try await scene.theCase()["id"]?.string ?? ""
            #expect(try await scene.owner.send("DELETE", "/users/\(scene.bob.alias)?hard=true").status == 204)
            #expect(try await scene.owner.send("DELETE", "/users/\(scene.mia.alias)?hard=true").status == 204)
            while try await site.database.write({ [feature = site.composition.conversations, id = scene.mia.id] in
                try feature.wipeMessages(of: id, in: $0)
            }) {}
            let found = try await scene.mod.send("GET", "/cases/\(id)")
            #expect(found.status == 200 && found.json["subject"] == .null && found.json["reports"]?.array?.first?["reporter"] == .null)
            let decided = try await scene.mod.send(
                "POST", "/cases/\(id)/decide", ["acts": [["kind": "hide"], ["kind": "ban", "reason": "x"]]])
            #expect(decided.json["acts"]?.array?.map { $0["outcome"] } == ["gone", "gone"])
        }
    }

    @Test func notesAndTheJournalAsAFile() async throws {
        try await TestSite.with(.sqlite) { site in
            let scene = try await Scene(site)
            _ = try await scene.report()
            let id = try await scene.theCase()["id"]?.string ?? ""
            let noted = try await scene.mod.send("POST", "/cases/\(id)/notes", ["text": "Seen before"])
            #expect(noted.json["notes"]?.array?.first?["text"] == "Seen before")
            _ = try await scene.mod.impose("warn", on: scene.mia)
            let file = try await scene.mod.send("GET", "/moderation/journal?format=csv")
            #expect(file.status == 200 && file.headers["Content-Type"]?.hasPrefix("text/csv") ?? false)
            #expect(try await scene.mia.send("GET", "/moderation/journal").status == 403)
        }
    }
}
