import Crypto
import Database
import HTTP
import Kernel
import SiteSupport
import Synchronization
import TestSupport
import Testing

@testable import OpenID
@testable import Server

/// A provider, a browser or somebody in between that does not do what it should.
@Suite struct HostileTests {
    private struct Spoiled: Sendable {
        let name: String
        let claims: @Sendable (inout JSONObject) -> Void

        init(_ name: String, _ claims: @escaping @Sendable (inout JSONObject) -> Void) { (self.name, self.claims) = (name, claims) }
    }

    /// OpenID Connect Core §3.1.3.7, claim by claim.
    private static let spoiled: [Spoiled] = {
        let now = Timestamp.now.milliseconds / 1000
        return [
            Spoiled("another issuer") { $0["iss"] = "http://127.0.0.1:1" },
            Spoiled("an issuer with a slash more") { $0["iss"] = .string(($0["iss"]?.string ?? "") + "/") },
            Spoiled("no issuer") { $0["iss"] = nil },
            Spoiled("no audience") { $0["aud"] = nil },
            Spoiled("an empty audience") { $0["aud"] = [] },
            Spoiled("another's audience") { $0["aud"] = "another-client" },
            Spoiled("an audience that is no text") { $0["aud"] = ["foyer-client", 1] },
            Spoiled("two audiences, no party") { $0["aud"] = ["foyer-client", "another-client"] },
            Spoiled("another party") { ($0["aud"], $0["azp"]) = (["foyer-client", "another-client"], "another-client") },
            Spoiled("another party of one audience") { $0["azp"] = "another-client" },
            Spoiled("expired") { $0["exp"] = .integer(now - 61) },
            Spoiled("no end") { $0["exp"] = nil },
            Spoiled("an end that is a text") { $0["exp"] = .string("\(now + 300)") },
            Spoiled("made in the future") { $0["iat"] = .integer(now + 90) },
            Spoiled("made long ago") { $0["iat"] = .integer(now - 700) },
            Spoiled("made at no time") { $0["iat"] = nil },
            Spoiled("not yet good") { $0["nbf"] = .integer(now + 90) },
            Spoiled("another nonce") { $0["nonce"] = "another" },
            Spoiled("no nonce") { $0["nonce"] = nil },
            Spoiled("another access token") { $0["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" },
            Spoiled("no subject") { $0["sub"] = nil },
            Spoiled("an empty subject") { $0["sub"] = "" },
            Spoiled("a subject of 256 bytes") { $0["sub"] = .string(String(repeating: "s", count: 256)) },
        ]
    }()

    @Test(arguments: TestDatabase.all) func aSpoiledTokenOpensNothing(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let member = try await TestUser(openID.site)
            #expect(try await openID.link(member).status == 303)
            let sessions = try await openID.site.count("sessions")
            for each in Self.spoiled {
                openID.provider.change { $0.claims = each.claims }
                #expect(openID.refusal(try await openID.signIn()) == "openid_refused", "\(each.name)")
            }
            #expect(try await openID.site.count("sessions") == sessions)
            // What differs by less than clocks do is good, and so are several audiences with us as the party.
            let now = Timestamp.now.milliseconds / 1000
            openID.provider.change {
                $0.claims = {
                    ($0["exp"], $0["iat"], $0["nbf"]) = (.integer(now - 30), .integer(now + 30), .integer(now + 30))
                    ($0["aud"], $0["azp"], $0["at_hash"]) = (["another-client", "foyer-client"], "foyer-client", nil)
                }
            }
            #expect(try await openID.username(openID.session(try await openID.signIn())) == member.person.name)
        }
    }

    @Test(arguments: TestDatabase.all) func onlySignaturesOfTheProvidersKeysCount(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let member = try await TestUser(openID.site)
            #expect(try await openID.link(member).status == 303)
            let unsigned: @Sendable (String) -> String = { token in
                let parts = token.split(separator: ".", omittingEmptySubsequences: false)
                return "\(Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))).\(parts[1])."
            }
            let point = Base64URL.encode(openID.provider.script.withLock { $0.signing.key.publicKey.point })
            let symmetric: @Sendable (String, [UInt8]) -> String = { token, secret in
                let parts = token.split(separator: ".")
                let input = "\(Base64URL.encode(Array(#"{"alg":"HS256","kid":"first"}"#.utf8))).\(parts[1])"
                return "\(input).\(Base64URL.encode(HMACKey(secret).authenticate(Array(input.utf8))))"
            }
            let changed: @Sendable (String) -> String = { token in
                let parts = token.split(separator: ".")
                var claims = Base64URL.decode(parts[1]) ?? []
                claims[claims.count - 1] = UInt8(ascii: " ")
                return "\(parts[0]).\(Base64URL.encode(claims + Array("}".utf8))).\(parts[2])"
            }
            let tokens: [(String, @Sendable (String) -> String)] = [
                ("none", unsigned), ("the secret", { symmetric($0, Array(HostileProvider.secret.utf8)) }),
                ("the public key as a secret", { symmetric($0, Base64URL.decode(point) ?? []) }), ("changed claims", changed),
                ("no signature", { $0.split(separator: ".").prefix(2).joined(separator: ".") + "." }),
                ("two parts", { "\($0.prefix(20))" }),
                ("a part more", { $0 + ".AAAA" }), ("too long", { $0 + String(repeating: "A", count: 20_000) }),
            ]
            for (name, token) in tokens {
                openID.provider.change { $0.token = token }
                #expect(openID.refusal(try await openID.signIn()) == "openid_refused", "\(name)")
            }
            openID.provider.change { $0.token = nil }
            let headers: [(String, @Sendable (inout JSONObject) -> Void)] = [
                ("demands to be understood", { $0["crit"] = ["b64"] }), ("another algorithm", { $0["alg"] = "RS256" }),
                ("one that the provider does not name", { $0["alg"] = "ES512" }), ("a token for access", { $0["typ"] = "at+jwt" }),
                ("a logout token", { $0["typ"] = "logout+jwt" }),
            ]
            for (name, header) in headers {
                openID.provider.change { $0.header = header }
                #expect(openID.refusal(try await openID.signIn()) == "openid_refused", "\(name)")
            }
            // A key that the token brings along is not used.
            let foreign = try ES256Key.generate()
            openID.provider.change { script in
                script.header = { $0["jwk"] = HostileProvider.jwk(foreign, "first") }
                script.signing = ("first", foreign)
            }
            #expect(openID.refusal(try await openID.signIn()) == "openid_refused")
        }
    }

    @Test(arguments: TestDatabase.all) func keysMayChange(_ kind: TestDatabase) async throws {
        let time = TestClock()
        try await OpenIDSite.with(kind, clock: time.clock) { openID in
            let member = try await TestUser(openID.site)
            #expect(try await openID.link(member).status == 303)
            let name = member.person.name
            let requests = { openID.provider.script.withLock { $0.keyRequests } }
            #expect(requests() == 1)
            #expect(try await openID.username(openID.session(try await openID.signIn())) == name)
            #expect(requests() == 1)
            // Another key under another name, a minute later: one request more.
            time.advance(seconds: 61)
            let second = try ES256Key.generate()
            openID.provider.change { ($0.published, $0.signing) = ([("second", second)], ("second", second)) }
            openID.provider.change { $0.claims = Self.shifted(61) }
            #expect(try await openID.username(openID.session(try await openID.signIn())) == name)
            #expect(requests() == 2)
            // Tokens that no key fits ask again once a minute, however many they are.
            let stranger = try ES256Key.generate()
            openID.provider.change { $0.signing = ("unknown", stranger) }
            for _ in 0..<5 { #expect(openID.refusal(try await openID.signIn()) == "openid_refused") }
            #expect(requests() == 2)
            time.advance(seconds: 61)
            openID.provider.change { $0.claims = Self.shifted(122) }
            for _ in 0..<5 { #expect(openID.refusal(try await openID.signIn()) == "openid_refused") }
            #expect(requests() == 3)
            // Another key under the old name is noticed, too; and one without a name is tried.
            time.advance(seconds: 61)
            openID.provider.change { ($0.published, $0.signing) = ([("second", stranger)], ("second", stranger)) }
            openID.provider.change { $0.claims = Self.shifted(183) }
            #expect(try await openID.username(openID.session(try await openID.signIn())) == name)
            openID.provider.change { $0.signing = (nil, stranger) }
            #expect(try await openID.username(openID.session(try await openID.signIn())) == name)
            // A set that cannot be had, is no set or is too large leaves the old one.
            for broken in ["{}", "[]", "not JSON", "{\"keys\": [" + String(repeating: " ", count: 1_100_000) + "]}"] {
                openID.provider.change { $0.keySet = broken }
                time.advance(seconds: 90_000)
                let shift = time.clock.now().milliseconds / 1000 - Timestamp.now.milliseconds / 1000
                openID.provider.change { $0.claims = Self.shifted(shift) }
                #expect(try await openID.username(openID.session(try await openID.signIn())) == name)
            }
        }
    }

    private static func shifted(_ seconds: Int64) -> @Sendable (inout JSONObject) -> Void {
        { claims in
            for name in ["iat", "exp"] { claims[name] = .integer((claims[name]?.integer ?? 0) + seconds) }
        }
    }

    @Test(arguments: TestDatabase.all) func aSignInBelongsToItsBrowserAndIsGoodOnce(_ kind: TestDatabase) async throws {
        let time = TestClock()
        try await OpenIDSite.with(kind, clock: time.clock) { openID in
            let (site, member) = (openID.site, try await TestUser(openID.site))
            #expect(try await openID.link(member).status == 303)
            // Two tabs: both finish, in either order.
            let first = try await openID.begin()
            let asked = openID.provider.script.withLock { ($0.nonce, $0.challenge) }
            let second = try await openID.begin(cookies: first.cookie)
            #expect(openID.session(try await openID.finish(second)) != nil)
            openID.provider.change { ($0.nonce, $0.challenge) = asked }
            #expect(openID.session(try await openID.finish(first)) != nil)
            // A second time, and in another browser, it is over.
            #expect(openID.refusal(try await openID.finish(first)) == "openid_expired")
            let third = try await openID.begin()
            let stolen = try await site.send("GET", "/auth/oidc/ours/callback?state=\(third.state)&code=the-code")
            #expect(openID.refusal(stolen) == "openid_expired")
            #expect(openID.session(try await openID.finish(third)) != nil)
            // Without a state, with a foreign one, of another provider, and after ten minutes.
            #expect(openID.refusal(try await site.send("GET", "/auth/oidc/ours/callback?code=the-code")) == "openid_expired")
            let fourth = try await openID.begin()
            let other = try await site.send(
                "GET", "/auth/oidc/other/callback?state=\(fourth.state)&code=the-code", ["Cookie": fourth.cookie])
            #expect(openID.refusal(other) == "openid_expired")
            let fifth = try await openID.begin()
            time.advance(seconds: 601)
            #expect(openID.refusal(try await openID.finish(fifth)) == "openid_expired")
            await openID.work(time)
            #expect(try await site.count("sign_in_attempts") == 0)
            // At most eight cookies: the ninth takes the place of the first.
            var cookies: [String] = []
            for _ in 0..<8 { cookies.append(try await openID.begin(cookies: cookies.joined(separator: "; ")).cookie) }
            let ninth = try await site.send("GET", "/auth/oidc/ours/start", ["Cookie": cookies.joined(separator: "; ")])
            #expect(ninth.headers.values("Set-Cookie").count { $0.contains("Max-Age=0") } == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func theAnswerNamesTheProvider(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let member = try await TestUser(openID.site)
            #expect(try await openID.link(member).status == 303)
            let finish = { (more: String) in try await openID.finish(try await openID.begin(), with: more) }
            #expect(openID.refusal(try await finish("&code=the-code&iss=https%3A%2F%2Fanother.test")) == "openid_refused")
            let own = PercentCoding.encode(openID.provider.issuer)
            #expect(openID.session(try await finish("&code=the-code&iss=\(own)")) != nil)
            #expect(openID.refusal(try await finish("&error=access_denied&iss=\(own)")) == "openid_declined")
            #expect(openID.refusal(try await finish("&error=server_error")) == "openid_refused")
            #expect(openID.refusal(try await finish("")) == "openid_refused")
            #expect(openID.refusal(try await finish("&code=another")) == "openid_refused")
            // A provider that says that it names itself must do so.
            openID.provider.change { $0.discovery = { $0["authorization_response_iss_parameter_supported"] = true } }
            #expect(try await openID.owner.send("PATCH", "/identity-providers/\(openID.providerID)", ["enabled": true]).status == 200)
            #expect(openID.refusal(try await finish("&code=the-code")) == "openid_refused")
            openID.provider.change { $0.isDown = true }
            #expect(openID.refusal(try await finish("&code=the-code&iss=\(own)")) == "openid_unreachable")
            // Only paths of ours are led back to.
            openID.provider.change { $0.isDown = false }
            for path in ["https://evil.test/", "//evil.test", "/\\evil.test", "/api/v1/auth/logout", "films", "/a b"] {
                let back = try await openID.finish(try await openID.begin(returnTo: path), with: "&code=the-code&iss=\(own)")
                #expect(back.headers["Location"] == "/", "\(path)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func userInfoIsAboutTheSamePerson(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind, ["trusts_email": true]) { openID in
            openID.provider.change { script in
                script.discovery = { [issuer = openID.provider.issuer] in $0["userinfo_endpoint"] = .string("\(issuer)/userinfo") }
                script.claims = { for name in ["email", "email_verified", "name", "preferred_username"] { $0[name] = nil } }
                script.userInfo = ["sub": "person-2", "email": "newcomer@provider.test", "email_verified": true]
            }
            #expect(try await openID.owner.send("PATCH", "/identity-providers/\(openID.providerID)", ["enabled": true]).status == 200)
            #expect(openID.refusal(try await openID.signIn()) == "openid_refused")
            openID.provider.change { $0.userInfo["sub"] = "person-1" }
            let ticket = try openID.ticket(try await openID.signIn())
            let read = try await openID.site.send(
                "POST", "/auth/oidc/ticket", ["Cookie": ticket.cookie], body: (["ticket": .string(ticket.secret)] as JSON).bytes)
            #expect(read.json["email"] == "newcomer@provider.test" && read.json["email_is_proven"] == true)
        }
    }

    /// Ten seconds long: the provider takes the request and says nothing.
    @Test func aSlowProviderEndsTheSignIn() async throws {
        try await OpenIDSite.with(.sqlite) { openID in
            openID.provider.change { $0.hangs = true }
            let ended = try await openID.signIn()
            #expect(openID.refusal(ended) == "openid_unreachable")
        }
    }
}
