import Kernel
import Testing

@testable import Crypto

@Suite("Access tokens")
struct TokenIssuerTests {
    let key: ES256Key
    let issuer: TokenIssuer
    let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        key = try ES256Key.generate()
        issuer = try TokenIssuer(keys: ["k1": key], current: "k1", issuer: "https://site.test", audience: "foyer")
    }

    private func token() throws -> String { try issuer.sign(["sub": "someone"], issuedAt: now, expiresAt: now.adding(seconds: 600)) }

    /// A token whose header and claims are the test's, rightly signed by `key`.
    private func forged(header: JSON, claims: JSON? = nil) throws -> String {
        let claims =
            claims ?? ["iss": "https://site.test", "aud": "foyer", "sub": "someone", "exp": .integer(now.milliseconds / 1000 + 600)]
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(claims.bytes)
        return input + "." + Base64URL.encode(try key.sign(Array(input.utf8)))
    }

    @Test("A token is good until it expires")
    func lifetime() throws {
        let token = try token()
        #expect(try issuer.verify(token, now: now)["sub"] == "someone")
        #expect(try issuer.verify(token, now: now.adding(seconds: 599))["sub"] == "someone")
        #expect(throws: TokenFault.expired) { try issuer.verify(token, now: now.adding(seconds: 600)) }
    }

    @Test("The forged header that is right in every way passes, so that the refusals below refuse for their own reason")
    func control() throws {
        #expect(try issuer.verify(forged(header: ["alg": "ES256", "typ": "at+jwt", "kid": "k1"]), now: now)["sub"] == "someone")
    }

    @Test(
        "Other algorithms, types, keys in the header and extensions are refused",
        arguments: [
            ["alg": "none", "typ": "at+jwt", "kid": "k1"], ["alg": "HS256", "typ": "at+jwt", "kid": "k1"],
            ["alg": "es256", "typ": "at+jwt", "kid": "k1"], ["alg": "ES256", "typ": "JWT", "kid": "k1"], ["alg": "ES256", "kid": "k1"],
            ["alg": "ES256", "typ": "at+jwt"], ["alg": "ES256", "typ": "at+jwt", "kid": "k1", "jwk": ["kty": "EC"]],
            ["alg": "ES256", "typ": "at+jwt", "kid": "k1", "jku": "https://evil.test"],
            ["alg": "ES256", "typ": "at+jwt", "kid": "k1", "crit": ["b64"], "b64": false],
        ] as [JSON])
    func headers(header: JSON) throws {
        #expect(throws: TokenFault.header) { try issuer.verify(forged(header: header), now: now) }
    }

    @Test("An HS256 token keyed with the public key is refused, and so is one with no signature")
    func confusion() throws {
        let claims: JSON = ["iss": "https://site.test", "aud": "foyer", "exp": .integer(now.milliseconds / 1000 + 600)]
        let input =
            Base64URL.encode((["alg": "HS256", "typ": "at+jwt", "kid": "k1"] as JSON).bytes) + "." + Base64URL.encode(claims.bytes)
        let code = HMACKey(key.publicKey.point).authenticate(Array(input.utf8))
        #expect(throws: TokenFault.header) { try issuer.verify(input + "." + Base64URL.encode(code), now: now) }
        let token = try token()
        let unsigned = token[..<(try #require(token.lastIndex(of: ".")))]
        #expect(throws: TokenFault.malformed) { try issuer.verify(unsigned, now: now) }
        #expect(throws: TokenFault.signature) { try issuer.verify(unsigned + ".", now: now) }
    }

    @Test("Unknown keys, other keys under a known name, another issuer and another audience are refused")
    func strangers() throws {
        let other = try ES256Key.generate()
        let unknown = try TokenIssuer(keys: ["k9": other], current: "k9", issuer: issuer.issuer, audience: issuer.audience)
        let impostor = try TokenIssuer(keys: ["k1": other], current: "k1", issuer: issuer.issuer, audience: issuer.audience)
        let elsewhere = try TokenIssuer(keys: ["k1": key], current: "k1", issuer: "https://other.test", audience: issuer.audience)
        let audience = try TokenIssuer(keys: ["k1": key], current: "k1", issuer: issuer.issuer, audience: "voice")
        for (stranger, fault) in [(unknown, TokenFault.unknownKey), (impostor, .signature), (elsewhere, .claims), (audience, .claims)] {
            let token = try stranger.sign(["sub": "x"], issuedAt: now, expiresAt: now.adding(seconds: 600))
            #expect(throws: fault) { try issuer.verify(token, now: now) }
        }
    }

    @Test("Claims without an expiry, or with one beyond all time, are refused", arguments: [nil, Int64.max, Int64.max / 1000] as [Int64?])
    func expiry(_ value: Int64?) throws {
        let claims: JSON = ["iss": "https://site.test", "aud": "foyer", "exp": JSON(value)]
        let token = try forged(header: ["alg": "ES256", "typ": "at+jwt", "kid": "k1"], claims: claims)
        #expect(throws: TokenFault.claims) { try issuer.verify(token, now: now) }
    }

    @Test("Every flipped character is refused")
    func tampering() throws {
        let token = Array(try token().utf8)
        for index in stride(from: 0, to: token.count, by: 3) {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: TokenFault.self) { try issuer.verify(String(decoding: changed, as: UTF8.self), now: now) }
        }
        for junk in ["", ".", "..", "a.b.c", "....", String(repeating: "a", count: 5000)] {
            #expect(throws: TokenFault.malformed) { try issuer.verify(junk, now: now) }
        }
    }

    @Test("A retired key still verifies, the current one signs")
    func rotation() throws {
        let both = try TokenIssuer(
            keys: ["k1": key, "k2": ES256Key.generate()], current: "k2", issuer: issuer.issuer, audience: issuer.audience)
        #expect(try both.verify(token(), now: now)["sub"] == "someone")
        let new = try both.sign(["sub": "x"], issuedAt: now, expiresAt: now.adding(seconds: 600))
        #expect(throws: TokenFault.unknownKey) { try issuer.verify(new, now: now) }
    }
}
