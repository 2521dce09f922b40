import Authorization
import Crypto
import Database
import FeatureKit
import HTTP
import Kernel
import Passkeys
import SiteSupport
import TestSupport
import Testing

@testable import Accounts
@testable import Server

/// Passkeys beside the rest of an account: second factor, bans, lost addresses, other addresses of the site.
@Suite struct PasskeyAccountTests {
    /// Switches on the authenticator app.
    private func enrol(_ user: TestUser) async throws {
        let begun = try await user.send("POST", "/users/me/totp", ["password": .string(TestSite.password)])
        let secret = Self.bytes(ofBase32: try begun.text("secret"))
        let code = try TOTP.code(secret: secret, step: TOTP.step(atMilliseconds: user.site.now.milliseconds))
        try #require(try await user.send("POST", "/users/me/totp/confirm", ["code": .string(code)]).status == 200)
    }

    private static func bytes(ofBase32 text: String) -> [UInt8] {
        let values = text.compactMap { Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").firstIndex(of: $0) }
        let bits = values.flatMap { value in (0..<5).reversed().map { value >> $0 & 1 } }
        return stride(from: 0, through: bits.count - 8, by: 8).map { UInt8(bits[$0..<$0 + 8].reduce(0) { $0 << 1 | $1 }) }
    }

    @Test(arguments: TestDatabase.all) func oneStandsForTheCode(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (mia, bob) = (try await TestUser(site), try await TestUser(site))
            var device = try await mia.device()
            var others = try await bob.device()
            let login: JSONObject = ["username": .string(mia.person.name), "password": .string(TestSite.password)]
            // A passkey alone asks for nothing.
            #expect(try await site.post("/auth/login", .object(login)).status == 200)
            try await enrol(mia)
            let asked = try await site.post("/auth/login", .object(login))
            #expect(asked.status == 401 && asked.code == "otp_required")
            #expect(asked.json["methods"] == ["totp", "recovery_code", "passkey"])
            let offer = try #require(asked.json["passkey"])
            #expect(offer["allowCredentials"]?[0]?["id"]?.string == Base64URL.encode(device.id))

            func answer(_ credential: JSON) async throws -> TestSite.Answer {
                var body = login
                body.append("passkey", credential)
                return try await site.post("/auth/login", .object(body))
            }
            // Somebody else's, and a challenge of the other kind.
            #expect(try await answer(try others.prove(offer)).code == "passkey_invalid")
            let alone = try await site.post("/auth/passkey/options", [:]).json
            #expect(try await answer(try device.prove(alone)).code == "passkey_invalid")
            #expect(try await site.post("/auth/passkey", ["credential": try device.prove(offer)]).code == "passkey_invalid")
            #expect(try await answer("nonsense").status == 422)
            // Behind the password nobody needs to be verified.
            let fresh = try #require(try await site.post("/auth/login", .object(login)).json["passkey"])
            device.word.flags = 0x01
            let proof = try device.prove(fresh)
            let entered = try await answer(proof)
            #expect(entered.status == 200, "\(entered.json.text)")
            #expect(try await answer(proof).code == "passkey_invalid")
            // The wrong password tells of nothing.
            let wrong: JSON = ["username": .string(mia.person.name), "password": "not hers", "passkey": proof]
            #expect(try await site.post("/auth/login", wrong).code == "invalid_credentials")
            device.word.flags = 0x05
            // Alone it needs no code.
            #expect(try await site.signIn(with: &device).status == 200)
            // Whoever has none is not offered any.
            let third = try await TestUser(site)
            try await enrol(third)
            let plain: JSON = ["username": .string(third.person.name), "password": .string(TestSite.password)]
            let plainly = try await site.post("/auth/login", plain)
            #expect(plainly.json["methods"] == ["totp", "recovery_code"] && plainly.json["passkey"] == nil)
        }
    }

    @Test(arguments: TestDatabase.all) func theBannedTheDisabledAndTheGoneStayOut(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let owner = try await TestUser(site, .owner)
            let (mia, bob, eve) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            var (miaDevice, bobDevice, eveDevice) = (try await mia.device(), try await bob.device(), try await eve.device())
            #expect(try await owner.send("POST", "/users/\(mia.alias)/ban", ["reason": "spam"]).status == 200)
            let banned = try await site.signIn(with: &miaDevice)
            #expect(banned.status == 423 && banned.code == "banned" && banned.json["appeal_token"]?.string != nil)
            #expect(try await owner.send("POST", "/users/\(bob.alias)/disable").status == 200)
            #expect(try await site.signIn(with: &bobDevice).code == "disabled")
            #expect(try await owner.send("DELETE", "/users/\(eve.alias)").status == 204)
            #expect(try await site.signIn(with: &eveDevice).status == 401)
            #expect(try await owner.send("DELETE", "/users/\(eve.id.uuid)?hard=true").status == 204)
            #expect(try await site.count("passkeys") == 2)
            // Who left comes back with it.
            #expect(try await owner.send("POST", "/users/\(bob.alias)/enable").status == 200)
            let back = try await bob.signedInAgain()
            #expect(try await back.send("POST", "/auth/leave", ["password": .string(TestSite.password)]).status == 200)
            #expect(try await site.signIn(with: &bobDevice).status == 200)
        }
    }

    /// Whoever registered with somebody else's address loses the way in that they left there.
    @Test(arguments: TestDatabase.all) func aResetEndsWhatCameBeforeTheProof(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let mia = try await TestUser(site)
            var device = try await mia.device()
            let address = "\(mia.person.name)@site.test"
            #expect(try await site.post("/auth/password/forgot", ["email": .string(address)]).status == 202)
            try await site.accounts.grantWishes()
            let token = try await site.mailed(to: address)
            let reset: JSON = ["token": .string(token), "password": "another long passphrase"]
            #expect(try await site.post("/auth/password/reset", reset).status == 204)
            #expect(try await site.signIn(with: &device).code == "passkey_invalid")
            #expect(try await site.count("passkeys") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func aNewOneIsToldByMailAndIsInTheCopy(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let mia = try await TestUser(site)
            _ = try await mia.device()
            #expect(try await site.mailed(to: "\(mia.person.name)@site.test").hasSuffix("/settings/security"))
            let copy = try await site.database.read { transaction in
                try site.composition.features.export(mia.id, in: transaction)
            }
            let passkey = copy["passkeys"]?["passkeys"]?[0]
            #expect(passkey?["rp_id"] == "site.test" && passkey?.object?.names.contains("public_key") == false)
            try await site.database.write { try site.composition.features.erase(mia.id, in: $0) }
            #expect(try await site.count("passkeys") == 0)
        }
    }

    @Test func anotherAddressMakesThemUselessAndAnIPHasNone() async throws {
        try await TestSite.with(.sqlite, settings: ["public-url": "https://127.0.0.1:8443"]) { site in
            let mia = try await TestUser(site)
            let list = try await mia.send("GET", "/users/me/passkeys")
            #expect(list.json["rp_id"] == .null && list.json["unavailable"]?.string?.contains("host name") == true)
            for (path, token) in [("/auth/passkey/options", nil), ("/users/me/passkeys/options", mia.token)] as [(String, String?)] {
                let answer = try await site.post(path, path.hasPrefix("/auth") ? [:] : ["password": .string(TestSite.password)], as: token)
                #expect(answer.status == 409 && answer.code == "passkeys_unavailable", "\(path)")
            }
        }
        try await TestSite.with(.sqlite, settings: ["public-url": "https://chat.site.test", "passkey-rp-id": "site.test"]) { site in
            let mia = try await TestUser(site)
            var device = try await mia.device { $0.word.origin = "https://chat.site.test" }
            #expect(try await site.signIn(with: &device).status == 200)
            #expect(try await site.signIn(with: &device) { $0.origin = "https://site.test" }.status == 401)
            try await site.database.write { _ = try $0.execute("UPDATE passkeys SET rp_id = 'old.test'") }
            #expect(try await mia.items("/users/me/passkeys").first?["usable"] == false)
            // It is no way in, so it may go, even as the only one.
            let id = try #require(try await mia.items("/users/me/passkeys").first?["id"]?.string)
            #expect(try await mia.send("DELETE", "/users/me/passkeys/\(id)").status == 204)
        }
    }

    @Test func theSettingMustGoWithTheAddress() throws {
        let isAddress: (String) -> Bool = { $0 == "10.0.0.1" }
        let good: [(String, String?, String)] = [
            ("https://foyer.example", nil, "foyer.example"), ("https://chat.foyer.example:8443", "foyer.example", "foyer.example"),
            ("http://localhost:8080", nil, "localhost"),
        ]
        for (url, id, expected) in good {
            #expect(
                try PasskeyOptions(publicURL: url, id: id, isAddress: isAddress).relyingParty == RelyingParty(id: expected, origin: url))
        }
        let bad: [(String?, String)] = [
            ("https://foyer.example", "example"), ("https://foyer.example", "oyer.example"), ("https://foyer.example", "evil.test"),
            ("https://foyer.example", "a.foyer.example"), ("https://10.0.0.1", "foyer.example"), ("https://[::1]", "foyer.example"),
            (nil, "foyer.example"),
        ]
        for (url, id) in bad {
            #expect(throws: PasskeyOptions.Fault.self) { try PasskeyOptions(publicURL: url, id: id, isAddress: isAddress) }
        }
        for url in [nil, "https://10.0.0.1", "https://[::1]:8080"] {
            #expect(try PasskeyOptions(publicURL: url, id: nil, isAddress: isAddress).relyingParty == nil)
        }
    }
}
