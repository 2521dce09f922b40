import Authorization
import Crypto
import Database
import HTTP
import Kernel
import Passkeys
import SiteSupport
import Synchronization
import TestSupport
import Testing

/// Passkeys: registered, used, counted, removed.
@Suite struct PasskeyTests {
    @Test(arguments: TestDatabase.all, [CredentialKey.Algorithm.es256, .ed25519])
    func oneIsRegisteredAndSignsIn(_ kind: TestDatabase, _ algorithm: CredentialKey.Algorithm) async throws {
        try await TestSite.with(kind) { site in
            let mia = try await TestUser(site)
            let options = try await mia.options()
            #expect(options["rp"]?["id"] == "site.test")
            #expect(options["attestation"] == "none" && options["authenticatorSelection"]?["userVerification"] == "required")
            #expect(options["user"]?["id"]?.string.flatMap { Base64URL.decode($0) }?.count == 64)
            #expect(options["pubKeyCredParams"]?.array?.compactMap { $0["alg"]?.integer } == [-7, -8, -257])
            var device = try SoftAuthenticator(algorithm)
            let made = try await mia.register(&device, name: "Phone", isPacked: algorithm == .ed25519)
            #expect(made.status == 201 && made.json["name"] == "Phone" && made.json["usable"] == true, "\(made.json.text)")
            #expect(made.json["transports"] == ["internal"] && made.json["last_used_at"] == .null)
            let again = try await mia.options()
            #expect(again["excludeCredentials"]?[0]?["id"]?.string == Base64URL.encode(device.id))
            #expect(again["user"]?["id"] == options["user"]?["id"] || again["user"]?["id"]?.string == Base64URL.encode(device.handle))

            let answer = try await site.signIn(with: &device)
            #expect(answer.status == 200, "\(answer.json.text)")
            #expect(answer.json["user"]?["id"]?.string == mia.id.uuid)
            let token = try answer.text("access_token")
            #expect(try await site.send("GET", "/auth/session", ["Authorization": "Bearer \(token)"]).status == 200)
            let list = try await mia.items("/users/me/passkeys")
            #expect(list.count == 1 && list[0]["last_used_at"]?.string != nil && list[0]["rp_id"] == "site.test")
            let browser = try await site.post("/auth/passkey/options", [:])
            let body: JSON = ["credential": try device.prove(browser.json)]
            let cookie = try await site.send("POST", "/auth/passkey", ["X-Foyer-Session": "cookie"], body: body.bytes)
            #expect(cookie.status == 200 && cookie.json["csrf"]?.string != nil && !cookie.cookie.isEmpty)

            let owner = try await TestUser(site, .owner)
            let entries = try await owner.items("/audit?actor=\(mia.id.uuid)")
            #expect(entries.contains { $0["action"] == "passkey.add" })
            #expect(entries.contains { $0["action"] == "auth.login" && $0["payload"]?["after"]?["method"] == "passkey" })
        }
    }

    @Test(arguments: TestDatabase.all) func whoeverAddsOneProvesWhoTheyAre(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let mia = try await TestUser(site)
            #expect(try await mia.send("POST", "/users/me/passkeys/options").status == 422)
            let wrong = try await mia.send("POST", "/users/me/passkeys/options", ["password": "not hers"])
            #expect(wrong.status == 422 && wrong.json["errors"]?[0]?["code"] == "wrong_password")
            let code = try await mia.send("POST", "/users/me/passkeys/options", ["code": "123456"])
            #expect(code.status == 422 && code.json["errors"]?[0]?["code"] == "not_enrolled")
            // The challenge is the session's alone.
            var device = try SoftAuthenticator()
            let credential = try device.create(try await mia.options())
            let elsewhere = try await mia.signedInAgain()
            let other = try await TestUser(site)
            for user in [elsewhere, other] {
                let answer = try await user.send("POST", "/users/me/passkeys", ["credential": credential])
                #expect(answer.status == 422 && answer.json["errors"]?[0]?["code"] == "challenge_invalid", "\(answer.json.text)")
            }
            #expect(try await mia.send("POST", "/users/me/passkeys", ["credential": credential]).status == 201)
            // Without a password a sign-in a moment ago is enough.
            try await site.database.write { _ = try $0.execute("UPDATE users SET password_hash = NULL WHERE id = \(mia.id)") }
            #expect(try await mia.send("POST", "/users/me/passkeys/options").status == 200)
            try await site.database.write { _ = try $0.execute("UPDATE sessions SET created_at = created_at - 700000") }
            #expect(try await mia.send("POST", "/users/me/passkeys/options").json["errors"]?[0]?["pointer"] == "/code")
        }
    }

    @Test(arguments: TestDatabase.all) func aChallengeIsGoodOnceAndForFiveMinutes(_ kind: TestDatabase) async throws {
        let clock = MovableClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let mia = try await TestUser(site)
            var device = try await mia.device()
            let options = try await site.post("/auth/passkey/options", [:])
            let given: JSON = ["credential": try device.prove(options.json)]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await site.post("/auth/passkey", given).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.allSatisfy { $0 == 200 || $0 == 401 }, "\(statuses)")
            let late = try await site.post("/auth/passkey/options", [:])
            let registration = try await mia.options()
            clock.advance(seconds: 301)
            let answer = try await site.post("/auth/passkey", ["credential": try device.prove(late.json)])
            #expect(answer.status == 401 && answer.code == "passkey_invalid")
            var second = try SoftAuthenticator()
            let kept = try await mia.signedInAgain()
            #expect(try await kept.send("POST", "/users/me/passkeys", ["credential": try second.create(registration)]).status == 422)
            // One that nobody asked, and one that was asked for something else.
            let own: JSON = ["challenge": .string(Base64URL.encode(Random.bytes(32)))]
            #expect(try await site.post("/auth/passkey", ["credential": try device.prove(own)]).status == 401)
            #expect(try await site.post("/auth/passkey", ["credential": try device.prove(try await kept.options())]).status == 401)
            #expect(try await site.signIn(with: &device).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsSaidMustBeSo(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (mia, bob) = (try await TestUser(site), try await TestUser(site))
            var device = try await mia.device { $0.count = 1 }
            let others = try await bob.device()
            let lies: [(String, (inout SoftAuthenticator.Word) -> Void)] = [
                ("another origin", { $0.origin = "https://site.test.evil" }), ("its port", { $0.origin = "https://site.test:8443" }),
                ("no TLS", { $0.origin = "http://site.test" }), ("a subdomain", { $0.origin = "https://a.site.test" }),
                ("a slash", { $0.origin = "https://site.test/" }), ("another RP", { $0.relyingParty = "evil.test" }),
                ("another ceremony", { $0.type = "webauthn.create" }), ("a frame", { $0.crossOrigin = true }),
                ("nobody present", { $0.flags = 0x04 }), ("nobody verified", { $0.flags = 0x01 }),
                ("backed up, but not eligible", { $0.flags = 0x15 }), ("eligible now", { $0.flags = 0x0D }),
                ("another’s handle", { $0.handle = others.handle }), ("a handle of its own", { $0.handle = [1, 2, 3] }),
                ("a changed signature", { $0.tamper = { Array($0.dropLast()) + [$0[$0.count - 1] ^ 1] } }),
                ("no signature to speak of", { $0.tamper = { _ in [0] } }), ("an attested key", { $0.flags = 0x45 }),
            ]
            for (name, lie) in lies {
                let answer = try await site.signIn(with: &device, saying: lie)
                #expect(answer.status == 401 && answer.code == "passkey_invalid", "\(name): \(answer.status) \(answer.json.text)")
            }
            var unknown = try SoftAuthenticator()
            unknown.handle = device.handle
            #expect(try await site.signIn(with: &unknown).code == "passkey_invalid")
            #expect(try await site.signIn(with: &device) { $0.crossOrigin = false }.status == 200)

            let atRegistration: [(String, (inout SoftAuthenticator.Word) -> Void)] = [
                ("another origin", { $0.origin = "https://evil.test" }), ("another RP", { $0.relyingParty = "evil.test" }),
                ("another ceremony", { $0.type = "webauthn.get" }), ("a frame", { $0.crossOrigin = true }),
                ("nobody present", { $0.flags = 0x04 }), ("nobody verified", { $0.flags = 0x01 }), ("backed up", { $0.flags = 0x15 }),
                ("a byte more", { $0.tamper = { $0 + [0] } }), ("a byte less", { $0.tamper = { Array($0.dropLast()) } }),
                ("nothing", { $0.tamper = { _ in [0xA0] } }), ("a long length", { $0.tamper = { [0xB8, 0x03] + $0.dropFirst() } }),
                ("no definite length", { $0.tamper = { [0xBF] + $0.dropFirst() + [0xFF] } }),
            ]
            for (name, lie) in atRegistration {
                var new = try SoftAuthenticator()
                lie(&new.word)
                let answer = try await mia.register(&new)
                #expect(answer.status == 422, "\(name): \(answer.status) \(answer.json.text)")
            }
            var packed = try SoftAuthenticator()
            packed.word.tamper = { Array($0.dropLast()) + [$0[$0.count - 1] ^ 1] }
            #expect(try await mia.register(&packed, isPacked: true).status == 422)
            #expect(try await mia.items("/users/me/passkeys").count == 1)
            for credential in [JSON.null, "x", [:], ["type": "public-key", "id": "AAAA", "response": [:]]] as [JSON] {
                #expect(try await mia.send("POST", "/users/me/passkeys", ["credential": credential]).status == 422)
                #expect(try await site.post("/auth/passkey", ["credential": credential]).status == 422)
            }
            // From a page of another site.
            let body: JSON = [:]
            let foreign = try await site.send("POST", "/auth/passkey/options", ["Origin": "https://evil.test"], body: body.bytes)
            #expect(foreign.status == 403 && foreign.code == "origin_refused")
        }
    }

    /// WebAuthn §6.1.1: keys that stay on their device count; of keys that are copied the count says little.
    @Test(arguments: TestDatabase.all) func countersThatDoNotGrow(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (mia, owner) = (try await TestUser(site), try await TestUser(site, .owner))
            var bound = try await mia.device { $0.count = 5 }
            #expect(try await site.signIn(with: &bound).status == 200)
            bound.count = 3
            let copied = try await site.signIn(with: &bound)
            #expect(copied.status == 401 && copied.code == "passkey_copied", "\(copied.json.text)")
            bound.count = 5
            // 6 again.
            #expect(try await site.signIn(with: &bound).code == "passkey_copied")
            let entries = try await owner.items("/audit?action=passkey.counter")
            #expect(entries.count == 2 && entries.allSatisfy { $0["result"] == "fail" })
            #expect(try await site.signIn(with: &bound).status == 200)

            var still = try await mia.device()
            for _ in 0..<2 { #expect(try await site.signIn(with: &still).status == 200) }

            var synced = try await mia.device {
                $0.word.flags = 0x1D
                $0.count = 5
            }
            #expect(try await mia.items("/users/me/passkeys").last?["synced"] == true)
            #expect(try await site.signIn(with: &synced).status == 200)
            synced.count = 3
            #expect(try await site.signIn(with: &synced).status == 200)
            #expect(try await owner.items("/audit?action=passkey.counter&result=success").count == 1)
            // Not backed up any more, which may be; but it cannot become a key that never is.
            #expect(try await site.signIn(with: &synced) { $0.flags = 0x0D }.status == 200)
            #expect(try await site.signIn(with: &synced) { $0.flags = 0x05 }.status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func namedRemovedAndNotTheLastWayIn(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (mia, bob) = (try await TestUser(site), try await TestUser(site))
            var device = try await mia.device()
            let id = try #require(try await mia.items("/users/me/passkeys").first?["id"]?.string)
            let path = "/users/me/passkeys/\(id)"
            #expect(try await mia.send("PATCH", path, ["name": "Desk"]).json["name"] == "Desk")
            #expect(try await mia.send("PATCH", path, ["name": ""]).status == 422)
            #expect(try await mia.send("PATCH", path, ["name": .string(String(repeating: "a", count: 65))]).status == 422)
            for method in ["PATCH", "DELETE"] {
                #expect(try await bob.send(method, path, method == "PATCH" ? ["name": "x"] : nil).status == 404)
            }
            try await site.database.write { _ = try $0.execute("UPDATE users SET password_hash = NULL WHERE id = \(mia.id)") }
            let last = try await mia.send("DELETE", path)
            #expect(last.status == 409 && last.code == "last_way_in")
            #expect(try await site.signIn(with: &device).status == 200)
            _ = try await mia.send("POST", "/users/me/passkeys/options")
            var second = try SoftAuthenticator()
            let options = try await mia.send("POST", "/users/me/passkeys/options")
            #expect(try await mia.send("POST", "/users/me/passkeys", ["credential": try second.create(options.json)]).status == 201)
            // Of two removals at once one stays.
            let all = try await mia.items("/users/me/passkeys").compactMap { $0["id"]?.string }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for id in all { group.addTask { try await mia.send("DELETE", "/users/me/passkeys/\(id)").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [204, 409])
            #expect(try await mia.items("/users/me/passkeys").count == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func twentyAreTheLimitAndNoneIsTwoPeoples(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (mia, bob) = (try await TestUser(site), try await TestUser(site))
            var device = try SoftAuthenticator()
            #expect(try await mia.register(&device).status == 201)
            let again = try await mia.register(&device)
            #expect(again.status == 409 && again.code == "already_registered")
            #expect(try await bob.register(&device).code == "already_registered")
            // Options that were asked before the last one came.
            let early = try await mia.options()
            for _ in 1..<20 {
                var next = try SoftAuthenticator()
                #expect(try await mia.register(&next).status == 201)
            }
            let full = try await mia.send("POST", "/users/me/passkeys/options", ["password": .string(TestSite.password)])
            #expect(full.status == 409 && full.code == "too_many_passkeys")
            var late = try SoftAuthenticator()
            let answer = try await mia.send("POST", "/users/me/passkeys", ["credential": try late.create(early)])
            #expect(answer.code == "too_many_passkeys", "\(answer.json.text)")
            #expect(try await mia.items("/users/me/passkeys").count == 20)
        }
    }
}
