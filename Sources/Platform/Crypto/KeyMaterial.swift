internal import Kernel

/// The bytes of a keyring as its file keeps them.
struct KeyMaterial: Sendable {
    /// Keys of one purpose: all can be read with, one is written with.
    struct Ring: Sendable {
        var current: String
        var keys: [String: [UInt8]]
    }

    /// XChaCha20-Poly1305; names are 1–255.
    var fields: Ring
    var blindIndex: [UInt8]
    var sessions: [UInt8]
    /// Ed25519 seeds.
    var audit: Ring
    /// P-256 private keys in DER.
    var tokens: Ring

    static func generate() throws(CryptoError) -> KeyMaterial {
        let (auditID, tokenID) = (newName(), newName())
        return KeyMaterial(
            fields: Ring(current: "1", keys: ["1": Random.bytes(AEADKey.keyCount)]), blindIndex: Random.bytes(32),
            sessions: Random.bytes(32), audit: Ring(current: auditID, keys: [auditID: Random.bytes(Ed25519Key.seedCount)]),
            tokens: Ring(current: tokenID, keys: [tokenID: try ES256Key.generate().der()]))
    }

    /// New current keys for tokens and columns; 255 column keys are the most.
    mutating func rotate() throws(CryptoError) {
        let tokenID = Self.newName()
        tokens.keys[tokenID] = try ES256Key.generate().der()
        tokens.current = tokenID
        let last = fields.keys.keys.compactMap { Int($0) }.max() ?? 0
        guard last < 255 else { throw .library("255 column keys are in use") }
        fields.keys[String(last + 1)] = Random.bytes(AEADKey.keyCount)
        fields.current = String(last + 1)
    }

    private static func newName() -> String { Hex.encode(Random.bytes(8)) }
}

extension KeyMaterial {
    var json: JSON {
        [
            "version": 1, "fields": fields.json, "blind_index": .string(Base64URL.encode(blindIndex)),
            "sessions": .string(Base64URL.encode(sessions)), "audit": audit.json, "tokens": tokens.json,
        ]
    }

    init?(json: JSON) {
        guard json["version"]?.integer == 1, let fields = Ring(json: json["fields"]), let audit = Ring(json: json["audit"]),
            let tokens = Ring(json: json["tokens"]), let blindIndex = json["blind_index"]?.string.flatMap({ Base64URL.decode($0) }),
            let sessions = json["sessions"]?.string.flatMap({ Base64URL.decode($0) }), sessions.count == 32
        else { return nil }
        self.init(fields: fields, blindIndex: blindIndex, sessions: sessions, audit: audit, tokens: tokens)
    }
}

extension KeyMaterial.Ring {
    fileprivate var json: JSON {
        var object = JSONObject()
        for (name, bytes) in keys.sorted(by: { $0.key < $1.key }) { object.append(name, .string(Base64URL.encode(bytes))) }
        return ["current": .string(current), "keys": .object(object)]
    }

    fileprivate init?(json: JSON?) {
        guard let current = json?["current"]?.string, let members = json?["keys"]?.object else { return nil }
        var keys: [String: [UInt8]] = [:]
        for (name, value) in members {
            guard let bytes = value.string.flatMap({ Base64URL.decode($0) }) else { return nil }
            keys[name] = bytes
        }
        self.init(current: current, keys: keys)
    }
}
