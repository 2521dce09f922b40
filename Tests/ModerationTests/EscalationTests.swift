import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// The sanctions that rules add, exactly once.
@Suite struct EscalationTests {
    private static let day: Int64 = 86_400

    private func mutes(_ owner: TestUser, _ person: TestUser) async throws -> [JSON] {
        try await owner.items("/sanctions?user=\(person.alias)&kind=mute")
    }

    @Test(arguments: TestDatabase.all) func threeWithinThirtyDaysMuteForADay(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            var owner = try await TestUser(site, .owner)
            let mia = try await TestUser(site)
            // Days 0, 29, 31 and 32: the third within thirty days is that of day 32.
            var escalated: [Bool] = []
            for pause in [0, 29, 2, 1] as [Int64] {
                clock.advance(seconds: pause * Self.day)
                owner = try await owner.signedInAgain()
                let preview = try await owner.send("GET", "/sanctions/preview?user=\(mia.alias)&kind=warn").json["escalation"]
                let made = try await owner.impose("warn", on: mia)
                let hasFired = made.json["escalation"] != .null
                #expect(hasFired == (preview?["fires"] == true))
                escalated.append(hasFired)
            }
            #expect(escalated == [false, false, false, true])
            let mute = try await mutes(owner, mia)
            #expect(mute.count == 1 && mute[0]["source"] == "escalation" && mute[0]["issued_by"] == .null && mute[0]["active"] == true)
            #expect(mute[0]["rule_id"]?.string != nil)
            // Each warning counts once: the next two cause nothing.
            for _ in 0..<2 { #expect(try await owner.impose("warn", on: mia).json["escalation"] == .null) }
            #expect(try await owner.impose("warn", on: mia).json["escalation"]?["kind"] == "mute")
        }
    }

    @Test(arguments: TestDatabase.all) func exactUnderRaces(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, mia) = (try await TestUser(site, .owner), try await TestUser(site))
            let brought = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<30 { group.addTask { try await owner.impose("warn", on: mia).json["escalation"] == .null ? 0 : 1 } }
                return try await group.reduce(0, +)
            }
            #expect(brought == 10)
            #expect(try await mutes(owner, mia).count == 10)
            #expect(try await owner.items("/sanctions?user=\(mia.alias)&kind=mute&active=true").count == 1)
            #expect(try await site.count("escalation_uses") == 30)
        }
    }

    @Test(arguments: TestDatabase.all) func liftingAWarningEndsTheMuteThatItCaused(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, mia, bob) = (try await TestUser(site, .owner), try await TestUser(site), try await TestUser(site))
            let chat = try await mia.direct(with: bob)
            var warnings: [String] = []
            for _ in 0..<3 { warnings.append(try await owner.impose("warn", on: mia).text("id")) }
            #expect(try await mia.say("x", in: chat).code == "muted")
            #expect(try await owner.lift(warnings[0]).status == 200)
            #expect(try await mia.say("x", in: chat).status == 201)
            #expect(try await mutes(owner, mia).map { $0["end_reason"] } == ["lifted"])
            // Two warnings still count: one more causes a mute again.
            #expect(try await owner.impose("warn", on: mia).json["escalation"]?["kind"] == "mute")
        }
    }

    @Test(arguments: TestDatabase.all) func rulesActWithTheRightsOfTheirAuthor(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, admin, mia) = (try await TestUser(site, .owner), try await TestUser(site, .admin), try await TestUser(site))
            let rules: JSON = [
                "items": [["kind": "warn", "count": 2, "within_s": 3600, "result_kind": "ban", "duration_s": 3600]]
            ]
            #expect(try await mia.send("PUT", "/moderation/escalations", rules).status == 403)
            #expect(try await admin.send("PUT", "/moderation/escalations", rules).status == 200)
            #expect(try await owner.send("DELETE", "/users/\(admin.alias)/roles/role_admin").status == 200)
            for _ in 0..<2 { #expect(try await owner.impose("warn", on: mia).json["escalation"] == .null) }
            #expect(try await owner.send("POST", "/users/\(admin.alias)/roles", ["role_id": "role_admin"]).status == 200)
            #expect(try await owner.impose("warn", on: mia).json["escalation"]?["kind"] == "ban")
            #expect(try await mia.send("GET", "/users/me").status == 401)
            let none: JSON = ["items": []]
            #expect(try await owner.send("PUT", "/moderation/escalations", none).json["items"] == [])
        }
    }
}
