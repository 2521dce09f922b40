public import Kernel

/// Why a token was refused; for the log, a peer only learns 401.
public enum TokenFault: Error, Sendable, Hashable {
    case malformed
    /// `alg` is not ES256, or the header carries a key or an extension of its own.
    case header
    case unknownKey
    case signature
    case claims
    case expired
}

/// Signs and checks access tokens: compact JWS, ES256 alone, keys chosen by `kid` from our own ring (RFC 7515, RFC 7519, RFC 8725, RFC 9068).
public struct TokenIssuer: Sendable {
    /// RFC 9068 §2.1.
    private static let type = "at+jwt"
    private static let maximumCount = 4096

    private let keys: [String: ES256Key]
    private let currentKey: String
    public let issuer: String
    public let audience: String

    public init(keys: [String: ES256Key], current: String, issuer: String, audience: String) throws(CryptoError) {
        guard keys[current] != nil else { throw .unknownKey(current) }
        (self.keys, self.currentKey, self.issuer, self.audience) = (keys, current, issuer, audience)
    }

    /// - Parameter claims: what stands beside `iss`, `aud`, `iat` and `exp`.
    public func sign(_ claims: JSONObject, issuedAt: Timestamp, expiresAt: Timestamp) throws(CryptoError) -> String {
        guard let key = keys[currentKey] else { throw .unknownKey(currentKey) }
        let header: JSON = ["typ": .string(Self.type), "alg": "ES256", "kid": .string(currentKey)]
        var payload: JSONObject = ["iss": .string(issuer), "aud": .string(audience)]
        for (name, value) in claims { payload[name] = value }
        payload["iat"] = .integer(issuedAt.milliseconds / 1000)
        payload["exp"] = .integer(expiresAt.milliseconds / 1000)
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(JSON.object(payload).bytes)
        return input + "." + Base64URL.encode(try key.sign(Array(input.utf8)))
    }

    /// The claims of a token that this ring signed for this audience and that has not expired.
    public func verify(_ token: some StringProtocol, now: Timestamp) throws(TokenFault) -> JSONObject {
        guard token.utf8.count <= Self.maximumCount else { throw .malformed }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let signature = Base64URL.decode(parts[2]) else { throw .malformed }
        let key = try self.key(for: header)
        guard key.publicKey.isValid(signature, for: Array((parts[0] + "." + parts[1]).utf8)) else { throw .signature }
        guard let claims = Self.object(parts[1]) else { throw .malformed }
        guard claims["iss"]?.string == issuer, claims["aud"]?.string == audience else { throw .claims }
        guard let expiry = claims["exp"]?.integer, expiry < Int64.max / 1000 else { throw .claims }
        guard now.milliseconds < expiry * 1000 else { throw .expired }
        return claims
    }

    /// The header may hold `alg`, `typ` and `kid` and nothing else: no `jwk`, `jku`, `x5u`, `crit`, `b64`.
    private func key(for header: JSONObject) throws(TokenFault) -> ES256Key {
        guard header.count == 3, header["alg"]?.string == "ES256", header["typ"]?.string == Self.type, let keyID = header["kid"]?.string
        else { throw .header }
        guard let key = keys[keyID] else { throw .unknownKey }
        return key
    }

    private static func object(_ part: some StringProtocol) -> JSONObject? {
        guard let bytes = Base64URL.decode(part) else { return nil }
        do {
            return try JSONParser.parse(bytes, maximumDepth: 8).object
        } catch {
            return nil
        }
    }
}
