import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct SetUpTests {
    private static func body(_ token: String, _ name: String = "anna") -> JSON {
        ["token": .string(token), "username": .string(name), "email": .string("\(name)@site.test"), "password": "a fine passphrase"]
    }

    @Test(arguments: TestDatabase.all) func theLinkMakesTheFirstOwnerOnce(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, hasOwner: false) { site in
            let token = try #require(try await site.accounts.issueSetUpToken())
            #expect(try await site.send(.get, "/auth/registration").json["has_owner"] == false)
            #expect(try await site.send(.post, "/auth/setup", Self.body("wrong")).status == 403)
            let answer = try await site.send(.post, "/auth/setup", Self.body(token))
            #expect(answer.status == 201 && answer.json["token_type"] == "Bearer")
            let session = try await site.send(.get, "/auth/session", token: answer.text("access_token"))
            #expect(session.json["is_owner"] == true && session.json["user"]?["username"] == "anna")
            let again = try await site.send(.post, "/auth/setup", Self.body(token, "eve"))
            #expect((again.status, again.code) == (409, "already_set_up"))
            #expect(try await site.accounts.issueSetUpToken() == nil)
            #expect(try await site.accounts.makeOwner(email: "x@y.zz", username: "xy", password: "a fine passphrase") == .ignored)
            #expect(try await site.login("anna", "a fine passphrase").status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func ofManyWhoUseTheLinkAtOnceOneBecomesOwner(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, hasOwner: false) { site in
            let token = try #require(try await site.accounts.issueSetUpToken())
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<5 { group.addTask { try await site.send(.post, "/auth/setup", Self.body(token, "anna\(index)")).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 201 }.count == 1)
            #expect(statuses.allSatisfy { [201, 403, 409].contains($0) })
            let owners = try await site.database.read { try $0.row("SELECT COUNT(*) FROM users")?.int(0) }
            #expect(owners == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func theLinkLastsAnHourAndANewOneReplacesIt(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, hasOwner: false) { site in
            let first = try #require(try await site.accounts.issueSetUpToken())
            let second = try #require(try await site.accounts.issueSetUpToken())
            #expect(try await site.send(.post, "/auth/setup", Self.body(first)).status == 403)
            site.clock.advance(seconds: 3600)
            #expect(try await site.send(.post, "/auth/setup", Self.body(second)).status == 403)
            let third = try #require(try await site.accounts.issueSetUpToken())
            let invalid = try await site.send(
                .post, "/auth/setup", ["token": .string(third), "username": "a", "email": "x", "password": "short"])
            #expect((invalid.status, invalid.faults.count) == (422, 3))
            #expect(try await site.send(.post, "/auth/setup", Self.body(third)).status == 201)
        }
    }

    @Test(arguments: TestDatabase.all) func theTokenIsStoredHashed(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, hasOwner: false) { site in
            let token = try #require(try await site.accounts.issueSetUpToken())
            let stored = try await site.database.read { try $0.row("SELECT hash FROM setup_tokens")?.blob(0) }
            #expect(stored?.count == 32 && stored != Array(token.utf8))
        }
    }

    @Test(arguments: TestDatabase.all) func anOwnerNamedBySettingsIsMadeOnce(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let made = try await site.accounts.makeOwner(email: "b@site.test", username: "bob", password: "a fine passphrase")
            #expect(made == .ignored)
            #expect(try await site.login("bob", "a fine passphrase").status == 401)
        }
        try await AccountsSite.with(kind, hasOwner: false) { site in
            await #expect(throws: Problem.self) {
                try await site.accounts.makeOwner(email: "b", username: "bob", password: "a fine passphrase")
            }
        }
    }
}
