internal import COpenSSL
public import Kernel

/// A public key of another server, read from its JWK (RFC 7517): RSA of 2048 to 8192 bits, P-256, P-384, P-521, or Ed25519.
// SAFETY: OpenSSL's EVP_PKEY is immutable after it is built, and its users here each have a context of their own.
public final class SignatureKey: @unchecked Sendable {
    private enum Material: ~Copyable {
        case openSSL(EVPKey)
        case ed25519(Ed25519PublicKey)
    }

    private let material: Material
    private let family: SignatureAlgorithm.Family
    /// `kid`, where it has one.
    public let name: String?
    /// `alg`, where the key is for one algorithm alone.
    private let only: String?

    /// - Parameter jwk: an object; throws for what is no such key, and for one that is not for signatures.
    public init(jwk: JSONObject) throws(CryptoError) {
        name = jwk["kid"]?.string
        only = jwk["alg"]?.string
        if let use = jwk["use"], use.string != "sig" { throw .invalidKey }
        if let operations = jwk["key_ops"]?.array, !operations.contains(where: { $0.string == "verify" }) { throw .invalidKey }
        switch jwk["kty"]?.string {
        case "RSA":
            family = .rsa
            material = .openSSL(try Self.read(Self.rsa(try Self.bytes(jwk, "n"), try Self.bytes(jwk, "e"))))
        case "EC":
            let (size, curve) = try Self.curve(jwk["crv"]?.string)
            let (x, y) = (try Self.bytes(jwk, "x"), try Self.bytes(jwk, "y"))
            guard x.count == size, y.count == size else { throw .invalidKey }
            family = .curve(size)
            let kind = DER.sequence(DER.identifier([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]) + DER.identifier(curve))
            material = .openSSL(try Self.read(DER.sequence(kind + DER.bits([4] + x + y))))
        case "OKP":
            guard jwk["crv"]?.string == "Ed25519" else { throw .invalidKey }
            family = .ed25519
            material = .ed25519(try Ed25519PublicKey(try Self.bytes(jwk, "x")))
        default: throw .invalidKey
        }
    }

    /// Whether a signature by this algorithm could be this key's.
    public func fits(_ algorithm: SignatureAlgorithm) -> Bool {
        family == algorithm.family && (only.map { $0.hasSameBytes(as: algorithm.rawValue) } ?? true)
    }

    /// - Parameter signature: as JWS has it: of ECDSA r and s, each as long as the curve's numbers.
    public func isValid(_ signature: [UInt8], for message: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
        guard fits(algorithm) else { return false }
        switch material {
        case .ed25519(let key): return key.isValid(signature, for: message)
        case .openSSL(let key):
            guard case .curve(let size) = family else { return Self.verify(signature, message, key, algorithm) }
            guard signature.count == 2 * size else { return false }
            let der = DER.sequence(DER.integer(Array(signature.prefix(size))) + DER.integer(Array(signature.dropFirst(size))))
            return Self.verify(der, message, key, algorithm)
        }
    }

    private static func verify(
        _ signature: [UInt8], _ message: [UInt8], _ key: borrowing EVPKey, _ algorithm: SignatureAlgorithm
    ) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        var parameters: OpaquePointer?
        guard EVP_DigestVerifyInit(context, &parameters, algorithm.messageDigest, nil, key.pointer) == 1 else { return false }
        if algorithm.isPSS {
            guard EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
                EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
            else { return false }
        }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private static func read(_ der: [UInt8]) throws(CryptoError) -> EVPKey {
        let pointer = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            return d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        guard let pointer else {
            ERR_clear_error()
            throw .invalidKey
        }
        return EVPKey(pointer)
    }

    /// SubjectPublicKeyInfo. A longer modulus or exponent than these would only make checking slow.
    private static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) throws(CryptoError) -> [UInt8] {
        let (n, e) = (Array(modulus.drop { $0 == 0 }), Array(exponent.drop { $0 == 0 }))
        guard (256...1024).contains(n.count), n[0] & 0x80 != 0 || n.count > 256, n.last.map({ $0 & 1 == 1 }) == true,
            (1...4).contains(e.count), e.last.map({ $0 & 1 == 1 }) == true, e != [1]
        else { throw .invalidKey }
        let kind = DER.sequence(DER.identifier([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]) + [0x05, 0x00])
        return DER.sequence(kind + DER.bits(DER.sequence(DER.integer(n) + DER.integer(e))))
    }

    private static func curve(_ name: String?) throws(CryptoError) -> (size: Int, identifier: [UInt8]) {
        switch name {
        case "P-256": (32, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07])
        case "P-384": (48, [0x2B, 0x81, 0x04, 0x00, 0x22])
        case "P-521": (66, [0x2B, 0x81, 0x04, 0x00, 0x23])
        default: throw .invalidKey
        }
    }

    private static func bytes(_ jwk: JSONObject, _ member: String) throws(CryptoError) -> [UInt8] {
        guard let text = jwk[member]?.string, text.utf8.count <= 1400, let bytes = Base64URL.decode(text) else { throw .invalidKey }
        return bytes
    }
}

/// The few forms of DER (X.690) that a public key and a signature need.
enum DER {
    static func sequence(_ content: [UInt8]) -> [UInt8] { tagged(0x30, content) }
    static func identifier(_ content: [UInt8]) -> [UInt8] { tagged(0x06, content) }
    static func bits(_ content: [UInt8]) -> [UInt8] { tagged(0x03, [0] + content) }

    /// A number that is not negative, most significant byte first.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        guard let first = digits.first else { return [0x02, 0x01, 0x00] }
        return tagged(0x02, first & 0x80 == 0 ? digits : [0] + digits)
    }

    private static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        switch content.count {
        case ..<128: [tag, UInt8(content.count)] + content
        case ..<256: [tag, 0x81, UInt8(content.count)] + content
        default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
        }
    }
}
