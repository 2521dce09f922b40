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

/// Lockdowns, raid mode and purges.
@Suite struct MeasureTests {
    private struct Scene {
        let (mod, mia, bob): (TestUser, TestUser, TestUser)
        let channels: [String]

        init(_ site: TestSite) async throws {
            let owner = try await TestUser(site, .owner)
            (mod, mia, bob) = (try await TestUser(site, .mod), try await TestUser(site), try await TestUser(site))
            var made: [String] = []
            for name in ["general", "films"] { made.append(try await owner.send("POST", "/channels", ["name": .string(name)]).text("id")) }
            channels = made
        }

        func contents(_ place: Int = 0) async throws -> [String] {
            try await bob.items("/conversations/\(channels[place])/messages").compactMap { $0["content"]?.string }
        }
    }

    @Test(arguments: TestDatabase.all) func aLockdownEndsByItself(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let scene = try await Scene(site)
            let (general, films) = (scene.channels[0], scene.channels[1])
            let before = try await scene.mia.say("before", in: general).text("id")
            let lock = try await scene.mod.send(
                "POST", "/moderation/lockdowns", ["channels": [.string(general)], "duration_s": 60, "reason": "Calm down"])
            #expect(lock.status == 201)
            let refused = try await scene.mia.say("now", in: general)
            #expect(refused.status == 403 && refused.code == "locked_down" && refused.json["until"] == lock.json["ends_at"])
            #expect(try await scene.mia.send("PATCH", "/messages/\(before)", ["content": "edited"]).code == "locked_down")
            #expect(try await scene.mod.say("I may", in: general).status == 201)
            #expect(try await scene.mia.say("elsewhere", in: films).status == 201)
            #expect(try await scene.mod.items("/moderation/lockdowns").count == 1)
            clock.advance(seconds: 60)
            #expect(try await scene.mia.say("after", in: general).status == 201)
            #expect(try await scene.mod.items("/moderation/lockdowns").isEmpty)
            // All channels, taken back at once; private conversations stay open.
            let all = try await scene.mod.send("POST", "/moderation/lockdowns", ["duration_s": 3600]).text("id")
            #expect(try await scene.mia.say("now", in: films).code == "locked_down")
            let chat = try await scene.mia.direct(with: scene.bob)
            #expect(try await scene.mia.say("hello", in: chat).status == 201)
            for _ in 0..<2 { #expect(try await scene.mod.send("DELETE", "/moderation/lockdowns/\(all)").status == 204) }
            #expect(try await scene.mia.say("again", in: films).status == 201)
        }
    }

    /// Fifty new accounts, one text.
    @Test(arguments: TestDatabase.all) func theSameTextOfNewAccountsIsARaid(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            let rule: JSON = [
                "enabled": true, "accounts": 3, "accounts_within_s": 60, "slow_mode_s": 600, "door": "approval", "duration_s": 600,
            ]
            #expect(try await scene.mod.send("PUT", "/moderation/raid", rule).status == 200)
            var raiders: [TestUser] = []
            for index in 0..<4 {
                let raider = try await TestUser(site)
                #expect(
                    try await raider.say(index % 2 == 0 ? "Join my server" : "JOIN my server!!", in: scene.channels[index % 2]).status
                        == 201)
                raiders.append(raider)
            }
            // The third began it, so that its message and those after it are held.
            let state = try await scene.mod.send("GET", "/moderation/raid").json
            #expect(state["active"]?["started_by"] == .null && state["active"]?["id"] != nil)
            #expect(try await scene.contents(0) == ["", "Join my server"])
            #expect(try await scene.contents(1) == ["", "JOIN my server!!"])
            #expect(try await raiders[0].say("more", in: scene.channels[0]).code == "slow_mode")
            #expect(try await scene.mod.items("/cases?state=open").count == 2)
            #expect(try await scene.mod.items("/moderation/journal?action=raid.start").count == 1)
            // All of it is taken back in one act.
            let ended = try await scene.mod.send("DELETE", "/moderation/raid?restore=true")
            #expect(ended.status == 200 && ended.json["active"] == .null)
            #expect(try await scene.contents(0) == ["Join my server", "Join my server"])
            #expect(try await scene.mod.items("/cases?state=open").isEmpty)
            #expect(try await raiders[0].say("more", in: scene.channels[0]).status == 201)
        }
    }

    /// The slow mode of the raid must not refuse the message that begins it, which would roll back the beginning.
    @Test(arguments: TestDatabase.all) func aRaidBeginsThoughItsAuthorsWroteBefore(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let scene = try await Scene(site)
            let rule: JSON = ["enabled": true, "accounts": 2, "accounts_within_s": 60, "slow_mode_s": 600]
            #expect(try await scene.mod.send("PUT", "/moderation/raid", rule).status == 200)
            #expect(try await scene.mia.say("Hello", in: scene.channels[0]).status == 201)
            #expect(try await scene.bob.say("Good morning", in: scene.channels[0]).status == 201)
            for raider in [scene.mia, scene.bob] {
                #expect(try await raider.say("Join my server", in: scene.channels[0]).status == 201)
            }
            #expect(try await scene.mod.send("GET", "/moderation/raid").json["active"] != .null)
            #expect(try await scene.mia.say("more", in: scene.channels[0]).code == "slow_mode")
        }
    }

    @Test(arguments: TestDatabase.all) func raidModeEndsByItself(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let scene = try await Scene(site)
            let rule: JSON = ["enabled": false, "holds": false, "slow_mode_s": 30, "age_s": 2_678_400]
            _ = try await scene.mod.send("PUT", "/moderation/raid", rule)
            for _ in 0..<2 { #expect(try await scene.mod.send("POST", "/moderation/raid", ["duration_s": 60]).status == 200) }
            #expect(try await scene.mia.say("one", in: scene.channels[0]).status == 201)
            #expect(try await scene.mia.say("two", in: scene.channels[0]).code == "slow_mode")
            clock.advance(seconds: 60)
            for text in ["three", "four"] { #expect(try await scene.mia.say(text, in: scene.channels[0]).status == 201) }
            // Another can begin after it, though no service ended the first.
            _ = try await scene.mod.send("POST", "/moderation/raid", ["duration_s": 60])
            #expect(try await scene.mod.send("GET", "/moderation/raid").json["active"] != .null)
        }
    }

    @Test(arguments: TestDatabase.all) func aPurgeIsUndoneExactly(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let scene = try await Scene(site)
            _ = try await scene.mia.say("old", in: scene.channels[0])
            clock.advance(seconds: 300)
            let start = clock.wall.now()
            _ = try await scene.mia.say("one", in: scene.channels[0])
            let gone = try await scene.mia.say("deleted", in: scene.channels[0]).text("id")
            _ = try await scene.bob.say("of another", in: scene.channels[0])
            _ = try await scene.mia.say("two", in: scene.channels[1])
            _ = try await scene.mia.send("DELETE", "/messages/\(gone)")
            clock.advance(seconds: 1)
            let purge = try await scene.mod.send("POST", "/moderation/purges", ["user_id": .string(scene.mia.alias), "from": JSON(start)])
            #expect(purge.status == 201 && purge.json["count"] == 2 && purge.json["more"] == false)
            #expect(try await scene.contents(0) == ["of another", "", "", "old"])
            #expect(try await scene.contents(1) == [""])
            // Members of the team do not read who hid their own messages.
            let owner = try await TestUser(site, .owner)
            #expect(try await scene.mod.say("mine", in: scene.channels[1]).status == 201)
            clock.advance(seconds: 1)
            let ofMod = try await owner.send("POST", "/moderation/purges", ["user_id": .string(scene.mod.alias), "from": JSON(start)])
            #expect(ofMod.status == 201)
            #expect(try await scene.mod.items("/moderation/purges").map { $0["id"] } == [purge.json["id"]])
            #expect(try await owner.items("/moderation/purges").count == 2)
            for _ in 0..<2 { #expect(try await scene.mod.send("DELETE", "/moderation/purges/\(try purge.text("id"))").status == 200) }
            #expect(try await scene.contents(0) == ["of another", "", "one", "old"])
            #expect(try await scene.contents(1) == ["", "two"])
            let own = try await scene.mod.send("POST", "/moderation/purges", ["user_id": .string(scene.mod.alias), "from": JSON(start)])
            #expect(own.code == "not_yourself")
        }
    }
}
