import Authorization
import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server
@testable import Voice

/// Who may call whom, and what ends a call from outside.
@Suite struct CallRightTests {
    @Test(arguments: TestDatabase.all) func whoMayCallIsChosen(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            try await bob.privacy(["call": "nobody"])
            let refused = try await alice.call(bob)
            #expect(refused.status == 403 && refused.code == "not_allowed")
            try await bob.privacy(["call": "friends"])
            #expect(try await alice.call(bob).code == "not_allowed")
            try await alice.befriend(bob)
            let id = try await alice.call(bob).text("id")
            _ = try await bob.answer(id, "decline")
            // Whoever may call needs not be allowed to write.
            try await bob.privacy(["call": "everyone", "write": "nobody"])
            let carol = try await TestUser(site)
            #expect(try await carol.call(bob).status == 201)
            try await bob.block(alice)
            #expect(try await alice.call(bob).json["detail"] == refused.json["detail"])
            #expect(try await bob.call(alice).code == "not_allowed")
        }
    }

    @Test(arguments: TestDatabase.all) func aBlockEndsTheCall(_ kind: TestDatabase) async throws {
        try await ends(kind) { site, alice, bob in try await bob.block(alice) }
    }

    @Test(arguments: TestDatabase.all) func aMuteEndsTheCall(_ kind: TestDatabase) async throws {
        try await ends(kind) { site, alice, _ in
            let owner = try await TestUser(site, .owner)
            let body: JSON = ["user_id": .string(alice.alias), "kind": "mute", "reason": "Spam", "duration_s": 60]
            #expect(try await owner.send("POST", "/sanctions", body).status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func aBanEndsTheCall(_ kind: TestDatabase) async throws {
        try await ends(kind) { site, alice, _ in
            let owner = try await TestUser(site, .owner)
            #expect(try await owner.send("POST", "/users/\(alice.alias)/ban", ["reason": "Spam"]).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aLostPermissionEndsTheCall(_ kind: TestDatabase) async throws {
        try await ends(kind) { site, alice, _ in
            let owner = try await TestUser(site, .owner)
            let body: JSON = ["effect": "deny", "reason": "Spam"]
            #expect(try await owner.send("PUT", "/users/\(alice.alias)/overrides/voice.join", body).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func anEndedSessionEndsTheCall(_ kind: TestDatabase) async throws {
        try await ends(kind) { site, alice, bob in
            let live = try await site.database.read { try $0.rows("SELECT session_id FROM voice_sessions WHERE left_at IS NULL") }
            site.voice.observer.ended(live[0].id(0))
        }
    }

    /// A call that something outside of it ends.
    private func ends(_ kind: TestDatabase, _ act: (TestSite, TestUser, TestUser) async throws -> Void) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let talk = try await alice.talk(with: bob)
            site.voice.watch.rightsChanged()
            try await site.voice.endBarred()
            #expect(try await bob.state(of: talk.call) == "active")
            try await act(site, alice, bob)
            // The relay of the outbox, which tells of sanctions and blocks, does not run in tests.
            site.voice.watch.rightsChanged()
            try await site.voice.endBarred()
            #expect(try await bob.state(of: talk.call) == "ended")
            #expect(try await site.count("voice_sessions WHERE left_at IS NULL") == 0)
        }
    }

    /// A right that was lost is told within the call.
    @Test(arguments: TestDatabase.all) func whatOneMayDoInTheCallIsTold(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice, bob) = (try await TestUser(site, .owner), try await TestUser(site), try await TestUser(site))
            let talk = try await alice.talk(with: bob)
            let offset = try await site.offset
            let body: JSON = ["effect": "deny", "reason": "Spam"]
            #expect(try await owner.send("PUT", "/users/\(alice.alias)/overrides/voice.speak", body).status == 200)
            try await site.voice.endBarred()
            let told = try await bob.events(after: offset).filter { $0.type == "call.updated" }
            #expect(told.count == 1)
            let rights = told.first?.members["call"]?["devices"]?.array?.map { $0["may_speak"] }
            #expect(rights == [false, true])
            // Told once.
            site.voice.watch.rightsChanged()
            try await site.voice.endBarred()
            #expect(try await bob.events(after: offset).filter { $0.type == "call.updated" }.count == 1)
            #expect(try await bob.state(of: talk.call) == "active")
        }
    }

    @Test(arguments: TestDatabase.all) func othersSessionsNeedAPermission(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, mod) = (try await TestUser(site), try await TestUser(site), try await TestUser(site, .mod))
            _ = try await alice.talk(with: bob)
            #expect(try await mod.items("/voice/sessions?user=\(alice.alias)&active=true").count == 1)
            #expect(try await bob.send("GET", "/voice/sessions?user=\(alice.alias)").status == 403)
        }
    }

    @Test func credentialsOfTurnAreOfCoturn() async throws {
        let settings = ["turn-urls": "stun:turn.test:3478,turn:turn.test:3478", "turn-secret": "north"]
        try await TestSite.with(.sqlite, settings: settings) { site in
            let alice = try await TestUser(site)
            let answer = try await alice.send("GET", "/voice/ice").json
            let servers = answer["ice_servers"]?.array ?? []
            #expect(servers.count == 2 && servers[0]["username"] == nil)
            let name = try #require(servers[1]["username"]?.string)
            #expect(name.hasSuffix(":\(alice.id.uuid)"))
            let expiry = try #require(Int64(name.prefix { $0 != ":" }))
            #expect((500...600).contains(expiry - site.now.milliseconds / 1000))
            // 20 bytes of HMAC-SHA-1 in Base64.
            #expect(servers[1]["credential"]?.string?.count == 28)
        }
        try await TestSite.with(.sqlite) { site in
            let alice = try await TestUser(site)
            #expect(try await alice.send("GET", "/voice/ice").json["ice_servers"] == [])
        }
    }
}
