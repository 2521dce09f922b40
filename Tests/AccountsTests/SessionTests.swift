import Accounts
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct SessionTests {
    @Test(arguments: TestDatabase.all) func sessionsAreListedNewestFirstInPages(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            var tokens: [String] = []
            for agent in ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "curl/8.5", "strange"] {
                let login = try await site.login("root", headers: ["User-Agent": .init(agent)])
                tokens.append(login.text("access_token"))
            }
            let list = try await site.send(.get, "/auth/sessions", token: tokens[2])
            #expect(list.items.map { $0["label"]?.string } == ["strange", "curl", "Firefox, Linux"])
            #expect(list.items.map { $0["current"] } == [true, false, false])
            #expect(list.items.allSatisfy { $0["ip"] == "192.0.2.1" && $0["kind"] == "tokens" })
            var seen: [JSON?] = []
            var path = "/auth/sessions?limit=2"
            while true {
                let page = try await site.send(.get, path, token: tokens[2])
                #expect(page.status == 200 && page.items.count <= 2)
                seen += page.items.map { $0["id"] }
                guard let next = page.json["next"]?.string else { break }
                path = "/auth/sessions?limit=2&cursor=\(next)"
            }
            #expect(try await site.send(.get, "/auth/sessions?limit=2&count=true", token: tokens[2]).json["total"] == 3)
            #expect(seen == list.items.map { $0["id"] })
            #expect(try await site.send(.get, "/auth/sessions?cursor=zz", token: tokens[2]).status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func aSessionIsEndedByItsPersonOrByTheTeam(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for name in ["mia", "bob"] { try await site.add(name) }
            let (mia, bob, root) = (try await site.login("mia"), try await site.login("bob"), try await site.token("root"))
            let phone = try await site.login("mia")
            let path = "/auth/sessions/\(phone.text("session_id"))"
            #expect(try await site.send(.delete, path, token: bob.text("access_token")).status == 404)
            #expect(try await site.send(.delete, path, token: mia.text("access_token")).status == 204)
            #expect(try await site.send(.get, "/auth/session", token: phone.text("access_token")).status == 401)
            #expect(try await site.send(.get, "/auth/session", token: mia.text("access_token")).status == 200)
            #expect(try await site.send(.delete, path, token: mia.text("access_token")).status == 404)
            #expect((site.revoked.reasons, site.revoked.codes) == (["revoked"], [4502]))

            #expect(try await site.send(.get, "/users/u_bob/sessions", token: mia.text("access_token")).status == 403)
            let list = try await site.send(.get, "/users/u_bob/sessions", token: root)
            #expect(list.items.map { $0["id"] } == [bob.json["session_id"]])
            #expect(try await site.send(.delete, "/auth/sessions/\(bob.text("session_id"))", token: root).status == 204)
            #expect(try await site.send(.get, "/auth/session", token: bob.text("access_token")).status == 401)
            for wrong in ["x", "00000000-0000-4000-8000-000000000000"] {
                #expect(try await site.send(.delete, "/auth/sessions/\(wrong)", token: root).status == 404)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func anotherNodeHearsOfARevocationByPolling(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let other = try AccountsSite(site.database, policy: AccountsSite.openPolicy, sharing: site)
            let (login, cookie) = (try await site.login("root"), try await site.login("root", headers: ["X-Foyer-Session": "cookie"]))
            let token = login.text("access_token")
            #expect(try await other.send(.get, "/auth/session", token: token).status == 200)
            #expect(try await other.send(.get, "/auth/session", headers: ["Cookie": cookie.cookie]).status == 200)
            try await other.accounts.pollRevocations()
            #expect(try await site.send(.post, "/auth/logout", token: token).status == 204)
            #expect(
                try await site.send(.post, "/auth/logout", headers: ["Cookie": cookie.cookie, "X-Foyer-CSRF": cookie.text("csrf")]).status
                    == 204)
            try await other.accounts.pollRevocations()
            #expect(try await other.send(.get, "/auth/session", token: token).status == 401)
            #expect(try await other.send(.get, "/auth/session", headers: ["Cookie": cookie.cookie]).status == 401)
            #expect(other.revoked.reasons == ["logout", "logout"])
            // Polling again tells nobody twice, here or there.
            try await other.accounts.pollRevocations()
            try await site.accounts.pollRevocations()
            #expect(other.revoked.reasons.count == 2 && site.revoked.reasons.count == 2)
        }
    }

    @Test(arguments: TestDatabase.all) func aRevocationOutlivesARestart(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let token = try await site.token("root")
            #expect(try await site.send(.post, "/auth/logout", token: token).status == 204)
            let restarted = try AccountsSite(site.database, policy: AccountsSite.openPolicy, sharing: site)
            #expect(try await restarted.send(.get, "/auth/session", token: token).status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func rightsChangeUnderARunningSession(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            #expect(try await site.send(.get, "/users", token: mia).status == 403)
            let given = try await site.send(.post, "/users/u_mia/roles", token: root, ["role_id": "role_staff"])
            #expect(given.status == 200)
            #expect(try await site.send(.get, "/users", token: mia).status == 200)
            #expect(try await site.send(.delete, "/users/u_mia/roles/role_staff", token: root).status == 200)
            #expect(try await site.send(.get, "/users", token: mia).status == 403)
        }
    }
}
