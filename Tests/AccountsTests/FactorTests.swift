import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing
import Web

/// The second factor: enrolled, asked for, taken off.
@Suite struct FactorTests {
    @Test(arguments: TestDatabase.all) func aFactorProtectsOnceItIsConfirmed(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let (mia, other) = (try await site.login("mia"), try await site.token("mia"))
            let token = mia.text("access_token")
            let state: JSON = ["enrolled": false, "confirmed_at": nil, "recovery_codes_left": 0]
            #expect(try await site.send(.get, "/users/me/totp", token: token).json == state)
            let wrong = try await site.send(.post, "/users/me/totp", token: token, ["password": "not hers"])
            #expect(wrong.status == 422 && wrong.faults == ["/password wrong_password"])
            let begun = try await site.send(.post, "/users/me/totp", token: token, ["password": "passphrase of mia"])
            let secret = begun.text("secret")
            #expect(begun.status == 201 && secret.utf8.count == 32)
            #expect(begun.text("uri") == "otpauth://totp/Foyer:mia?secret=\(secret)&issuer=Foyer&algorithm=SHA1&digits=6&period=30")
            // Not yet: whoever closes the page now is not shut out.
            #expect(try await site.login("mia").status == 200)

            let app = AuthenticatorApp(secret)
            let mistyped = try await site.send(.post, "/users/me/totp/confirm", token: token, ["code": .string(try app.wrongCode(site))])
            #expect(mistyped.status == 422 && mistyped.faults == ["/code otp_invalid"])
            let confirmed = try await site.send(.post, "/users/me/totp/confirm", token: token, ["code": .string(try app.code(site))])
            let codes = confirmed.strings("recovery_codes")
            #expect(confirmed.status == 200 && Set(codes).count == 10 && codes.allSatisfy { $0.utf8.count == 19 })
            #expect(try await site.send(.get, "/users/me/totp", token: token).json["recovery_codes_left"] == 10)
            // Whoever came in without it is out, but for who enrolled it.
            #expect(try await site.send(.get, "/auth/session", token: token).status == 200)
            #expect(try await site.send(.get, "/auth/session", token: other).status == 401)
            #expect(site.revoked.reasons == ["factor", "factor"])
            let again: [(String, JSON)] = [
                ("/users/me/totp", ["password": "passphrase of mia"]), ("/users/me/totp/confirm", ["code": "123456"]),
            ]
            for (path, body) in again {
                #expect(try await site.send(.post, path, token: token, body).code == "already_enrolled")
            }

            let asked = try await site.login("mia")
            #expect(asked.status == 401 && asked.code == "otp_required")
            #expect(try await site.login("mia", "not hers").code == "invalid_credentials")
            // The code that confirmed it is spent.
            #expect(try await site.login("mia", otp: try app.code(site)).code == "otp_invalid")
            site.clock.advance(seconds: 30)
            #expect(try await site.login("mia", otp: try app.code(site)).status == 200)
            let id = mia.json["user"]?["id"]?.string ?? ""
            #expect(try await site.audited(id).suffix(5) == ["totp.begin", "auth.login", "totp.confirm", "auth.login", "auth.login"])
        }
    }

    @Test(arguments: TestDatabase.all) func aCodeIsGoodOnceAndForAMinuteAndAHalf(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (app, _) = try await site.enrol("root")
            for steps in [-2, 2] as [Int64] {
                #expect(try await site.login("root", otp: try app.code(site, steps: steps)).code == "otp_invalid", "\(steps)")
            }
            #expect(try await site.login("root", otp: try app.code(site, steps: -1)).status == 200)
            let code = try app.code(site)
            #expect(try await site.login("root", otp: " \(code.prefix(3)) \(code.suffix(3))").status == 200)
            #expect(try await site.login("root", otp: code).code == "otp_invalid")
            #expect(try await site.login("root", otp: try app.code(site, steps: 1)).status == 200)
            // An older one is spent with the newer.
            #expect(try await site.login("root", otp: try app.code(site)).code == "otp_invalid")
            site.clock.advance(seconds: 60)
            #expect(try await site.login("root", otp: try app.code(site)).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func ofManyRequestsWithOneCodeOneIsLetIn(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let other = try AccountsSite(site.database, policy: AccountsSite.openPolicy, sharing: site)
            let (app, codes) = try await site.enrol("root")
            for code in [try app.code(site), codes[0]] {
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for index in 0..<8 { group.addTask { try await (index % 2 == 0 ? site : other).login("root", otp: code).status } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.filter { $0 == 200 }.count == 1, "\(statuses)")
                #expect(statuses.allSatisfy { [200, 401, 429].contains($0) }, "\(statuses)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func recoveryCodesAreGoodOnce(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (_, codes) = try await site.enrol("root")
            #expect(try await site.login("root", otp: codes[0].lowercased().replacing("-", with: " ")).status == 200)
            #expect(try await site.login("root", otp: codes[0]).code == "otp_invalid")
            let token = try await site.login("root", otp: codes[1]).text("access_token")
            #expect(try await site.send(.get, "/users/me/totp", token: token).json["recovery_codes_left"] == 8)
            let stored = try await site.database.read { transaction in
                try transaction.rows("SELECT hash FROM recovery_codes").map { String(decoding: $0.blob(0), as: UTF8.self) }
                    + (try transaction.rows("SELECT payload FROM audit_log").map { $0.text(0) })
            }
            #expect(!stored.contains { text in codes.contains { text.contains($0) || text.contains($0.replacing("-", with: "")) } })
        }
    }

    @Test(arguments: TestDatabase.all) func aCodeOfSomebodyWithoutAFactorIsRefusedAfterTheRightPassword(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let answer = try await site.login("root", otp: "123456")
            #expect(answer.status == 422 && answer.faults == ["/otp not_enrolled"])
            #expect(try await site.login("root", otp: "").status == 200)
            let body: JSON = ["username": "root", "password": "not hers", "otp": "123456"]
            #expect(try await site.send(.post, "/auth/login", body).code == "invalid_credentials")
            let nobody: JSON = ["username": "nobody", "password": "not hers", "otp": "123456"]
            #expect(try await site.send(.post, "/auth/login", nobody).code == "invalid_credentials")
        }
    }

    @Test(arguments: TestDatabase.all) func oneTakesItOffWithPasswordAndCode(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let token = try await site.token("root")
            let nothing: JSON = ["password": .string(AccountsSite.ownerPassword), "code": "123456"]
            #expect(try await site.send(.delete, "/users/me/totp", token: token, nothing).status == 404)
            let (app, codes) = try await site.enrol("root", token: token)
            func remove(_ password: String, _ code: String) async throws -> AccountsSite.Answer {
                let fresh = try await site.login("root", otp: codes[Int(site.clock.wall.now().milliseconds / 1000 % 7)]).text(
                    "access_token")
                site.clock.advance(seconds: 1)
                return try await site.send(.delete, "/users/me/totp", token: fresh, ["password": .string(password), "code": .string(code)])
            }
            #expect(try await remove("not hers", try app.code(site)).faults == ["/password wrong_password"])
            #expect(try await remove(AccountsSite.ownerPassword, try app.wrongCode(site)).faults == ["/code otp_invalid"])
            #expect(try await remove(AccountsSite.ownerPassword, codes[9]).status == 204)
            #expect(try await site.login("root").status == 200)
            // Nothing is left of it: the next one has its own codes.
            let (_, fresh) = try await site.enrol("root")
            #expect(Set(fresh).isDisjoint(with: codes))
            #expect(try await site.login("root", otp: codes[8]).code == "otp_invalid")
        }
    }

    @Test(arguments: TestDatabase.all) func theTeamTakesItOffThoseBelow(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            try await site.add("bob", roles: ["role_mod"])
            try await site.add("ada", roles: ["role_admin"])
            _ = try await site.enrol("mia")
            let (ada, bob, root) = (try await site.token("ada"), try await site.token("bob"), try await site.token("root"))
            #expect(try await site.send(.get, "/users/u_mia/totp", token: bob).status == 403)
            let seen = try await site.send(.get, "/users/u_mia/totp", token: ada)
            #expect(seen.json["enrolled"] == true && seen.json["recovery_codes_left"] == JSON.null)
            #expect(try await site.send(.delete, "/users/u_mia/totp", token: bob).json["permission"] == "users.reset_factor")
            #expect(try await site.send(.delete, "/users/u_root/totp", token: ada).code == "rank_too_low")
            #expect(try await site.send(.post, "/users/u_mia/totp", token: ada, ["password": "passphrase of mia"]).status == 404)
            let key = try await site.key("root", ["*"]).text("key")
            #expect(try await site.send(.delete, "/users/u_mia/totp", token: key).code == "api_key_refused")
            #expect(try await site.send(.delete, "/users/u_mia/totp", token: ada, ["reason": "lost her telephone"]).status == 204)
            #expect(try await site.send(.delete, "/users/u_mia/totp", token: root).status == 404)
            #expect(try await site.login("mia").status == 200)
            let mia = seen.status == 200 ? try await site.send(.get, "/users/u_mia", token: root).text("id") : ""
            #expect(try await site.audited(mia).contains("totp.reset"))
        }
    }

    @Test(arguments: TestDatabase.all) func aSecretIsConfirmedWithinAnHourOrShownAnew(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let password: JSON = ["password": .string(AccountsSite.ownerPassword)]
            let token = try await site.token("root")
            #expect(try await site.send(.post, "/users/me/totp/confirm", token: token, ["code": "123456"]).code == "not_begun")
            let first = AuthenticatorApp(try await site.send(.post, "/users/me/totp", token: token, password).text("secret"))
            let second = AuthenticatorApp(try await site.send(.post, "/users/me/totp", token: token, password).text("secret"))
            let old = try await site.send(.post, "/users/me/totp/confirm", token: token, ["code": .string(try first.code(site))])
            #expect(old.faults == ["/code otp_invalid"])
            site.clock.advance(seconds: 3600)
            let late = try await site.token("root")
            let code: JSON = ["code": .string(try second.code(site))]
            #expect(try await site.send(.post, "/users/me/totp/confirm", token: late, code).code == "not_begun")
            #expect(try await site.login("root").status == 200)
        }
    }
}
