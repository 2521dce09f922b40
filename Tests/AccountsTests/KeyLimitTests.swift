import Accounts
import Database
import HTTP
import Kernel
import Realtime
import TestSupport
import Testing
import Web

/// That a key is never more than its person, nor more than it was given, and ends when it should.
@Suite struct KeyLimitTests {
    @Test(arguments: TestDatabase.all) func nobodyGivesAKeyWhatTheyDoNotHold(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia", roles: ["role_staff"])
            let mia = try await site.token("mia")
            for (scopes, missing) in [(["users.read", "audit.read"], "audit.read"), (["users.*"], "users.*"), (["*"], "*")] {
                let answer = try await site.send(
                    .post, "/api-keys", token: mia, ["name": "more", "scopes": .array(scopes.map { .string($0) })])
                #expect(answer.status == 403 && answer.code == "cannot_grant" && answer.strings("permissions") == [missing])
            }
            let path = "/api-keys/\(try await site.key("mia", ["users.read"]).text("id"))"
            let wider = try await site.send(.patch, path, token: mia, ["scopes": ["users.read", "users.update"]])
            #expect(wider.code == "cannot_grant" && wider.strings("permissions") == ["users.update"])
            #expect(try await site.send(.get, "/api-keys?count=true", token: mia).json["total"] == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aKeyLosesWhatItsPersonLosesAndGetsItBack(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia", roles: ["role_staff"])
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            let made = try await site.key("mia", ["users.read", "roles.read"])
            func status() async throws -> Int { try await site.send(.get, "/users", token: made.text("key")).status }
            #expect(try await status() == 200)
            #expect(try await site.send(.delete, "/users/u_mia/roles/role_staff", token: root).status == 200)
            #expect(try await status() == 403)
            // What it has but cannot use may stay in a patch, in other words or fewer; it cannot be given anew.
            let path = "/api-keys/\(made.text("id"))"
            #expect(try await site.send(.patch, path, token: mia, ["scopes": ["users.read"]]).status == 200)
            #expect(try await site.send(.patch, path, token: mia, ["scopes": ["users.read", "roles.read"]]).code == "cannot_grant")
            #expect(try await site.send(.post, "/users/u_mia/roles", token: root, ["role_id": "role_admin"]).status == 200)
            #expect(try await status() == 200)
            #expect(try await site.send(.get, "/roles", token: made.text("key")).status == 403)
        }
    }

    @Test(arguments: TestDatabase.all) func aNarrowKeyOfAnOwnerCannotGiveMoreThanItHas(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let narrow = try await site.key("root", ["roles.assign", "roles.manage", "roles.override", "users.update", "users.read"]).text(
                "key")
            let wide = try await site.key("root", ["*"]).text("key")
            let role: JSON = ["name": "spy", "priority": 50, "permissions": ["audit.read"]]
            #expect(try await site.send(.post, "/roles", token: narrow, role).code == "cannot_grant")
            #expect(try await site.send(.post, "/roles", token: wide, role).status == 201)
            #expect(try await site.send(.post, "/users/u_mia/roles", token: narrow, ["role_id": "role_spy"]).code == "cannot_grant")
            #expect(
                try await site.send(.patch, "/users/u_mia", token: narrow, ["roles": ["role_member", "role_spy"]]).code == "cannot_grant")
            #expect(try await site.send(.post, "/users/u_mia/roles", token: narrow, ["role_id": "role_admin"]).code == "cannot_grant")
            let override: JSON = ["effect": "allow", "reason": "because"]
            #expect(try await site.send(.put, "/users/u_mia/overrides/audit.read", token: narrow, override).code == "cannot_grant")
            #expect(try await site.send(.put, "/users/u_mia/overrides/users.update", token: narrow, override).status == 200)
            #expect(try await site.send(.post, "/users/u_mia/roles", token: wide, ["role_id": "role_admin"]).status == 200)
            let entry = try await site.database.read { transaction in
                try transaction.row("SELECT payload FROM audit_log WHERE action = 'role.assign' ORDER BY seq DESC LIMIT 1")?.text(0) ?? ""
            }
            #expect(entry.contains("\"api_key_id\""))
        }
    }

    @Test(arguments: TestDatabase.all) func noKeyMakesItselfMoreThanAKey(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let made = try await site.key("root", ["*"])
            let (key, id) = (made.text("key"), made.text("id"))
            let session = try await site.login("root").text("session_id")
            let tries: [(HTTPMethod, String, JSON?)] = [
                (.post, "/api-keys", ["name": "child", "scopes": ["*"]]), (.patch, "/api-keys/\(id)", ["expires_at": nil]),
                (.post, "/api-keys/\(id)/rotate", [:]), (.delete, "/api-keys/\(id)", nil),
                (.post, "/auth/password", ["current": .string(AccountsSite.ownerPassword), "new": "a new long passphrase"]),
                (.post, "/auth/logout", nil), (.delete, "/auth/sessions/\(session)", nil),
                (.patch, "/users/u_mia", ["password": "a new long passphrase"]), (.patch, "/users/me", ["email": "thief@site.test"]),
                (.post, "/users", ["username": "new", "email": "new@site.test", "password": "a new long passphrase"]),
            ]
            for (method, path, body) in tries {
                let answer = try await site.send(method, path, token: key, body)
                #expect(answer.status == 403 && answer.code == "api_key_refused", "\(method) \(path) \(answer.json.text)")
            }
            #expect(try await site.send(.patch, "/users/me", token: key, ["display_name": "By Key"]).status == 200)
            #expect(try await site.send(.get, "/api-keys", token: key).items.count == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func revocationIsAtOnceAndClosesWhatIsOpen(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let other = try AccountsSite(site.database, policy: AccountsSite.openPolicy, sharing: site)
            let (made, kept) = (try await site.key("root", ["users.read"]), try await site.key("root", ["users.read"]))
            let identity = try await site.accounts.authenticate(token: made.text("key"), scope: Scope())
            #expect(try await other.statuses([made, kept]) == [200, 200])
            let path = "/api-keys/\(made.text("id"))"
            #expect(try await site.send(.patch, path, token: root, ["name": "only the name"]).status == 200)
            #expect(try await site.send(.patch, path, token: root, ["scopes": []]).status == 200)
            await #expect(throws: Problem.self) { _ = try await site.accounts.refresh(identity) }
            #expect(try await site.send(.delete, path, token: root).status == 204)
            // No other node waits for news of it, but for the sockets.
            #expect(try await site.statuses([made, kept]) == [401, 200])
            #expect(try await other.statuses([made, kept]) == [401, 200])
            try await other.accounts.pollRevocations()
            try await site.accounts.pollRevocations()
            for node in [site, other] { #expect((node.revoked.reasons, node.revoked.codes) == (["changed", "revoked"], [4401, 4502])) }
            await #expect(throws: Problem.self) { _ = try await site.accounts.refresh(identity) }
            await #expect(throws: Problem.self) { _ = try await site.accounts.authenticate(token: made.text("key"), scope: Scope()) }
            #expect(try await site.send(.delete, path, token: root).status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func whoMayNotBeHereIsNotHereByKeyEither(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let root = try await site.token("root")
            var made = try await site.key("mia", ["media.read"])
            func status() async throws -> Int { try await site.statuses([made])[0] }
            for _ in 0..<2 {
                #expect(try await site.send(.post, "/users/u_mia/ban", token: root, ["reason": "spam"]).status == 200)
                #expect(try await status() == 401)
                #expect(try await site.send(.delete, "/users/u_mia/ban", token: root).status == 200)
                // For good: the ban ended the key.
                #expect(try await status() == 401)
                made = try await site.key("mia", ["media.read"])
                #expect(try await status() == 200)
                site.clock.advance(seconds: 1)
            }
            #expect(try await site.send(.post, "/users/u_mia/disable", token: root).status == 200)
            #expect(try await status() == 423)
            #expect(try await site.send(.post, "/users/u_mia/enable", token: root).status == 200)
            #expect(try await status() == 200)
            #expect(try await site.send(.delete, "/users/u_mia", token: root).status == 204)
            #expect(try await status() == 401)
            #expect(try await site.send(.post, "/users/u_mia/restore", token: root).status == 200)
            #expect(try await status() == 200)
            site.clock.advance(seconds: 1)
            #expect(try await site.send(.delete, "/users/u_mia?hard=true", token: root).status == 204)
            #expect(try await status() == 401)
            // Each time both the session and the sockets of the key.
            #expect(site.revoked.codes == [4503, 4503, 4503, 4503, 4504, 4504, 4502, 4502])
        }
    }

    @Test(arguments: TestDatabase.all) func aMemberHasSoManyKeysAndNoMore(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            for _ in 0..<50 { _ = try await site.send(.post, "/api-keys", token: root, ["name": "one of many", "scopes": []]) }
            let answer = try await site.send(.post, "/api-keys", token: root, ["name": "too many", "scopes": []])
            #expect(answer.status == 409 && answer.code == "too_many_keys")
            let list = try await site.send(.get, "/api-keys?limit=200", token: root)
            #expect(list.items.count == 50)
            let first = try #require(list.items.first?["id"]?.string)
            #expect(try await site.send(.delete, "/api-keys/\(first)", token: root).status == 204)
            #expect(try await site.send(.post, "/api-keys", token: root, ["name": "again", "scopes": []]).status == 201)
        }
    }
}
