import Accounts
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct SignInTests {
    @Test(arguments: TestDatabase.all) func aLoginByEmailOrUsernameGivesTokensAndThePerson(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for name in [["email": "ROOT@site.test "], ["username": "Root"], ["email": "root"]] as [JSON] {
                var body = name.object ?? [:]
                body["password"] = .string(AccountsSite.ownerPassword)
                let answer = try await site.send(.post, "/auth/login", .object(body))
                #expect(answer.status == 200)
                #expect((answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 600))
                #expect(answer.text("refresh_token").count >= 40 && answer.headers["Set-Cookie"] == nil)
                #expect(answer.json["user"]?["username"] == "root" && answer.json["user"]?["email"] == "root@site.test")
                let session = try await site.send(.get, "/auth/session", token: answer.text("access_token"))
                #expect(session.status == 200 && session.json["user"]?["id"] == answer.json["user"]?["id"])
                #expect(session.json["session_id"] == answer.json["session_id"] && session.strings("permissions").contains("roles.manage"))
                #expect(session.json["roles"]?.array?.compactMap { $0["name"]?.string } == ["owner", "member"])
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aWrongNameAndAWrongPasswordAreTheSameAnswer(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let wrong = try await site.login("root", "not the password")
            let unknown = try await site.login("nobody", "not the password")
            #expect((wrong.status, wrong.code) == (401, "invalid_credentials"))
            #expect((unknown.status, unknown.code) == (401, "invalid_credentials"))
            #expect(wrong.json["detail"] == unknown.json["detail"])
            for body in [[:], ["password": "x"], ["email": "a@b.c"], ["email": "a@b.c", "password": "x", "admin": true]] as [JSON] {
                #expect(try await site.send(.post, "/auth/login", body).status == 422)
            }
            let french = try await site.send(
                .post, "/auth/login", ["username": "root", "password": "x"], headers: ["Accept-Language": "fr"])
            #expect(french.text("detail").contains("mot de passe"))
        }
    }

    /// Keyboards compose letters in different ways: both are one password.
    @Test(arguments: TestDatabase.all) func aPasswordIsTheSameFromEveryKeyboard(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (composed, taken) = ("Été\u{A0}à Łódź 1", "E\u{301}te\u{301} a\u{300} \u{141}o\u{301}dz\u{301} 1")
            try await site.add("mia", ["password": .string(composed)])
            for password in [composed, taken] { #expect(try await site.login("mia", password).status == 200) }
            #expect(try await site.login("mia", "Ete a Lodz 1").status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func anAccessTokenLastsTenMinutesAndNothingElsePassesForOne(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let token = try await site.token("root")
            for header in [token, "Basic \(token)", "Bearer", "Bearer a b", "Bearer \(token)x", "Bearer fk_unknown"] {
                #expect(try await site.send(.get, "/auth/session", headers: ["Authorization": header]).status == 401)
            }
            site.clock.advance(seconds: 599)
            #expect(try await site.send(.get, "/auth/session", token: token).status == 200)
            site.clock.advance(seconds: 1)
            let late = try await site.send(.get, "/auth/session", token: token)
            #expect((late.status, late.code) == (401, "invalid_token"))
            #expect(try await site.send(.get, "/auth/session").status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func aRefreshTokenWorksOnceAndItsReuseEndsTheFamily(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let first = try await site.login("root")
            let other = try await site.login("root")
            let second = try await site.send(.post, "/auth/refresh", ["refresh_token": .string(first.text("refresh_token"))])
            #expect(second.status == 200 && second.text("refresh_token") != first.text("refresh_token"))
            #expect(second.json["session_id"] == first.json["session_id"] && second.json["user"]?["username"] == "root")
            let third = try await site.send(.post, "/auth/refresh", ["refresh_token": .string(second.text("refresh_token"))])
            #expect(third.status == 200)

            let reused = try await site.send(.post, "/auth/refresh", ["refresh_token": .string(first.text("refresh_token"))])
            #expect(reused.status == 401)
            #expect(try await site.send(.post, "/auth/refresh", ["refresh_token": .string(third.text("refresh_token"))]).status == 401)
            #expect(try await site.send(.get, "/auth/session", token: third.text("access_token")).status == 401)
            #expect(try await site.send(.get, "/auth/session", token: other.text("access_token")).status == 200)
            #expect(site.revoked.reasons == ["reuse"])
            #expect(try await site.send(.post, "/auth/refresh", ["refresh_token": "unknown"]).status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func refreshesAtOnceHaveOneSuccessor(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let login = try await site.login("root")
            let body: JSON = ["refresh_token": .string(login.text("refresh_token"))]
            let answers = try await withThrowingTaskGroup(of: AccountsSite.Answer.self) { group in
                for _ in 0..<6 { group.addTask { try await site.send(.post, "/auth/refresh", body) } }
                return try await group.reduce(into: [AccountsSite.Answer]()) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 200 } && Set(answers.map { $0.text("refresh_token") }).count == 1)
            for answer in answers { #expect(try await site.send(.get, "/auth/session", token: answer.text("access_token")).status == 200) }
            site.clock.advance(seconds: 10)
            #expect(try await site.send(.post, "/auth/refresh", body).text("refresh_token") == answers[0].text("refresh_token"))
            site.clock.advance(seconds: 1)
            #expect(try await site.send(.post, "/auth/refresh", body).status == 401)
            #expect(site.revoked.reasons == ["reuse"])
            #expect(try await site.send(.post, "/auth/refresh", ["refresh_token": .string(answers[0].text("refresh_token"))]).status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func aRefreshTokenEndsWithItsSessionsLifetime(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let login = try await site.login("root")
            site.clock.advance(seconds: 30 * 86_400)
            #expect(try await site.send(.post, "/auth/refresh", ["refresh_token": .string(login.text("refresh_token"))]).status == 401)
            #expect(site.revoked.reasons.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func logoutEndsTheSessionAtOnce(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let login = try await site.login("root")
            let token = login.text("access_token")
            #expect(try await site.send(.post, "/auth/logout", token: token).status == 204)
            #expect(try await site.send(.get, "/auth/session", token: token).status == 401)
            #expect(try await site.send(.post, "/auth/refresh", ["refresh_token": .string(login.text("refresh_token"))]).status == 401)
            #expect((site.revoked.reasons, site.revoked.codes) == (["logout"], [4501]))
            #expect(try await site.send(.post, "/auth/logout").status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func registrationFollowsThePolicy(_ kind: TestDatabase) async throws {
        let body: JSON = ["username": "Zoe.M", "email": "zoe@site.test", "password": "a fine passphrase", "display_name": "Zoé"]
        try await AccountsSite.with(kind) { site in
            let answer = try await site.send(.post, "/auth/register", body)
            #expect(answer.status == 201 && answer.json["user"]?["username"] == "zoe.m" && answer.json["user"]?["display_name"] == "Zoé")
            let session = try await site.send(.get, "/auth/session", token: answer.text("access_token"))
            #expect(session.json["roles"]?.array?.compactMap { $0["name"]?.string } == ["member"])
            var other = body.object ?? [:]
            other["email"] = "zoe2@site.test"
            let again = try await site.send(.post, "/auth/register", .object(other))
            #expect((again.status, again.code, again.faults) == (409, "username_taken", ["/username taken"]))
            other["username"] = "zoe2"
            other["email"] = "ZOE@site.test"
            let mail = try await site.send(.post, "/auth/register", .object(other))
            #expect((mail.status, mail.code) == (409, "email_taken"))
        }
        try await AccountsSite.with(kind, policy: AccountPolicy()) { site in
            let closed = try await site.send(.post, "/auth/register", body)
            #expect((closed.status, closed.code) == (403, "registration_closed"))
        }
    }

    @Test(arguments: TestDatabase.all) func whatCannotBeRegisteredSaysWhy(_ kind: TestDatabase) async throws {
        let table = [
            ("username", "a", "/username invalid"), ("username", "with space", "/username invalid"),
            ("username", "é_é", "/username invalid"),
            ("email", "no at", "/email invalid"), ("email", "a@b", "/email invalid"), ("email", "a@b..c", "/email invalid"),
            ("email", "a b@c.d", "/email invalid"), ("password", "short", "/password too_short"),
            ("password", "password", "/password too_common"), ("password", "zoe@site.test", "/password too_common"),
            ("password", "aaaaaaaaaaaa", "/password too_common"), ("nickname", "Zo", "/nickname unknown"),
        ]
        try await AccountsSite.with(kind) { site in
            for (field, value, fault) in table {
                var body: JSONObject = ["username": "zoe", "email": "zoe@site.test", "password": "a fine passphrase"]
                body[field] = .string(value)
                let answer = try await site.send(.post, "/auth/register", .object(body))
                #expect((answer.status, answer.faults) == (422, [fault]), "\(field) \(value)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aNewPasswordEndsTheOtherSessions(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (here, elsewhere) = (try await site.token("root"), try await site.token("root"))
            let wrong = try await site.send(
                .post, "/auth/password", token: here, ["current": "not it at all", "new": "another passphrase"])
            #expect((wrong.status, wrong.faults) == (422, ["/current wrong_password"]))
            let right = try await site.send(
                .post, "/auth/password", token: here, ["current": .string(AccountsSite.ownerPassword), "new": "another passphrase"])
            #expect(right.status == 204)
            #expect(try await site.send(.get, "/auth/session", token: here).status == 200)
            #expect(try await site.send(.get, "/auth/session", token: elsewhere).status == 401)
            #expect(try await site.login("root").status == 401)
            #expect(try await site.login("root", "another passphrase").status == 200)
        }
    }
}
