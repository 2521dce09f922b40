import Database
import FeatureKit
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// From a request to a friendship, and what ends either.
@Suite struct FriendRequestTests {
    @Test(arguments: TestDatabase.all) func aRequestIsHeardOfAndAccepted(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site, named: "alice"), try await TestUser(site, named: "bob"))
            let start = try await site.offset
            let asked = try await alice.ask(bob, note: "From the film club")
            #expect(asked.status == 201 && asked.json["state"] == "pending" && asked.json["note"] == "From the film club")
            #expect(asked.json["from"]?["username"] == "alice" && asked.json["to"]?["id"]?.string == bob.id.uuid)
            let id = try asked.text("id")
            #expect(try await bob.socialEvents(after: start).map(\.type) == ["friend.requested"])
            #expect(try await bob.socialEvents().last?.members["request"]?["note"] == "From the film club")
            #expect(try await alice.socialEvents(after: start).map(\.type) == ["friend.request_updated"])
            let again = try await alice.ask(bob)
            #expect(again.status == 200 && again.json["id"]?.string == id)
            #expect(try await bob.requests("in").map { $0["id"]?.string } == [id])
            #expect(try await alice.requests("out").map { $0["id"]?.string } == [id])
            #expect(try await bob.requests("out").isEmpty)
            #expect(try await alice.requests("in").isEmpty)
            let accepted = try await bob.answer(id, "accept")
            #expect(accepted.status == 200 && accepted.json["state"] == "accepted" && accepted.json["note"]?.isNull == true)
            #expect(try await bob.answer(id, "accept").status == 200)
            #expect(try await alice.friends == [bob.id.uuid])
            #expect(try await bob.friends == [alice.id.uuid])
            #expect(try await alice.items("/friends").first?["user"]?["status"] == "offline")
            #expect(try await alice.requests("out").isEmpty)
            #expect(try await bob.requests("in").isEmpty)
            #expect(try await alice.socialEvents().last?.type == "friend.accepted")
            #expect(try await alice.socialEvents().last?.members["user"]?["username"] == "bob")
            #expect(try await bob.socialEvents().last?.members["user"]?["username"] == "alice")
            for (one, other) in [(alice, bob), (bob, alice)] {
                let refused = try await one.ask(other)
                #expect(refused.status == 409 && refused.code == "already_friends")
            }
            #expect(try await bob.answer(id, "refuse").code == "request_closed")
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsWrittenLiesSealed(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            _ = try await alice.ask(bob, note: "a secret word")
            let rows = try await site.database.read { transaction in
                try transaction.rows("SELECT note_cipher FROM friend_requests").map { String(describing: $0.blob(0)) }
                    + transaction.rows("SELECT members FROM outbox").map { $0.text(0) }
            }
            #expect(rows.allSatisfy { !$0.contains("secret") && !$0.contains("115, 101, 99, 114, 101, 116") })
        }
    }

    /// st#443, sw PR#623
    @Test(arguments: TestDatabase.all) func cancellingLeavesNothing(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.ask(bob, note: "hello").text("id")
            #expect(try await bob.answer(id, "cancel").code == "not_yours")
            #expect(try await alice.answer(id, "accept").code == "not_yours")
            let start = try await site.offset
            #expect(try await alice.answer(id, "cancel").json["state"] == "cancelled")
            #expect(try await alice.requests("out").isEmpty)
            #expect(try await bob.requests("in").isEmpty)
            #expect(try await site.count("friend_requests WHERE note_cipher IS NOT NULL") == 0)
            for one in [alice, bob] {
                let events = try await one.socialEvents(after: start)
                #expect(events.map(\.type) == ["friend.request_updated"] && events[0].members["request"]?["state"] == "cancelled")
            }
            #expect(try await bob.answer(id, "accept").code == "request_closed")
            #expect(try await alice.ask(bob).status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func whoIsIgnoredDoesNotLearnIt(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.ask(bob).text("id")
            let start = try await site.offset
            #expect(try await bob.answer(id, "ignore").json["state"] == "ignored")
            #expect(try await bob.requests("in").isEmpty)
            let seen = try await alice.requests("out")
            #expect(seen.first?["state"] == "pending" && seen.first?["decided_at"]?.isNull == true)
            #expect(try await alice.ask(bob).json["state"] == "pending")
            #expect(try await alice.socialEvents(after: start).isEmpty)
            // It can still be accepted.
            #expect(try await bob.ask(alice).json["state"] == "accepted")
            #expect(try await alice.friends == [bob.id.uuid])
        }
    }

    /// online-go/online-go.com#1000
    @Test(arguments: TestDatabase.all) func threeRefusalsAreFinal(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            for _ in 0..<3 {
                let id = try await alice.ask(bob).text("id")
                #expect(try await bob.answer(id, "refuse").status == 200)
            }
            let start = try await site.offset
            let fourth = try await alice.ask(bob)
            #expect(fourth.status == 201 && fourth.json["state"] == "pending")
            #expect(try await alice.requests("out").count == 1)
            #expect(try await bob.requests("in").isEmpty)
            #expect(try await bob.socialEvents(after: start).isEmpty)
            #expect(try await bob.answer(try fourth.text("id"), "accept").status == 404)
            #expect(try await site.composition.features.snapshot(for: Scope(userID: bob.id))["friends"]?["requests"] == 0)
            // Who changes their mind asks, and is answered.
            #expect(try await bob.ask(alice).json["state"] == "accepted")
        }
    }

    /// sw#795
    @Test(arguments: TestDatabase.all) func whoAskEachOtherAreFriends(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            try #require(try await alice.ask(bob).status == 201)
            let answer = try await bob.ask(alice)
            #expect(answer.status == 200 && answer.json["state"] == "accepted")
            #expect(try await site.count("friends") == 1)
            #expect(try await site.count("friend_requests WHERE state IN ('pending', 'ignored')") == 0)
        }
    }

    /// Both at the same moment, again and again: one friendship each time.
    @Test(arguments: TestDatabase.all) func requestsThatCrossMakeOneFriendship(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            for _ in 0..<200 {
                async let first = alice.ask(bob)
                async let second = bob.ask(alice)
                let answers = [try await first, try await second]
                #expect(answers.map(\.status).sorted() == [200, 201])
                #expect(answers.contains { $0.json["state"] == "accepted" })
                #expect(try await site.count("friends") == 1)
                #expect(try await site.count("friend_requests WHERE state IN ('pending', 'ignored')") == 0)
                #expect(try await alice.send("DELETE", "/friends/\(bob.alias)").status == 204)
            }
            #expect(try await alice.friends.isEmpty)
            #expect(try await bob.friends.isEmpty)
        }
    }

    /// Twenty pairs at once.
    @Test(arguments: TestDatabase.all) func crowdsThatCrossMakeOneFriendshipEach(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            var people: [TestUser] = []
            for _ in 0..<8 { people.append(try await TestUser(site)) }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for one in people {
                    for other in people where other.id != one.id { group.addTask { try await one.ask(other).status } }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 201 })
            #expect(try await site.count("friends") == 28)
            for one in people { #expect(try await one.friends.count == 7) }
        }
    }

    @Test(arguments: TestDatabase.all) func inputIsChecked(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            for body: JSON in [[:], ["to": 1], ["to": "u_x", "note": 1], ["to": "u_x", "more": 1], ["to": .string(alice.alias)]] {
                #expect(try await alice.send("POST", "/friend-requests", body).status == 422, "\(body.text)")
            }
            let itself = try await alice.send("POST", "/friend-requests", ["to": "me"])
            #expect(itself.json["errors"]?[0]?["code"] == "self")
            let long: JSON = ["to": .string(alice.alias), "note": .string(String(repeating: "x", count: 301))]
            #expect(try await alice.send("POST", "/friend-requests", long).status == 422)
            #expect(try await alice.send("POST", "/friend-requests", ["to": "u_nobody"]).status == 404)
            #expect(try await alice.send("POST", "/friend-requests/nothing/accept").status == 404)
            #expect(try await alice.send("DELETE", "/friends/u_nobody").status == 404)
            #expect(try await alice.send("GET", "/friend-requests?direction=up").status == 422)
            #expect(try await alice.send("PUT", "/blocks/me").status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func friendsOfFriendsAreSuggested(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let me = try await TestUser(site)
            var others: [TestUser] = []
            for _ in 0..<7 { others.append(try await TestUser(site)) }
            let (one, two, both, single, hidden, shy, asked) =
                (others[0], others[1], others[2], others[3], others[4], others[5], others[6])
            func suggested(_ query: String = "") async throws -> [String] {
                try await me.items("/friends/suggestions\(query)").map {
                    "\($0["user"]?["username"]?.string ?? "") \($0["common_count"]?.integer ?? 0)"
                }
            }
            #expect(try await suggested().isEmpty)
            for friend in [one, two] { try await me.befriend(friend) }
            for friend in [both, hidden, shy, asked] { try await one.befriend(friend) }
            for friend in [both, single] { try await two.befriend(friend) }
            try await hidden.privacy(["profile": "friends"])
            try await shy.privacy(["befriend": "nobody"])
            #expect(try await me.ask(asked).status == 201)
            #expect(try await suggested() == ["\(both.person.name) 2", "\(single.person.name) 1"])
            #expect(try await suggested("?limit=1") == ["\(both.person.name) 2"])
            let first = try await me.items("/friends/suggestions").first
            #expect(Set((first?["common"]?.array ?? []).compactMap { $0["id"]?.string }) == [one.id.uuid, two.id.uuid])
            // Who blocks, or is blocked, is nobody to become friends with; who hides is not named as a friend in common.
            try await single.block(me)
            #expect(try await suggested() == ["\(both.person.name) 2"])
            try await two.privacy(["profile": "nobody"])
            #expect(try await suggested() == ["\(both.person.name) 1"])
            try await me.befriend(both)
            #expect(try await suggested().isEmpty)
        }
    }

}
