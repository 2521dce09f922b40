import Authorization
import Bus
import Database
import FeatureKit
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import History
@testable import Server

/// What people did, as they and others may read it.
@Suite struct HistoryTests {
    @Test(arguments: TestDatabase.all) func eventsOfTheSiteAreKeptOnce(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            try await alice.befriend(bob)
            try #require(try await alice.send("POST", "/users/me/status", ["status_message": "at work"]).status == 200)
            // Of the activity alone nothing is kept.
            try #require(try await alice.send("POST", "/users/me/status", ["activity_name": "chess"]).status == 200)
            try #require(try await alice.send("DELETE", "/friends/\(bob.alias)").status == 204)
            for _ in 0..<2 { await site.composition.consumers.consumeCommitted() }
            let all = try await alice.items("/users/me/history")
            #expect(
                all.map { $0["type"] } == ["friend.removed", "status.changed", "friend.added", "auth.login", "auth.login", "role.assigned"])
            #expect(all[0]["target"] == ["kind": "user", "id": JSON(bob.id), "name": .string(bob.person.name)])
            #expect(all[0]["detail"]?["username"]?.string == bob.person.name)
            #expect(all[1]["detail"]?["status_message"] == "at work")
            #expect(all[5]["target"]?["name"] == "member")
            #expect(try await bob.items("/users/me/history?type=friend").map { $0["type"] } == ["friend.removed", "friend.added"])
        }
    }

    @Test(arguments: TestDatabase.all) func aHistoryIsReadByPagesTypesAndTimes(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let history = site.composition.history.history
            let types = ["like.added", "favorite.added", "like.removed", "seen.added", "favorite.removed"]
            try await site.database.write { transaction in
                for number in 0..<60 {
                    // Several at one moment are told apart by their ids.
                    try history.record(
                        UserAction(
                            user: alice.id, type: types[number % 5], target: UserAction.Target(kind: "media", id: Int64(number)),
                            detail: ["number": JSON(number)]), at: Timestamp(milliseconds: 1_000_000 + Int64(number / 3) * 1000),
                        in: transaction)
                }
            }
            func numbers(_ query: String, limit: Int = 7) async throws -> [Int64] {
                var (numbers, cursor): ([Int64], String?) = ([], nil)
                repeat {
                    let page = try await alice.send(
                        "GET", "/users/me/history?limit=\(limit)\(query)" + (cursor.map { "&cursor=\($0)" } ?? ""))
                    try #require(page.status == 200, "\(page.json.text)")
                    numbers += page.json["items"]?.array?.compactMap { $0["detail"]?["number"]?.integer } ?? []
                    cursor = page.json["next"]?.string
                } while cursor != nil
                return numbers
            }
            let all = Array((0..<60).map(Int64.init).reversed())
            #expect(try await numbers("&type=like,favorite,seen") == all)
            #expect(try await numbers("&type=like") == all.filter { [0, 2].contains($0 % 5) })
            #expect(try await numbers("&type=like.added,seen") == all.filter { [0, 3].contains($0 % 5) })
            #expect(try await numbers("&type=like.added,like") == all.filter { [0, 2].contains($0 % 5) })
            #expect(try await numbers("&type=nothing") == [])
            let (from, to) = (Timestamp(milliseconds: 1_005_000).rfc3339, Timestamp(milliseconds: 1_010_000).rfc3339)
            #expect(try await numbers("&from=\(from)&to=\(to)") == all.filter { (15..<30).contains($0) })
            #expect(
                try await numbers("&type=like&from=\(from)&to=\(to)&count=true")
                    == all.filter { (15..<30).contains($0) && [0, 2].contains($0 % 5) })
            #expect(try await alice.send("GET", "/users/me/history?type=like&count=true").json["total"] == 24)
            for query in ["type=Likes!", "cursor=00", "format=xml", "page=2"] {
                #expect(try await alice.send("GET", "/users/me/history?\(query)").status == 422, "\(query)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aHistoryIsForThoseItIsShownTo(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let staff = try await site.signIn(try await site.add(.staff)).bearer
            try await alice.befriend(bob)
            let path = "/users/\(bob.alias)/history"
            for (setting, friend, stranger) in [("members", 200, 200), ("friends", 200, 403), ("nobody", 403, 403)] {
                try await bob.privacy(["history": .string(setting)])
                #expect(try await alice.send("GET", path).status == friend, "\(setting)")
                let answer = try await carol.send("GET", path)
                #expect(answer.status == stranger && (stranger == 200 || answer.code == "not_allowed"), "\(setting)")
                #expect(try await carol.send("GET", "\(path)?format=csv").status == stranger)
                #expect(try await site.send("GET", path, ["Authorization": "Bearer \(staff)"]).status == 200)
                #expect(try await bob.send("GET", "/users/me/history").status == 200)
            }
            try await bob.privacy(["history": "members", "profile": "nobody"])
            #expect(try await alice.send("GET", path).status == 404)
            try await bob.privacy(["profile": "members"])
            try await bob.block(carol)
            #expect(try await carol.send("GET", path).status == 403)
            #expect(try await site.send("GET", path).status == 401)
        }
    }

    /// Neither sign-ins, nor that somebody is or was invisible, nor friends who hide.
    @Test(arguments: TestDatabase.all) func whatIsPrivateIsForThePersonAlone(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let staff = try await site.signIn(try await site.add(.staff)).bearer
            try await bob.befriend(carol)
            for status in ["dnd", "invisible", "online", "idle"] {
                try #require(try await bob.send("POST", "/users/me/status", ["status": .string(status)]).status == 200)
            }
            await site.composition.consumers.consumeCommitted()
            func statuses(_ items: [JSON]) -> [String] { items.compactMap { $0["detail"]?["status"]?.string } }
            let path = "/users/\(bob.alias)/history"
            #expect(statuses(try await bob.items(path)) == ["idle", "online", "invisible", "dnd"])
            let shown = try await alice.items(path)
            #expect(statuses(shown) == ["idle", "dnd"])
            #expect(shown.map { $0["type"] } == ["status.changed", "status.changed", "friend.added", "role.assigned"])
            let managed = try await site.send("GET", path, ["Authorization": "Bearer \(staff)"]).json["items"]?.array ?? []
            #expect(statuses(managed) == ["idle", "dnd"] && !managed.contains { $0["type"] == "auth.login" })
            try await carol.privacy(["profile": "friends"])
            #expect(try await alice.items("\(path)?type=friend").isEmpty)
            #expect(try await bob.items("\(path)?type=friend").count == 1)
            #expect(try await bob.items("\(path)?type=session").count == 2)
            #expect(try await alice.items("\(path)?type=session").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func anErasedPersonIsInNoHistory(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            try await alice.befriend(bob)
            await site.composition.consumers.consumeCommitted()
            let features = site.composition.features
            let exported = try await site.database.read { try features.export(bob.id, in: $0) }
            #expect(exported["history"]?["actions"]?.array?.count == 4)
            let owner = try await site.signIn(try await site.add(.owner)).bearer
            let gone = try await site.send("DELETE", "/users/\(bob.id)?hard=true", ["Authorization": "Bearer \(owner)"])
            try #require(gone.status == 204, "\(gone.json.text)")
            // The end of the friendship is told behind it.
            await site.composition.consumers.consumeCommitted()
            #expect(try await alice.items("/users/me/history?type=friend").isEmpty)
            #expect(try await site.count("user_actions WHERE user_id = \(bob.id) OR target_id = \(bob.id)") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func whoReadsAHistoryFollowsIt(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let history = site.composition.history.history
            func act(_ type: String, isPrivate: Bool = false) async throws {
                try await site.database.write { transaction in
                    let target = UserAction.Target(kind: "media", id: 1)
                    try history.record(
                        UserAction(user: bob.id, type: type, target: target, isPrivate: isPrivate), at: Timestamp(milliseconds: 1),
                        in: transaction)
                }
            }
            let topic = "/gateway?topic=history:\(bob.id)"
            let position = try await alice.send("GET", topic).text("position")
            try await act("hidden.added", isPrivate: true)
            try await act("like.added")
            let events = try await alice.items("\(topic)&after=\(position)")
            #expect(events.map { $0["action"] } == ["like.added"] && events[0]["user_id"] == JSON(bob.id))
            try await bob.privacy(["history": "friends"])
            #expect(try await alice.send("GET", topic).status == 404)
            try await bob.privacy(["history": "members"])
            try await bob.block(alice)
            #expect(try await alice.send("GET", topic).status == 404)
        }
    }
}
