import Accounts
import Crypto
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct CookieTests {
    private static let asCookie: HTTPHeaders = ["X-Foyer-Session": "cookie"]

    @Test(arguments: TestDatabase.all) func aBrowserGetsOneCookieAndNoToken(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let login = try await site.login("root", headers: Self.asCookie)
            #expect(login.status == 200 && login.json["access_token"] == nil && login.json["refresh_token"] == nil)
            #expect(login.headers.values("Set-Cookie").count == 1)
            let attributes = (login.headers["Set-Cookie"] ?? "").split(separator: ";").dropFirst().map { String($0).trimmed }
            #expect(Set(attributes) == ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=2592000"])
            #expect(login.cookie.hasPrefix("foyer-\(site.keyring.instance)="))

            let session = try await site.send(.get, "/auth/session", headers: ["Cookie": "theme=dark; \(login.cookie); x=1"])
            #expect(session.status == 200 && session.json["user"]?["username"] == "root")
            #expect(session.json["csrf"] == login.json["csrf"] && session.text("csrf").count >= 32)
            // The session goes on from each use, and so does the browser's cookie.
            #expect(session.headers["Set-Cookie"] == login.headers["Set-Cookie"])
            let token = try await site.token("root")
            #expect(
                try await site.send(.get, "/auth/session", token: token, headers: ["Cookie": login.cookie]).headers["Set-Cookie"] == nil)
            #expect(try await site.send(.get, "/auth/session", headers: ["Cookie": "\(login.cookie)x"]).status == 401)
            // U+037E looks like a semicolon and to Swift equals one; it belongs to the other cookie's value.
            let within = try await site.send(.get, "/auth/session", headers: ["Cookie": "theme=\u{37E}\(login.cookie)"])
            #expect(within.json["user"] == nil || within.json["user"]?.isNull == true)
        }
    }

    @Test(arguments: TestDatabase.all) func overTLSTheCookieIsBoundToTheHost(_ kind: TestDatabase) async throws {
        var policy = AccountPolicy()
        (policy.isSecure, policy.publicURL) = (true, "https://site.test")
        try await AccountsSite.with(kind, policy: policy) { site in
            let login = try await site.login("root", headers: Self.asCookie)
            let header = try #require(login.headers["Set-Cookie"])
            #expect(
                header.hasPrefix("__Host-foyer=") && header.contains("; Secure") && header.contains("Path=/") && !header.contains("Domain"))
            #expect(try await site.send(.get, "/auth/session", headers: ["Cookie": login.cookie]).status == 200)
            let insecureName = login.cookie.replacing("__Host-foyer", with: "foyer-\(site.keyring.instance)")
            #expect(try await site.send(.get, "/auth/session", headers: ["Cookie": insecureName]).status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func aMutationByCookieNeedsTheValueOfItsOwnSession(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let mine = try await site.login("root", headers: Self.asCookie)
            let other = try await site.login("root", headers: Self.asCookie)
            func patch(_ headers: HTTPHeaders) async throws -> AccountsSite.Answer {
                try await site.send(.patch, "/users/me", ["bio": "x"], headers: headers)
            }
            for csrf in [nil, "", "x", other.text("csrf")] {
                var headers: HTTPHeaders = ["Cookie": mine.cookie]
                headers["X-Foyer-CSRF"] = csrf
                let answer = try await patch(headers)
                #expect((answer.status, answer.code) == (403, "csrf"))
            }
            #expect(try await patch(["Cookie": mine.cookie, "X-Foyer-CSRF": mine.text("csrf")]).status == 200)
            // Reading needs none, and neither does a token, which wins over the cookie.
            #expect(try await site.send(.get, "/users/me", headers: ["Cookie": mine.cookie]).status == 200)
            let member = try await site.add("mia")
            let token = try await site.token("mia")
            let asMia = try await patch(["Cookie": mine.cookie, "Authorization": "Bearer \(token)"])
            #expect(asMia.status == 200 && asMia.json["id"] == member["id"])
            let forged = try await site.send(
                .get, "/auth/session", headers: ["Cookie": mine.cookie, "Authorization": "Bearer forged"])
            #expect(forged.status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func logoutTakesTheCookieAway(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let login = try await site.login("root", headers: Self.asCookie)
            #expect(try await site.send(.post, "/auth/logout", headers: ["Cookie": login.cookie]).status == 403)
            let out = try await site.send(.post, "/auth/logout", headers: ["Cookie": login.cookie, "X-Foyer-CSRF": login.text("csrf")])
            #expect(out.status == 204 && (out.headers["Set-Cookie"] ?? "").contains("Max-Age=0"))
            #expect(try await site.send(.get, "/auth/session", headers: ["Cookie": login.cookie]).status == 401)
            // A cookie that died does not stand in the way of a new login.
            #expect(try await site.login("root", headers: ["Cookie": login.cookie]).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aCookiesSessionLivesOnWhileItIsUsed(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let login = try await site.login("root", headers: Self.asCookie)
            for _ in 0..<4 {
                site.clock.advance(seconds: 20 * 86_400)
                #expect(try await site.send(.get, "/auth/session", headers: ["Cookie": login.cookie]).status == 200)
                try await site.accounts.writeUses()
            }
            site.clock.advance(seconds: 31 * 86_400)
            #expect(try await site.send(.get, "/auth/session", headers: ["Cookie": login.cookie]).status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func loginAndSetUpLookAtTheOrigin(_ kind: TestDatabase) async throws {
        let table: [(String?, Int)] = [
            ("http://site.test", 200), (nil, 200), ("https://site.test", 200), ("https://evil.test", 403), ("null", 403),
            ("http://site.test.evil.test", 403), ("http://evilsite.test", 403),
        ]
        try await AccountsSite.with(kind) { site in
            for (origin, status) in table {
                var headers = Self.asCookie
                headers["Origin"] = origin
                let login = try await site.login("root", headers: headers)
                #expect(login.status == status, "\(origin ?? "none")")
                let setUp = try await site.send(
                    .post, "/auth/setup", ["token": "x", "username": "a_b", "email": "a@b.cd", "password": "a fine passphrase"],
                    headers: headers)
                #expect((status == 403) == (setUp.code == "origin_refused"), "\(origin ?? "none")")
            }
        }
    }
}
