import HTTP
import Kernel
import Passkeys
import SiteSupport
import Testing

@testable import Crypto

/// An authenticator and its browser in one: makes keys and signs, and lies in every way that a test asks for.
struct SoftAuthenticator {
    /// What it says, right unless a test changes it.
    struct Word {
        var origin = "https://site.test"
        var relyingParty = "site.test"
        var type: String?
        var crossOrigin: Bool?
        /// User present, user verified.
        var flags: UInt8 = 0x05
        var handle: [UInt8]?
        var tamper: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    }

    enum Key {
        case p256(ES256Key)
        case ed25519(Ed25519Key)
    }

    let key: Key
    let id: [UInt8]
    var handle: [UInt8] = []
    var count: UInt32 = 0
    var word = Word()

    init(_ algorithm: CredentialKey.Algorithm = .es256) throws {
        id = Random.bytes(32)
        key = algorithm == .ed25519 ? .ed25519(try Ed25519Key(seed: Random.bytes(32))) : .p256(try ES256Key.generate())
    }

    var cose: CBOR {
        switch key {
        case .p256(let key):
            .map([
                .init(.unsigned(1), .unsigned(2)), .init(.unsigned(3), .negative(6)), .init(.negative(0), .unsigned(1)),
                .init(.negative(1), .bytes(Array(key.publicKey.point[1..<33]))),
                .init(.negative(2), .bytes(Array(key.publicKey.point[33..<65]))),
            ])
        case .ed25519(let key):
            .map([
                .init(.unsigned(1), .unsigned(1)), .init(.unsigned(3), .negative(7)), .init(.negative(0), .unsigned(6)),
                .init(.negative(1), .bytes(key.publicKey.bytes)),
            ])
        }
    }

    func sign(_ message: [UInt8]) throws -> [UInt8] {
        switch key {
        case .p256(let key): try #require(ECDSASignature.der(fromRaw: try key.sign(message)))
        case .ed25519(let key): key.sign(message)
        }
    }

    func clientData(_ type: String, _ challenge: String) -> [UInt8] {
        var json: JSONObject = [
            "type": .string(word.type ?? type), "challenge": .string(challenge), "origin": .string(word.origin),
        ]
        if let crossOrigin = word.crossOrigin { json.append("crossOrigin", .bool(crossOrigin)) }
        return JSON.object(json).bytes
    }

    func data(attested: Bool) -> [UInt8] {
        var bytes = SHA256.digest(word.relyingParty) + [attested ? word.flags | 0x40 : word.flags]
        bytes += withUnsafeBytes(of: count.bigEndian, Array.init)
        if attested { bytes += [UInt8](repeating: 0, count: 16) + [UInt8(id.count >> 8), UInt8(id.count & 255)] + id + cose.encoded }
        return bytes
    }

    /// What the browser gives for creation options.
    ///
    /// - Parameter isPacked: with the key's own signature, in the place of no attestation.
    mutating func create(_ options: JSON, isPacked: Bool = false) throws -> JSON {
        handle = try #require(options["user"]?["id"]?.string.flatMap { Base64URL.decode($0) })
        let client = clientData("webauthn.create", options["challenge"]?.string ?? "")
        let data = data(attested: true)
        var statement: [CBOR.Entry] = []
        if isPacked {
            let number: CBOR = if case .ed25519 = key { .negative(7) } else { .negative(6) }
            statement = [
                .init(.text("alg"), number), .init(.text("sig"), .bytes(word.tamper(try sign(data + SHA256.digest(client))))),
            ]
        }
        let object = CBOR.map([
            .init(.text("fmt"), .text(isPacked ? "packed" : "none")), .init(.text("attStmt"), .map(statement)),
            .init(.text("authData"), .bytes(data)),
        ]).encoded
        return credential([
            "clientDataJSON": .string(Base64URL.encode(client)),
            "attestationObject": .string(Base64URL.encode(isPacked ? object : word.tamper(object))), "transports": ["internal", "x"],
        ])
    }

    /// What the browser gives for request options; the count grows unless it stands at zero.
    mutating func prove(_ options: JSON) throws -> JSON {
        if count > 0 { count += 1 }
        let client = clientData("webauthn.get", options["challenge"]?.string ?? "")
        let data = data(attested: false)
        let signature = word.tamper(try sign(data + SHA256.digest(client)))
        return credential([
            "clientDataJSON": .string(Base64URL.encode(client)), "authenticatorData": .string(Base64URL.encode(data)),
            "signature": .string(Base64URL.encode(signature)), "userHandle": .string(Base64URL.encode(word.handle ?? handle)),
        ])
    }

    func credential(_ response: JSON) -> JSON {
        let name = JSON.string(Base64URL.encode(id))
        return ["id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": [:]]
    }
}

/// A member with devices.
extension TestUser {
    func options() async throws -> JSON {
        let answer = try await send("POST", "/users/me/passkeys/options", ["password": .string(TestSite.password)])
        try #require(answer.status == 200, "\(answer.json.text)")
        return answer.json
    }

    func register(_ device: inout SoftAuthenticator, name: String? = nil, isPacked: Bool = false) async throws -> TestSite.Answer {
        var body: JSONObject = ["credential": try device.create(try await options(), isPacked: isPacked)]
        if let name { body.append("name", .string(name)) }
        return try await send("POST", "/users/me/passkeys", .object(body))
    }

    /// One that is registered.
    func device(_ algorithm: CredentialKey.Algorithm = .es256, _ change: (inout SoftAuthenticator) -> Void = { _ in }) async throws
        -> SoftAuthenticator
    {
        var device = try SoftAuthenticator(algorithm)
        change(&device)
        let answer = try await register(&device)
        try #require(answer.status == 201, "\(answer.json.text)")
        return device
    }
}

extension TestSite {
    /// Signs in with a device; the word is what it says this once.
    func signIn(with device: inout SoftAuthenticator, saying change: (inout SoftAuthenticator.Word) -> Void = { _ in }) async throws
        -> Answer
    {
        let options = try await post("/auth/passkey/options", [:])
        try #require(options.status == 200, "\(options.json.text)")
        let before = device.word
        change(&device.word)
        defer { device.word = before }
        return try await post("/auth/passkey", ["credential": try device.prove(options.json)])
    }
}
