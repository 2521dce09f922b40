import Authorization
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Friends
@testable import Server

/// What each person shows and lets others do.
@Suite struct PrivacyTests {
    @Test(arguments: TestDatabase.all) func theSettingsAreReadAndChanged(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            let first = try await alice.send("GET", "/users/me/privacy")
            #expect(first.json["profile"] == "members" && first.json["write"] == "everyone" && first.json["receipts"] == true)
            let changed = try await alice.send("PATCH", "/users/me/privacy", ["write": "friends", "receipts": false])
            #expect(changed.json["write"] == "friends" && changed.json["receipts"] == false && changed.json["version"] == 1)
            #expect(try await alice.socialEvents().last?.members["privacy"] == changed.json)
            #expect(try await alice.send("GET", "/users/me/privacy").json == changed.json)
            let headers: HTTPHeaders = ["Authorization": "Bearer \(alice.token)", "If-Match": "\"0\""]
            let stale = try await site.send("PATCH", "/users/me/privacy", headers, body: (["call": "nobody"] as JSON).bytes)
            #expect(stale.status == 412)
            for body: JSON in [["write": "anyone"], ["more": 1], ["receipts": "yes"]] {
                #expect(try await alice.send("PATCH", "/users/me/privacy", body).status == 422, "\(body.text)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func whoMayAskIsChosen(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            try await bob.privacy(["befriend": "nobody"])
            let refused = try await alice.ask(bob)
            #expect(refused.status == 403 && refused.code == "not_allowed")
            // A block and the switch refuse alike.
            try await bob.block(alice)
            #expect(try await alice.ask(bob).json["detail"] == refused.json["detail"])
            try await bob.unblock(alice)
            try await bob.privacy(["befriend": "friends_of_friends"])
            #expect(try await alice.ask(bob).code == "not_allowed")
            try await carol.befriend(alice)
            try await bob.privacy(["befriend": "everyone"])
            try await carol.befriend(bob)
            try await bob.privacy(["befriend": "friends_of_friends"])
            #expect(try await alice.ask(bob).status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func theProfileIsForThoseItIsShownTo(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let staff = try await site.signIn(try await site.add(.staff)).bearer
            try await alice.befriend(bob)
            for (setting, friend, stranger) in [
                ("everyone", true, true), ("members", true, true), ("friends", true, false), ("nobody", false, false),
            ] {
                try await bob.privacy(["profile": .string(setting)])
                for (reader, isShown) in [(alice, friend), (carol, stranger)] {
                    for path in ["/users/\(bob.id)", "/users/\(bob.alias)", "/users/\(bob.id)/friends"] {
                        #expect(try await reader.send("GET", path).status == (isShown ? 200 : 404), "\(setting): \(path)")
                    }
                    let listed = try await reader.send("GET", "/users?ids=\(bob.id),\(reader.id)")
                    #expect(listed.status == 200)
                    #expect(listed.json["items"]?.array?.count == (isShown ? 2 : 1), "\(setting)")
                }
                #expect(try await bob.send("GET", "/users/me").json["email"]?.string == "\(bob.person.name)@site.test")
                #expect(try await site.send("GET", "/users/\(bob.id)", ["Authorization": "Bearer \(staff)"]).json["tags"] != nil)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aPublicProfileTellsNothingOfTheAccount(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let profile = try await alice.send("GET", "/users/\(bob.alias)").json
            #expect(profile["id"]?.string == bob.id.uuid && profile["role_details"]?.array?.isEmpty == false)
            for name in ["email", "tags", "is_banned", "permissions_summary", "chosen_status", "is_disabled"] {
                #expect(profile[name] == nil, "\(name)")
            }
            let mixed = "/users?ids=\(bob.id)&search=\(bob.person.name)"
            #expect(try await alice.send("GET", mixed).json["permission"] == "users.read")
            #expect(try await alice.send("GET", "/users").status == 403)
        }
    }

    @Test(arguments: TestDatabase.all) func friendsOfOthersAreThoseWhoShowThemselves(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol, dave) = (
                try await TestUser(site), try await TestUser(site), try await TestUser(site), try await TestUser(site)
            )
            for friend in [carol, dave] { try await bob.befriend(friend) }
            try await dave.privacy(["profile": "friends"])
            let common = try await site.database.read { try Friendships().common(carol.id, dave.id, limit: 5, in: $0) }
            #expect(common == [bob.id])
            #expect(try await alice.items("/users/\(bob.id)/friends").map { $0["user"]?["id"]?.string } == [carol.id.uuid])
            #expect(try await bob.items("/users/me/friends").count == 2)
            try await bob.block(alice)
            #expect(try await alice.send("GET", "/users/\(bob.id)/friends").status == 200)
        }
    }

    /// st#48: who may write, whatever is between them.
    @Test(arguments: TestDatabase.all) func whoMayWriteIsChosen(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (bob, friend, mate, stranger) = (
                try await TestUser(site), try await TestUser(site), try await TestUser(site), try await TestUser(site)
            )
            try await bob.befriend(friend)
            let friendships = Friendships()
            friendships.onChannelMates { [mate] one, other, _ in one == mate.id || other == mate.id }
            for (setting, allowed) in [
                ("everyone", [true, true, true]), ("channel_mates", [true, true, false]), ("friends", [true, false, false]),
                ("nobody", [false, false, false]),
            ] {
                try await bob.privacy(["write": .string(setting), "call": .string(setting)])
                for (writer, mayWrite) in zip([friend, mate, stranger], allowed) {
                    let said = try await site.database.read { transaction in
                        [
                            try friendships.mayWrite(from: writer.id, to: bob.id, in: transaction),
                            try friendships.mayCall(from: writer.id, to: bob.id, in: transaction),
                        ]
                    }
                    #expect(said == [mayWrite, mayWrite], "\(setting)")
                }
            }
            try await bob.privacy(["write": "everyone"])
            try await bob.block(stranger)
            let (mine, theirs) = try await site.database.read { transaction in
                (
                    try friendships.mayWrite(from: bob.id, to: stranger.id, in: transaction),
                    try friendships.mayWrite(from: stranger.id, to: bob.id, in: transaction)
                )
            }
            #expect(!mine && !theirs)
        }
    }
}
