internal import COpenSSL

/// The public key of a WebAuthn credential: ECDSA on P-256 with SHA-256, Ed25519, or RSA (PKCS #1 v1.5) with SHA-256.
// SAFETY: OpenSSL's EVP_PKEY is immutable after it is built, and its users here each have a context of their own.
public final class CredentialKey: @unchecked Sendable {
    /// The algorithms, by their COSE number (RFC 9053, RFC 8812).
    public enum Algorithm: Int64, Sendable, CaseIterable {
        case es256 = -7
        case ed25519 = -8
        case rs256 = -257
    }

    /// Bytes of an RSA modulus: 2048 to 4096 bits.
    public static let modulusSizes = 256...512

    public let algorithm: Algorithm
    /// SubjectPublicKeyInfo in DER.
    public let der: [UInt8]
    private let key: EVPKey

    /// - Parameters:
    ///   - x: a coordinate of 32 bytes.
    ///   - y: the other one; a point that is not on the curve throws.
    public static func p256(x: [UInt8], y: [UInt8]) throws(CryptoError) -> CredentialKey {
        guard x.count == 32, y.count == 32 else { throw .invalidKey }
        return try CredentialKey(.es256, der: ES256PublicKey.prefix + [4] + x + y)
    }

    /// - Parameter point: 32 bytes (RFC 8032).
    public static func ed25519(_ point: [UInt8]) throws(CryptoError) -> CredentialKey {
        guard point.count == 32 else { throw .invalidKey }
        return try CredentialKey(.ed25519, der: [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00] + point)
    }

    /// - Parameters:
    ///   - modulus: without leading zeros.
    ///   - exponent: odd, of at most 4 bytes, without leading zeros.
    public static func rsa(modulus: [UInt8], exponent: [UInt8]) throws(CryptoError) -> CredentialKey {
        guard modulusSizes.contains(modulus.count), let first = modulus.first, first >= 0x80, let last = modulus.last, last & 1 == 1,
            (1...4).contains(exponent.count), exponent[0] != 0, exponent[exponent.count - 1] & 1 == 1, exponent != [1]
        else { throw .invalidKey }
        let numbers = element(0x30, integer(modulus) + integer(exponent))
        // rsaEncryption, NULL
        let algorithm: [UInt8] = [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00]
        return try CredentialKey(.rs256, der: element(0x30, algorithm + element(0x03, [0] + numbers)))
    }

    /// - Parameter der: what `der` gave.
    public init(_ algorithm: Algorithm, der: [UInt8]) throws(CryptoError) {
        let pointer = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            return d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        guard let pointer else {
            ERR_clear_error()
            throw .invalidKey
        }
        let key = EVPKey(pointer)
        let kind =
            switch algorithm {
            case .es256: EVP_PKEY_EC
            case .ed25519: EVP_PKEY_ED25519
            case .rs256: EVP_PKEY_RSA
            }
        guard EVP_PKEY_get_base_id(key.pointer) == kind else { throw .invalidKey }
        (self.algorithm, self.der) = (algorithm, der)
        self.key = key
    }

    /// - Parameter signature: for ECDSA in DER, as authenticators give it (WebAuthn §6.5.5).
    public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard !signature.isEmpty, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        let digest = algorithm == .ed25519 ? nil : EVP_sha256()
        guard EVP_DigestVerifyInit(context, nil, digest, nil, key.pointer) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// A positive DER INTEGER.
    private static func integer(_ bytes: [UInt8]) -> [UInt8] {
        element(0x02, (bytes[0] >= 0x80 ? [0] : []) + bytes)
    }

    /// One DER element.
    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        let length: [UInt8] =
            count < 0x80
            ? [UInt8(count)]
            : count < 0x100 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(truncatingIfNeeded: count)]
        return [tag] + length + content
    }
}
