import Crypto
import Kernel
import Synchronization
import TestSupport
import Testing

/// An OpenID provider of our own on a loopback socket, whose every answer a test can spoil.
final class HostileProvider: Sendable {
    /// What it says next.
    struct Script: Sendable {
        /// The keys of its set, by `kid`; nil: without one.
        var published: [(name: String?, key: ES256Key)]
        var signing: (name: String?, key: ES256Key)
        /// Changes the ID token's claims before it is signed.
        var claims: @Sendable (inout JSONObject) -> Void = { _ in }
        var header: @Sendable (inout JSONObject) -> Void = { _ in }
        /// Instead of the token that is signed.
        var token: (@Sendable (String) -> String)?
        /// Changes its description of itself.
        var discovery: @Sendable (inout JSONObject) -> Void = { _ in }
        var userInfo: JSONObject = [:]
        /// Instead of the set of keys.
        var keySet: String?
        var isDown = false
        /// Does not answer at its token endpoint.
        var hangs = false
        var keyRequests = 0
        var nonce = ""
        var challenge = ""
    }

    static let client = "foyer-client"
    static let secret = "a secret: with signs+"

    let script: Mutex<Script>
    private let running = Mutex<HTTPPeer?>(nil)

    var peer: HTTPPeer {
        guard let peer = running.withLock({ $0 }) else { preconditionFailure("the provider does not run") }
        return peer
    }
    var issuer: String { peer.url }

    init() throws {
        let key = try ES256Key.generate()
        script = Mutex(Script(published: [("first", key)], signing: ("first", key)))
        let peer = try HTTPPeer { [self] in answer($0) }
        running.withLock { $0 = peer }
    }

    func run(_ body: () async throws -> Void) async throws {
        defer { running.withLock { $0 = nil } }
        try await peer.run(body)
    }

    func change(_ body: (inout Script) -> Void) { script.withLock { body(&$0) } }

    private static func reply(_ status: Int, _ body: String, _ more: String = "") -> String {
        "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\n\(more)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    private func answer(_ request: String) -> String? {
        let now = script.withLock { $0 }
        if now.isDown { return Self.reply(503, "{}") }
        let target = request.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        switch target {
        case "/.well-known/openid-configuration": return Self.reply(200, discovery(now).text)
        case "/jwks":
            script.withLock { $0.keyRequests += 1 }
            return Self.reply(200, now.keySet ?? keySet(now).text)
        case "/token": return now.hangs ? nil : exchange(request, now)
        case "/userinfo": return Self.reply(200, JSON.object(now.userInfo).text)
        default: return Self.reply(404, "{}")
        }
    }

    private func discovery(_ now: Script) -> JSON {
        var members: JSONObject = [
            "issuer": .string(issuer), "authorization_endpoint": .string("\(issuer)/authorize?tenant=1"),
            "token_endpoint": .string("\(issuer)/token"), "jwks_uri": .string("\(issuer)/jwks"),
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256", "none"],
        ]
        now.discovery(&members)
        return .object(members)
    }

    private func keySet(_ now: Script) -> JSON {
        ["keys": .array([["kty": "oct", "k": "AAAA"]] + now.published.map { Self.jwk($0.key, $0.name) })]
    }

    static func jwk(_ key: ES256Key, _ name: String?) -> JSON {
        let (x, y) = key.publicKey.coordinates
        var members: JSONObject = ["kty": "EC", "crv": "P-256", "use": "sig", "x": .string(x), "y": .string(y)]
        if let name { members.append("kid", .string(name)) }
        return .object(members)
    }

    /// Takes the code once the verifier fits the challenge, and the client its secret.
    private func exchange(_ request: String, _ now: Script) -> String {
        let body = request.split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init) ?? ""
        var form: [String: String] = [:]
        for pair in body.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            form[String(halves[0])] = halves.count > 1 ? String(halves[1]) : ""
        }
        // Both halves of the pair are form-encoded first.
        let isClient =
            request.contains(
                "authorization: Basic Zm95ZXItY2xpZW50OmElMjBzZWNyZXQlM0ElMjB3aXRoJTIwc2lnbnMlMkI=")
            || request.contains("Authorization: Basic Zm95ZXItY2xpZW50OmElMjBzZWNyZXQlM0ElMjB3aXRoJTIwc2lnbnMlMkI=")
        guard isClient, form["grant_type"] == "authorization_code", form["code"] == "the-code",
            Base64URL.encode(SHA256.digest(form["code_verifier"] ?? "")) == now.challenge
        else { return Self.reply(400, #"{"error": "invalid_grant"}"#) }
        let access = "an-access-token"
        do {
            let answer: JSON = [
                "access_token": .string(access), "token_type": "Bearer", "id_token": .string(try token(now, access: access)),
            ]
            return Self.reply(200, answer.text)
        } catch { return Self.reply(500, "{}") }
    }

    private func token(_ now: Script, access: String) throws -> String {
        let seconds = Timestamp.now.milliseconds / 1000
        let hash = Base64URL.encode(Array(SHA256.digest(access).prefix(16)))
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": "person-1", "aud": .string(Self.client), "exp": .integer(seconds + 300),
            "iat": .integer(seconds), "nonce": .string(now.nonce), "at_hash": .string(hash), "sid": "session-1",
            "email": "newcomer@provider.test", "email_verified": true, "preferred_username": "New.Comer", "name": "New Comer",
        ]
        now.claims(&claims)
        return try sign(claims, now)
    }

    /// A logout token (Back-Channel Logout 1.0 §2.4).
    func logoutToken(_ id: String, _ change: (inout JSONObject) -> Void = { _ in }) throws -> String {
        let seconds = Timestamp.now.milliseconds / 1000
        var claims: JSONObject = [
            "iss": .string(issuer), "aud": .string(Self.client), "iat": .integer(seconds), "exp": .integer(seconds + 120),
            "jti": .string(id), "sub": "person-1", "events": ["http://schemas.openid.net/event/backchannel-logout": [:]],
        ]
        change(&claims)
        return try sign(claims, script.withLock { $0 })
    }

    private func sign(_ claims: JSONObject, _ now: Script) throws -> String {
        var header: JSONObject = ["alg": "ES256", "typ": "JWT"]
        if let name = now.signing.name { header.append("kid", .string(name)) }
        now.header(&header)
        let input = Base64URL.encode(JSON.object(header).bytes) + "." + Base64URL.encode(JSON.object(claims).bytes)
        let token = input + "." + Base64URL.encode(try now.signing.key.sign(Array(input.utf8)))
        return now.token?(token) ?? token
    }
}

extension Timestamp {
    static var now: Timestamp { WallClock.system.now() }
}
