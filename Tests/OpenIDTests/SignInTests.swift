import Authorization
import Crypto
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Accounts
@testable import OpenID
@testable import Server

/// Who comes in with a provider, and as whom.
@Suite struct SignInTests {
    @Test(arguments: TestDatabase.all) func somebodyNewComesThroughTheDoorAndThenSignsIn(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind, ["trusts_email": true]) { openID in
            let (site, offered) = (openID.site, try await openID.site.send("GET", "/auth/providers"))
            #expect(offered.json["items"] == [["key": "ours", "name": "Our provider"]])
            let journey = try await openID.begin(returnTo: "/films?sort=year")
            #expect(journey.location.hasPrefix("\(openID.provider.issuer)/authorize?tenant=1&response_type=code&client_id=foyer-client&"))
            #expect(journey.location.contains("code_challenge_method=S256") && journey.location.contains("scope=openid%20email%20profile"))
            let ticket = try openID.ticket(try await openID.finish(journey))
            let read = try await site.send(
                "POST", "/auth/oidc/ticket", ["Cookie": ticket.cookie], body: (["ticket": .string(ticket.secret)] as JSON).bytes)
            #expect(read.json["step"] == "join" && read.json["username"] == "new.comer" && read.json["return_to"] == "/films?sort=year")
            #expect(read.json["email_is_proven"] == true && read.json["needs_password"] == false)
            #expect(try await openID.complete((ticket.secret, "a=b"), ["username": "newcomer"]).code == "openid_expired")
            #expect(try await openID.complete(ticket, ["username": "!"]).status == 422)
            let joined = try await openID.complete(ticket, ["username": "newcomer", "display_name": "New Comer"])
            #expect(joined.status == 201, "\(joined.json.text)")
            #expect(try await openID.complete(ticket, ["username": "newcomer2"]).code == "openid_expired")
            let cookie = openID.session(joined)
            #expect(try await openID.username(cookie) == "newcomer")
            // From now on they are known.
            let again = try await openID.finish(try await openID.begin(returnTo: "/films"))
            #expect(again.status == 303 && again.headers["Location"] == "/films")
            #expect(try await openID.username(openID.session(again)) == "newcomer")
            let listed = try await site.send("GET", "/users/me/identities", ["Cookie": cookie ?? ""]).json["items"]?[0]
            #expect(
                listed?["label"] == "newcomer@provider.test" && listed?["removable"] == false && listed?["last_used_at"]?.isNull == false)
            #expect(try await openID.audited("identity.link") == 1)
            let address = try await site.database.read {
                try $0.row("SELECT email_verified_at FROM users WHERE username = 'newcomer'")?.optionalTime(0)
            }
            #expect(address != nil)
        }
    }

    @Test(arguments: TestDatabase.all) func anUnprovenAddressHasToAnswer(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let site = openID.site
            let ticket = try openID.ticket(try await openID.signIn())
            let fields: JSONObject = ["username": "newcomer"]
            #expect(try await openID.complete(ticket, fields).json["errors"]?[0]?["pointer"] == "/password")
            let password = "a long enough one"
            let waits = try await openID.complete(ticket, ["username": "newcomer", "password": .string(password)])
            #expect(waits.status == 202 && waits.json["state"] == "verify_email")
            #expect(openID.refusal(try await openID.signIn()) == "email_unverified")
            let token = try await site.mailed(to: "newcomer@provider.test")
            let verified = try await site.post("/auth/email/verify", ["token": .string(token), "password": .string(password)])
            #expect(verified.json["state"] == "active", "\(verified.json.text)")
            #expect(try await openID.username(openID.session(try await openID.signIn())) == "newcomer")
        }
    }

    @Test(arguments: TestDatabase.all) func theTeamDecidesWhereItsWordIsNeeded(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind, ["trusts_email": true], site: ["registration": "approval"]) { openID in
            let ticket = try openID.ticket(try await openID.signIn())
            let waits = try await openID.complete(ticket, ["username": "newcomer"])
            #expect(waits.status == 202 && waits.json["state"] == "pending_approval")
            #expect(openID.refusal(try await openID.signIn()) == "pending_approval")
            let waiting = try #require(try await openID.owner.items("/registrations").first?["id"]?.string)
            #expect(try await openID.owner.send("POST", "/registrations/\(waiting)/approve").status < 300)
            #expect(try await openID.username(openID.session(try await openID.signIn())) == "newcomer")
        }
        try await OpenIDSite.with(kind, site: ["registration": "closed"]) { openID in
            let refused = try await openID.signIn()
            #expect(openID.refusal(refused) == "registration_closed")
        }
    }

    @Test(arguments: TestDatabase.all) func anAddressThatExistsIsNotTakenOver(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let (site, member) = (openID.site, try await TestUser(openID.site))
            openID.provider.change { [name = member.person.name] in
                $0.claims = { $0["email"] = .string("\(name.uppercased())@site.test") }
            }
            #expect(openID.refusal(try await openID.signIn()) == "openid_address_exists")
            // Trusted, but the member never proved the address.
            let path = "/identity-providers/\(openID.providerID)"
            #expect(try await openID.owner.send("PATCH", path, ["trusts_email": true]).status == 200)
            #expect(openID.refusal(try await openID.signIn()) == "openid_address_exists")
            try await site.database.write { [now = site.now] transaction in
                try transaction.execute("UPDATE users SET email_verified_at = \(now) WHERE id = \(member.id)")
                try AddressProof.set(member.id, at: now, in: transaction)
            }
            // What is like true is not true: somebody who proved nothing learns nothing of the address.
            for claim in [.string("true"), .integer(1), .null] as [JSON] {
                openID.provider.change { [name = member.person.name] in
                    $0.claims = { ($0["email"], $0["email_verified"]) = (.string("\(name)@site.test"), claim) }
                }
                _ = try openID.ticket(try await openID.signIn())
            }
            openID.provider.change { [name = member.person.name] in $0.claims = { $0["email"] = .string("\(name)@site.test") } }
            #expect(try await openID.username(openID.session(try await openID.signIn())) == member.person.name)
            #expect(try await openID.audited("identity.link") == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aMemberConnectsAndDisconnects(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let (site, member, other) = (openID.site, try await TestUser(openID.site), try await TestUser(openID.site))
            let wrong = try await member.send("POST", "/users/me/identities", ["provider": "ours", "password": "not theirs"])
            #expect(wrong.status == 422 && wrong.json["errors"]?[0]?["code"] == "wrong_password")
            #expect(try await member.send("POST", "/users/me/identities", ["provider": "ours"]).status == 422)
            let linked = try await openID.link(member)
            #expect(linked.status == 303 && linked.headers["Location"] == "/settings/security")
            #expect(try await openID.username(openID.session(try await openID.signIn())) == member.person.name)
            // The same person at the provider cannot be two members.
            #expect(openID.refusal(try await openID.link(other)) == "identity_taken")
            let body: JSON = ["provider": "ours", "password": .string(TestSite.password)]
            #expect(try await member.send("POST", "/users/me/identities", body).code == "already_linked")
            // Another session, or none, does not finish a link.
            let (browser, second) = (try await site.signIn(other.person), try await site.signIn(member.person))
            let started = try await site.send(
                "POST", "/users/me/identities", ["Cookie": browser.cookie, "X-Foyer-CSRF": browser.csrf], body: body.bytes)
            let journey = try openID.journey(try started.text("location"), started)
            #expect(openID.refusal(try await openID.finish(journey, cookies: [second.cookie])) == "openid_other_session")
            let identity = try #require(try await member.items("/users/me/identities").first?["id"]?.string)
            #expect(try await other.send("DELETE", "/users/me/identities/\(identity)").status == 404)
            #expect(try await member.send("DELETE", "/users/me/identities/\(identity)").status == 204)
            #expect(try await openID.audited("identity.unlink") == 1)
            _ = try openID.ticket(try await openID.signIn())
        }
    }

    @Test(arguments: TestDatabase.all) func theLastWayInStays(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind, ["trusts_email": true]) { openID in
            let site = openID.site
            let joined = try await openID.complete(try openID.ticket(try await openID.signIn()), ["username": "newcomer"])
            let headers: HTTPHeaders = ["Cookie": openID.session(joined) ?? "", "X-Foyer-CSRF": try joined.text("csrf")]
            let identity = try #require(
                try await site.send("GET", "/users/me/identities", headers).json["items"]?[0]?["id"]?.string)
            #expect(try await site.send("DELETE", "/users/me/identities/\(identity)", headers).code == "last_way_in")
            // A new password by mail is another way, and leaves what was connected after the address was proven.
            _ = try await site.post("/auth/password/forgot", ["email": "newcomer@provider.test"])
            try await site.accounts.grantWishes()
            let token = try await site.mailed(to: "newcomer@provider.test")
            let reset = try await site.post("/auth/password/reset", ["token": .string(token), "password": "a long enough one"])
            #expect(reset.status == 204)
            let again = try await openID.signIn()
            let session = try await site.send("GET", "/auth/session", ["Cookie": openID.session(again) ?? ""])
            let fresh: HTTPHeaders = ["Cookie": openID.session(again) ?? "", "X-Foyer-CSRF": try session.text("csrf")]
            #expect(try await site.send("DELETE", "/users/me/identities/\(identity)", fresh).status == 204)
        }
    }

    @Test(arguments: TestDatabase.all) func aResetEndsWhatWasConnectedBeforeTheAddressWasProven(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let (site, member) = (openID.site, try await TestUser(openID.site))
            #expect(try await openID.link(member).status == 303)
            _ = try await site.post("/auth/password/forgot", ["email": .string("\(member.person.name)@site.test")])
            try await site.accounts.grantWishes()
            let token = try await site.mailed(to: "\(member.person.name)@site.test")
            let reset = try await site.post("/auth/password/reset", ["token": .string(token), "password": "a long enough one"])
            #expect(reset.status == 204)
            #expect(try await site.count("external_identities") == 0)
        }
    }

    private static func bytes(ofBase32 text: String) -> [UInt8] {
        var (bytes, buffer, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
        for letter in text.utf8 {
            let value = letter >= UInt8(ascii: "A") ? letter - UInt8(ascii: "A") : letter - UInt8(ascii: "2") + 26
            (buffer, bits) = (buffer << 5 | UInt32(value), bits + 5)
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
        }
        return bytes
    }

    @Test(arguments: TestDatabase.all) func theSecondFactorIsAsked(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let (site, member) = (openID.site, try await TestUser(openID.site))
            #expect(try await openID.link(member).status == 303)
            let begun = try await member.send("POST", "/users/me/totp", ["password": .string(TestSite.password)])
            let secret = Self.bytes(ofBase32: try begun.text("secret"))
            let code = { (steps: Int64) in
                try TOTP.code(secret: secret, step: TOTP.step(atMilliseconds: site.now.milliseconds) + steps)
            }
            #expect(try await member.send("POST", "/users/me/totp/confirm", ["code": .string(try code(0))]).status == 200)
            let asked = try await openID.signIn()
            #expect(openID.session(asked) == nil)
            let ticket = try openID.ticket(asked)
            #expect(try await openID.complete(ticket, ["otp": "000000"]).code == "otp_invalid")
            #expect(try await openID.complete(ticket, ["otp": .string(try code(1))]).status == 200)
            #expect(try await openID.complete(ticket, ["otp": .string(try code(2))]).code == "openid_expired")
            // What the provider says of a second factor counts where an owner trusts it with that.
            openID.provider.change { $0.claims = { $0["amr"] = ["pwd", "otp"] } }
            _ = try openID.ticket(try await openID.signIn())
            let path = "/identity-providers/\(openID.providerID)"
            #expect(try await openID.owner.send("PATCH", path, ["trusts_mfa": true]).status == 200)
            #expect(try await openID.username(openID.session(try await openID.signIn())) == member.person.name)
            openID.provider.change { $0.claims = { $0["amr"] = ["pwd"] } }
            _ = try openID.ticket(try await openID.signIn())
        }
    }

    @Test(arguments: TestDatabase.all) func whoIsBarredStaysOut(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let member = try await TestUser(openID.site)
            #expect(try await openID.link(member).status == 303)
            #expect(try await openID.owner.send("POST", "/users/\(member.alias)/disable", [:]).status < 300)
            #expect(openID.refusal(try await openID.signIn()) == "disabled")
            #expect(try await openID.owner.send("POST", "/users/\(member.alias)/enable", [:]).status < 300)
            #expect(try await openID.owner.send("POST", "/users/\(member.alias)/ban", ["reason": "spam"]).status < 300)
            #expect(openID.refusal(try await openID.signIn()) == "banned")
        }
    }
}
