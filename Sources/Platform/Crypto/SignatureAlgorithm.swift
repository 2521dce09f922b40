internal import COpenSSL

/// The signatures that a token of another server may bear (RFC 7518 §3.1, RFC 8037 §3.1). Neither `none` nor those with a shared secret.
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// The kind of key that it needs; of a curve its size in bytes.
    enum Family: Sendable, Hashable {
        case rsa
        case curve(Int)
        case ed25519
    }

    var family: Family {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
        case .es256: .curve(32)
        case .es384: .curve(48)
        case .es512: .curve(66)
        case .edDSA: .ed25519
        }
    }

    var isPSS: Bool { self == .ps256 || self == .ps384 || self == .ps512 }

    var messageDigest: OpaquePointer? {
        switch self {
        case .rs256, .ps256, .es256: EVP_sha256()
        case .rs384, .ps384, .es384: EVP_sha384()
        case .rs512, .ps512, .es512, .edDSA: EVP_sha512()
        }
    }

    /// The digest that this algorithm signs, of Ed25519 SHA-512: what `at_hash` is made with (OpenID Connect Core §3.1.3.6).
    public func digest(_ message: [UInt8]) -> [UInt8] {
        var (digest, count) = ([UInt8](repeating: 0, count: 64), UInt32(0))
        let status = EVP_Digest(message, message.count, &digest, &count, messageDigest, nil)
        precondition(status == 1, "OpenSSL refused to hash")
        return Array(digest.prefix(Int(count)))
    }
}
