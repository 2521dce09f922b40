import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Accounts
@testable import Server

/// What sanctions do, to whom, and until when.
@Suite struct SanctionTests {
    @Test(arguments: TestDatabase.all) func aWarningIsToldAndAcknowledged(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (mod, mia) = (try await TestUser(site, .mod), try await TestUser(site))
            let made = try await mod.impose("warn", on: mia, reason: "Be kind")
            #expect(made.status == 201 && made.json["user_id"] == JSON(mia.id) && made.json["expires_at"] == .null)
            #expect(made.json["issued_by"]?["id"] == JSON(mod.id) && made.json["source"] == "person" && made.json["active"] == true)
            let own = try await mia.ownSanctions()
            #expect(
                own.count == 1 && own[0]["reason"] == "Be kind" && own[0]["issued_by"] == nil && own[0]["note"] == nil
                    && own[0]["evidence"] == nil)
            #expect(try await mia.notices("sanction.") == ["The team gave you a warning"])
            let events = try await mia.sanctionEvents()
            #expect(events.map(\.type) == ["sanction.created"] && events[0].members["sanction"]?["reason"] == "Be kind")
            #expect(try await site.events(on: "moderation").map(\.type) == ["sanction.created"])
            let id = try made.text("id")
            #expect(try await mod.send("POST", "/sanctions/\(id)/acknowledge").status == 404)
            let read = try await mia.send("POST", "/sanctions/\(id)/acknowledge")
            #expect(read.status == 200 && read.json["acknowledged_at"]?.string != nil)
            #expect(try await mia.send("POST", "/sanctions/\(id)/acknowledge").json["acknowledged_at"] == read.json["acknowledged_at"])
            #expect(try await site.audited(mia.id).contains("sanction.create"))
        }
    }

    @Test(arguments: TestDatabase.all) func aKickEndsSessionsAndMemberships(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (mod, mia, bob) = (try await TestUser(site, .mod), try await TestUser(site), try await TestUser(site))
            let owner = try await TestUser(site, .owner)
            let group = try await bob.send("POST", "/conversations", ["members": [.string(mia.alias)], "name": "Films"]).text("id")
            let direct = try await mia.direct(with: bob)
            let channel = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            _ = try await owner.say("hello", in: channel)
            _ = try await mia.send("PUT", "/conversations/\(channel)/read", ["seq": 1])
            #expect(try await mod.impose("kick", on: mia, seconds: 5).status == 422)
            let kicked = try await mod.impose("kick", on: mia)
            #expect(kicked.status == 201 && kicked.json["active"] == false)
            #expect(try await mia.send("GET", "/users/me").status == 401)
            let back = try await mia.signedInAgain()
            #expect(try await back.send("GET", "/conversations/\(group)").status == 404)
            #expect(try await back.send("GET", "/conversations/\(direct)").status == 200)
            #expect(try await back.send("GET", "/conversations/\(channel)").json["unread"] == .null)
            // Roles stay.
            #expect(try await back.say("hello", in: channel).status == 201)
            #expect(try await mod.lift(kicked.text("id")).code == "kick_is_over")
        }
    }

    @Test(arguments: TestDatabase.all) func aBanIsOneSanctionWhicheverWayItIsMade(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (mod, mia) = (try await TestUser(site, .mod), try await TestUser(site))
            #expect(try await mod.send("POST", "/users/\(mia.alias)/ban", ["reason": "Spam", "duration_s": 600]).status == 200)
            let first = try await mod.items("/sanctions?user=\(mia.alias)")
            #expect(first.count == 1 && first[0]["kind"] == "ban" && first[0]["active"] == true)
            let second = try await mod.impose("ban", on: mia, reason: "Worse")
            #expect(second.status == 201 && second.json["expires_at"] == .null)
            let all = try await mod.items("/sanctions?user=\(mia.alias)&kind=ban")
            #expect(all.map { $0["end_reason"] } == [.null, "replaced"])
            let refused = try await site.post(
                "/auth/login", ["username": .string(mia.person.name), "password": .string(TestSite.password)])
            #expect(refused.status == 423 && refused.json["reason"] == "Worse" && refused.json["banned_until"] == .null)
            #expect(try await mod.send("DELETE", "/users/\(mia.alias)/ban").status == 200)
            #expect(try await mod.items("/sanctions?user=\(mia.alias)&active=true").isEmpty)
            #expect(try await mod.items("/sanctions?user=\(mia.alias)").map { $0["end_reason"] } == ["lifted", "replaced"])
            let third = try await mod.impose("ban", on: mia)
            let lifted = try await mod.lift(third.text("id"))
            #expect(lifted.status == 200 && lifted.json["end_reason"] == "lifted" && lifted.json["end_note"] == "A mistake")
            #expect(try await mod.lift(third.text("id")).json["version"] == lifted.json["version"])
            _ = try await mia.signedInAgain()
        }
    }

    /// An old ban for a time never lifts a newer one, and no end is missed or told twice over a stop.
    @Test(arguments: TestDatabase.all) func endsAreExactOverAStop(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let owner = try await TestUser(site, .owner)
            let (mia, bob, kim) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let chat = try await bob.direct(with: kim)
            // Lifted and banned for good: the first one's end changes nothing.
            let old = try await owner.impose("ban", on: mia, seconds: 2)
            #expect(try await owner.lift(old.text("id")).status == 200)
            _ = try await owner.impose("ban", on: mia)
            // For a time, and replaced by one for good.
            _ = try await owner.impose("ban", on: kim, seconds: 2)
            _ = try await owner.impose("ban", on: kim)
            let muted = try await owner.impose("mute", on: bob, seconds: 60)
            let until = try muted.text("expires_at")
            clock.advance(seconds: 59, milliseconds: 999)
            let refused = try await bob.say("now?", in: chat)
            #expect(refused.status == 403 && refused.code == "muted" && refused.json["until"]?.string == until)
            // The service stands still meanwhile: rights follow the clock alone.
            clock.advance(milliseconds: 1)
            let owner2 = try await owner.signedInAgain()
            let bob2 = try await bob.signedInAgain()
            #expect(try await bob2.say("now!", in: chat).status == 201)
            let offset = try await site.offset
            try await site.accounts.endExpiredSanctions()
            try await site.accounts.endExpiredSanctions()
            let told = try await bob2.sanctionEvents(after: offset)
            #expect(told.map(\.type) == ["sanction.ended"] && told[0].members["sanction"]?["end_reason"] == "expired")
            #expect(try await bob2.notices("sanction.ended").count == 1)
            for person in [mia, kim] {
                #expect(try await owner2.items("/sanctions?user=\(person.alias)&active=true").count == 1)
                let login = try await site.post(
                    "/auth/login", ["username": .string(person.person.name), "password": .string(TestSite.password)])
                #expect(login.status == 423)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aNewMuteReplacesTheOldOne(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (owner, mia) = (try await TestUser(site, .owner), try await TestUser(site))
            _ = try await owner.impose("mute", on: mia, seconds: 10)
            clock.advance(seconds: 10)
            // The row of the first is still open when the second comes: it ends as what it is.
            _ = try await owner.impose("mute", on: mia, seconds: 10)
            _ = try await owner.impose("mute", on: mia, seconds: 20)
            #expect(try await owner.items("/sanctions?user=\(mia.alias)").map { $0["end_reason"] } == [.null, "replaced", "expired"])
            clock.advance(seconds: 19)
            try await site.accounts.endExpiredSanctions()
            #expect(try await owner.items("/sanctions?active=true").count == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func fiftyMutesAtOnceLeaveOne(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, mia) = (try await TestUser(site, .owner), try await TestUser(site))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await owner.impose("mute", on: mia, seconds: 600).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 201 })
            #expect(try await owner.items("/sanctions?active=true").count == 1)
            #expect(try await owner.send("GET", "/sanctions?count=true&limit=1").json["total"] == 50)
        }
    }

    @Test func erasingAPersonTakesTheirSanctions() async throws {
        try await TestSite.with(.sqlite) { site in
            let (owner, mia) = (try await TestUser(site, .owner), try await TestUser(site))
            var made = try await owner.impose("warn", on: mia)
            for _ in 0..<2 { made = try await owner.impose("warn", on: mia) }
            #expect(try await site.count("escalation_uses") == 3)
            #expect(try await owner.send("DELETE", "/users/\(mia.alias)?hard=true").status == 204)
            #expect(try await owner.send("GET", "/sanctions/\(made.text("id"))").status == 404)
            #expect(try await site.count("sanctions") == 0)
            #expect(try await site.count("escalation_uses") == 0)
        }
    }
}
