import Accounts
import Crypto
import Database
import HTTP
import Kernel
import TestSupport
import Testing
import Web

/// Signed requests of API keys (RFC 9421): what holds, what does not, and that each works once.
@Suite struct SignedRequestTests {
    /// RFC 9421, B.2.5.
    @Test func theStandardsVector() throws {
        let secret = try #require(Self.bytes("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ"))
        let base = """
            "date": Tue, 20 Apr 2021 02:07:55 GMT
            "@authority": example.com
            "content-type": application/json
            "@signature-params": ("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"
            """
        let signature = try #require(Self.bytes("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8"))
        #expect(HMACKey(secret).authenticate(Array(base.utf8)) == signature)
    }

    private static func bytes(_ base64: String) -> [UInt8]? {
        Base64URL.decode(base64.replacing("+", with: "-").replacing("/", with: "_"))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes).replacing("-", with: "+").replacing("_", with: "/")
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    /// A program that signs, right unless a test changes it.
    struct Signer {
        var keyID: String
        var secret: String
        var authority = "site.test"
        var components = ["@method", "@authority", "@path", "@query", "content-digest"]
        var nonce: String? = nil
        var created: Int64? = nil
        var parameters: @Sendable (String) -> String = { $0 }
        var digestOf: [UInt8]? = nil

        func headers(_ method: String, _ path: String, _ body: [UInt8], at now: Timestamp) -> HTTPHeaders {
            let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let digest = "sha-256=:\(base64(SHA256.digest(digestOf ?? body))):"
            let list = components.map { "\"\($0)\"" }.joined(separator: " ")
            let number = created ?? now.milliseconds / 1000
            let input = parameters(
                "(\(list));created=\(number);keyid=\"\(keyID)\";nonce=\"\(nonce ?? Random.token(byteCount: 12))\";alg=\"hmac-sha256\"")
            let values = [
                "@method": method, "@authority": authority, "@path": "/api/v1\(parts[0])", "@query": "?\(parts.count > 1 ? parts[1] : "")",
                "content-digest": digest, "content-type": "application/json",
            ]
            let base = components.map { "\"\($0)\": \(values[$0] ?? "")\n" }.joined() + "\"@signature-params\": \(input)"
            let signature = HMACKey(Array(secret.utf8)).authenticate(Array(base.utf8))
            return ["Signature-Input": "sig1=\(input)", "Signature": "sig1=:\(base64(signature)):", "Content-Digest": digest]
        }
    }

    private func signer(_ site: AccountsSite, _ scopes: [JSON] = ["self.read", "self.write"], _ more: JSONObject = [:]) async throws
        -> (signer: Signer, key: String, id: String)
    {
        var body: JSONObject = ["name": "signing", "scopes": .array(scopes), "requires_signature": true]
        for (name, value) in more { body.append(name, value) }
        let made = try await site.send(.post, "/api-keys", token: try await site.token("root"), .object(body))
        try #require(made.status == 201, "\(made.json.text)")
        #expect(made.text("signing_secret").hasPrefix("fs_") && made.json["requires_signature"] == true)
        return (Signer(keyID: made.text("prefix"), secret: made.text("signing_secret")), made.text("key"), made.text("id"))
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ body: JSON? = nil, by signer: Signer, key: String? = nil, on site: AccountsSite,
        saying other: JSON? = nil
    ) async throws -> AccountsSite.Answer {
        let headers = signer.headers(method.rawValue, path, (other ?? body)?.bytes ?? [], at: site.clock.wall.now())
        return try await site.send(method, path, token: key, body, headers: headers)
    }

    @Test(arguments: TestDatabase.all) func whatIsSignedIsDoneOnce(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (signer, key, _) = try await signer(site)
            // With the key, and by the signature alone.
            for bearer in [key, nil] {
                #expect(try await send(.get, "/users/me", by: signer, key: bearer, on: site).status == 200)
                #expect(try await send(.get, "/auth/session?", by: signer, key: bearer, on: site).json["user"]?["username"] == "root")
                let change = try await send(.patch, "/users/me", ["bio": "signed"], by: signer, key: bearer, on: site)
                #expect(change.status == 200, "\(change.json.text)")
            }
            #expect(try await site.send(.get, "/users/me", token: key).code == "signature_required")

            // Again, in many at once, with an idempotency key, and after a refusal.
            for headers in [[:], ["Idempotency-Key": "one"]] as [HTTPHeaders] {
                var fixed = signer
                fixed.nonce = Random.token(byteCount: 12)
                let body: JSON = ["bio": "once"]
                var signed = fixed.headers("PATCH", "/users/me", body.bytes, at: site.clock.wall.now())
                for field in headers { signed.append(field.name, field.value) }
                let all = signed
                let answers = try await withThrowingTaskGroup(of: AccountsSite.Answer.self) { group in
                    for _ in 0..<6 { group.addTask { try await site.send(.patch, "/users/me", body, headers: all) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.filter { $0.status == 200 }.count == 1, "\(answers.map(\.status))")
                #expect(
                    answers.allSatisfy { $0.status == 200 || $0.code == "nonce_used" || $0.code == "in_flight" }, "\(answers.map(\.code))")
                #expect(try await site.send(.patch, "/users/me", body, headers: all).code == "nonce_used")
            }
            var refused = signer
            refused.nonce = Random.token(byteCount: 12)
            let wrong: JSON = ["bio": 1]
            let headers = refused.headers("PATCH", "/users/me", wrong.bytes, at: site.clock.wall.now())
            #expect(try await site.send(.patch, "/users/me", wrong, headers: headers).status == 422)
            #expect(try await site.send(.patch, "/users/me", wrong, headers: headers).code == "nonce_used")
            // Reads may be asked again.
            refused.nonce = Random.token(byteCount: 12)
            for _ in 0..<2 { #expect(try await send(.get, "/users/me", by: refused, on: site).status == 200) }
            // After their age the nonces go.
            site.clock.advance(seconds: 700)
            try await site.database.write { try RequestNonces.sweep(at: site.clock.wall.now(), in: $0) }
            #expect(try await site.database.read { try $0.row("SELECT COUNT(*) FROM request_nonces")?.int(0) } == 0)
            #expect(try await site.send(.patch, "/users/me", wrong, headers: headers).json["part"] == "time")
        }
    }

    @Test(arguments: TestDatabase.all) func whatDoesNotHoldIsToldWhy(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (signer, key, _) = try await signer(site)
            let (other, _, _) = try await self.signer(site)
            let now = site.clock.wall.now().milliseconds / 1000
            let changes: [(String, String, (inout Signer) -> Void)] = [
                ("another’s secret", "signature", { $0.secret = other.secret }), ("another’s id", "signature", { $0.keyID = other.keyID }),
                ("another site", "signature", { $0.authority = "evil.test" }), ("old", "time", { $0.created = now - 302 }),
                ("of tomorrow", "time", { $0.created = now + 302 }), ("a short nonce", "parameters", { $0.nonce = "1234567" }),
                ("a long nonce", "parameters", { $0.nonce = String(repeating: "a", count: 129) }),
                ("another algorithm", "parameters", { $0.parameters = { $0.replacing("hmac-sha256", with: "rsa-v1_5-sha256") } }),
                ("no method", "components", { $0.components.removeFirst() }), ("no digest", "components", { $0.components.removeLast() }),
                ("a component twice", "components", { $0.components.append("@path") }),
                ("a component that is not there", "components", { $0.components.append("x-other") }),
                ("another body", "digest", { $0.digestOf = [1] }),
                ("no created", "parameters", { $0.parameters = { text in String(text.replacing(";created=\(now)", with: "")) } }),
                ("an unknown parameter", "malformed", { $0.parameters = { $0 + ";x=1" } }),
                ("a parameter twice", "malformed", { $0.parameters = { $0 + ";nonce=\"12345678\"" } }),
                ("spaces", "malformed", { $0.parameters = { $0.replacing(";", with: "; ") } }),
                ("ended", "time", { $0.parameters = { $0 + ";expires=\(now)" } }),
            ]
            for (name, part, change) in changes {
                var wrong = signer
                change(&wrong)
                let answer = try await send(.patch, "/users/me", ["bio": "x"], by: wrong, key: key, on: site)
                #expect(answer.status == 401 && answer.code == "signature_invalid", "\(name): \(answer.json.text)")
                #expect(answer.json["part"]?.string == part, "\(name): \(answer.json.text)")
            }
            // Signed for another path, method, query or body than is sent.
            let body: JSON = ["bio": "x"]
            let signed = signer.headers("PATCH", "/users/me", body.bytes, at: site.clock.wall.now())
            #expect(try await site.send(.patch, "/users/me?x=1", body, headers: signed).code == "signature_invalid")
            #expect(try await site.send(.delete, "/users/me", body, headers: signed).code == "signature_invalid")
            #expect(try await site.send(.patch, "/users/root", body, headers: signed).code == "signature_invalid")
            #expect(try await site.send(.patch, "/users/me", ["bio": "y"], headers: signed).json["part"] == "digest")
            var covered = signer
            covered.components.append("content-type")
            covered.parameters = { $0 + ";expires=\(now + 60);tag=\"app\"" }
            #expect(try await send(.patch, "/users/me", body, by: covered, key: key, on: site).status == 200)
            // Somebody else's signature beside ours.
            var proxied = signer.headers("GET", "/users/me", [], at: site.clock.wall.now())
            proxied["Signature-Input"] = "proxy=(\"@method\");keyid=\"theirs\", " + (proxied["Signature-Input"] ?? "")
            proxied["Signature"] = "proxy=:AAAA:, " + (proxied["Signature"] ?? "")
            #expect(try await site.send(.get, "/users/me", headers: proxied).status == 200)
            // A key whose requests need none has none.
            let plain = try await site.key("root", ["self.read"])
            let unsigned = Signer(keyID: plain.text("prefix"), secret: signer.secret)
            #expect(try await send(.get, "/users/me", by: unsigned, on: site).code == "signature_invalid")
            #expect(try await site.send(.get, "/users/me", token: plain.text("key")).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func secretsAreRenewedAndSealed(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let (old, _, id) = try await signer(site)
            let token = try await site.token("root")
            let rotated = try await site.send(.post, "/api-keys/\(id)/rotate", token: token, ["overlap_s": 60])
            var new = old
            new.secret = rotated.text("signing_secret")
            #expect(new.secret != old.secret)
            for signer in [old, new] { #expect(try await send(.get, "/users/me", by: signer, on: site).status == 200) }
            site.clock.advance(seconds: 61)
            #expect(try await send(.get, "/users/me", by: old, on: site).code == "signature_invalid")
            #expect(try await send(.get, "/users/me", by: new, on: site).status == 200)
            let read = try await site.send(.get, "/api-keys/\(id)", token: token)
            #expect(!read.json.text.contains("fs_"))
            #expect(!(try await site.everything(in: "api_keys")).contains { $0.contains(new.secret) })
            // Switched off and on again: another secret.
            let off = try await site.send(.patch, "/api-keys/\(id)", token: token, ["requires_signature": false])
            #expect(off.status == 200 && off.json["requires_signature"] == false && off.json["signing_secret"] == nil)
            #expect(try await site.send(.get, "/users/me", token: rotated.text("key")).status == 200)
            let on = try await site.send(.patch, "/api-keys/\(id)", token: token, ["requires_signature": true])
            #expect(on.text("signing_secret").hasPrefix("fs_") && on.text("signing_secret") != new.secret)
            #expect(try await send(.get, "/users/me", by: new, on: site).code == "signature_invalid")
        }
    }

    @Test(arguments: TestDatabase.all) func addressesAndUses(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let token = try await site.token("root")
            for (addresses, fault) in [(["x"], "network"), (["10.0.0.1/8"], "network"), (Array(repeating: "10.0.0.1", count: 21), "count")]
            {
                let body: JSON = ["name": "k", "scopes": [], "addresses": .array(addresses.map(JSON.string))]
                let answer = try await site.send(.post, "/api-keys", token: token, body)
                #expect(answer.status == 422 && answer.faults.first?.hasSuffix(fault) == true, "\(answer.json.text)")
            }
            let made = try await site.send(
                .post, "/api-keys", token: token,
                ["name": "k", "scopes": ["self.read"], "addresses": ["203.0.113.0/24", "2001:db8::1"]])
            #expect(made.status == 201 && made.json["addresses"] == ["203.0.113.0/24", "2001:db8::1"] && made.json["use_count"] == 0)
            for address in ["203.0.113.7", "2001:db8::1", "::ffff:203.0.113.9"] {
                #expect(try await site.send(.get, "/users/me", token: made.text("key"), from: address).status == 200, "\(address)")
            }
            for address in ["203.0.114.1", "2001:db8::2", ""] {
                let answer = try await site.send(.get, "/users/me", token: made.text("key"), from: address)
                #expect(answer.status == 403 && answer.code == "address_not_allowed", "\(address): \(answer.json.text)")
            }
            try await site.accounts.writeUses()
            site.clock.advance(seconds: 61)
            #expect(try await site.send(.get, "/users/me", token: made.text("key"), from: "203.0.113.8").status == 200)
            try await site.accounts.writeUses()
            let read = try await site.send(.get, "/api-keys/\(made.text("id"))", token: token)
            #expect(read.json["use_count"] == 4 && read.json["last_used_address"] == "203.0.113.8", "\(read.json.text)")
            #expect(read.json["last_used_at"]?.string == site.clock.wall.now().rfc3339)
        }
    }
}
