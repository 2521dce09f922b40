import Authorization
import Database
import FeatureKit
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Profiles
@testable import Server

/// The page of a person, and what one notes about them.
@Suite struct ProfileTests {
    @Test(arguments: TestDatabase.all) func aProfileIsOneAnswer(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            try await carol.befriend(alice)
            try await carol.befriend(bob)
            try #require(try await bob.send("PATCH", "/users/me", ["bio": "I like films.", "banner_hue": 212]).status == 200)
            #expect(try await bob.send("GET", "/users/me").json["banner_hue"] == 212)
            site.composition.profiles.onFigures { _, _ in [("likes", 3)] }
            let profile = try await alice.send("GET", "/users/\(bob.alias)/profile").json
            #expect(profile["user"]?["username"]?.string == bob.person.name && profile["bio"] == "I like films.")
            #expect(profile["banner"]?["hue"] == 212 && profile["friend_state"] == "none")
            #expect(profile["roles"]?[0]?["name"] == "member")
            #expect(profile["friends_in_common"]?.array?.compactMap { $0["id"]?.string } == [carol.id.uuid])
            #expect(profile["counts"] == ["likes": 3, "friends": 1])
            #expect(profile["visible"]?["history"] == true && profile["note"]?.isNull == true)
            try await bob.privacy(["history": "friends"])
            let less = try await alice.send("GET", "/users/\(bob.alias)/profile").json
            #expect(less["counts"] == ["friends": 1] && less["visible"]?["likes"] == false && less["visible"]?["friends"] == true)
            try #require(try await alice.ask(bob).status == 201)
            #expect(try await alice.send("GET", "/users/\(bob.alias)/profile").json["friend_state"] == "requested")
            #expect(try await bob.send("GET", "/users/\(alice.alias)/profile").json["friend_state"] == "received")
            for hue: JSON in [-1, 360, 1.5, "blue"] {
                #expect(try await bob.send("PATCH", "/users/me", ["banner_hue": hue]).status == 422, "\(hue.text)")
            }
            try #require(try await bob.send("PATCH", "/users/me", ["banner_hue": nil]).status == 200)
            #expect(try await bob.send("GET", "/users/me/profile").json["banner"]?["hue"]?.isNull == true)
        }
    }

    @Test(arguments: TestDatabase.all) func whoHidesHasNoProfile(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let staff = try await site.signIn(try await site.add(.staff)).bearer
            try await bob.privacy(["profile": "nobody"])
            #expect(try await alice.send("GET", "/users/\(bob.alias)/profile").status == 404)
            #expect(try await alice.send("PUT", "/users/\(bob.alias)/note", ["note": "x"]).status == 404)
            #expect(try await bob.send("GET", "/users/me/profile").status == 200)
            #expect(try await site.send("GET", "/users/\(bob.id)/profile", ["Authorization": "Bearer \(staff)"]).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aNoteIsForItsWriterAlone(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let path = "/users/\(bob.alias)/note"
            #expect(
                try await alice.send("PUT", path, ["note": " met at the film club ", "nickname": "Bobby"]).json
                    == ["note": "met at the film club", "nickname": "Bobby"])
            let own = try await alice.send("GET", "/users/\(bob.alias)/profile").json
            #expect(own["note"] == "met at the film club" && own["nickname"] == "Bobby")
            let others = try await bob.send("GET", "/users/me/profile").json
            #expect(others["note"]?.isNull == true && others["nickname"]?.isNull == true)
            let stored = try await site.database.read { try $0.row("SELECT content_cipher FROM user_notes")?.blob(0) ?? [] }
            #expect(!String(own: stored).contains("film club"))
            let features = site.composition.features
            let exported = try await site.database.read { try features.export(alice.id, in: $0) }
            #expect(exported["profiles"]?["notes"]?[0]?["nickname"] == "Bobby")
            #expect(try await alice.send("PUT", path, ["nickname": "Bobby"]).json == ["note": nil, "nickname": "Bobby"])
            #expect(try await alice.send("PUT", path, [:]).json == ["note": nil, "nickname": nil])
            #expect(try await site.count("user_notes") == 0)
            for body: JSON in [["note": .string(String(repeating: "x", count: 2001))], ["nickname": "two\nlines"], ["more": 1]] {
                #expect(try await alice.send("PUT", path, body).status == 422)
            }
            #expect(try await alice.send("PUT", "/users/me/note", ["note": "x"]).status == 422)
            try #require(try await alice.send("PUT", path, ["note": "again"]).status == 200)
            let owner = try await site.signIn(try await site.add(.owner)).bearer
            _ = try await site.send("DELETE", "/users/\(bob.id)?hard=true", ["Authorization": "Bearer \(owner)"])
            #expect(try await site.count("user_notes") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func notesHaveALimit(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            try await site.database.write { transaction in
                for number in 0..<ProfilesFeature.noteLimit {
                    try transaction.execute(
                        """
                        INSERT INTO user_notes (id, owner_id, user_id, content_cipher, updated_at)
                        VALUES (\(number), \(alice.id), \(number), \([UInt8](repeating: 1, count: 1)), \(0))
                        """)
                }
            }
            let answer = try await alice.send("PUT", "/users/\(bob.alias)/note", ["note": "one too many"])
            #expect(answer.status == 409 && answer.code == "note_limit")
        }
    }
}
