internal import COpenSSL

/// An OpenSSL key, freed with its last owner.
struct EVPKey: ~Copyable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }
}

/// A P-256 public key that checks ES256 signatures (RFC 7518 §3.4).
// SAFETY: OpenSSL's EVP_PKEY is immutable after it is built, and its users here each have a context of their own.
public final class ES256PublicKey: @unchecked Sendable {
    /// SubjectPublicKeyInfo of a P-256 key, up to the point.
    static let prefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01,
        0x07, 0x03, 0x42, 0x00,
    ]

    private let key: EVPKey
    /// The uncompressed point: 4, x, y.
    public let point: [UInt8]

    /// - Parameter point: 65 bytes on the curve; anything else throws.
    public init(point: [UInt8]) throws(CryptoError) {
        guard point.count == 65, point[0] == 4 else { throw .invalidKey }
        let der = Self.prefix + point
        let pointer = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            return d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        guard let pointer else {
            ERR_clear_error()
            throw .invalidKey
        }
        self.point = point
        self.key = EVPKey(pointer)
    }

    /// - Parameter signature: r and s, 32 bytes each.
    public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard let der = ECDSASignature.der(fromRaw: signature), let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key.pointer) == 1 else { return false }
        return EVP_DigestVerify(context, der, der.count, message, message.count) == 1
    }

    /// The public members of its JWK (RFC 7518 §6.2).
    public var coordinates: (x: String, y: String) {
        (Base64URL.encode(Array(point[1..<33])), Base64URL.encode(Array(point[33..<65])))
    }
}

/// A P-256 key pair that signs ES256.
// SAFETY: as for ES256PublicKey.
public final class ES256Key: @unchecked Sendable {
    private let key: EVPKey
    public let publicKey: ES256PublicKey

    private init(_ key: consuming EVPKey) throws(CryptoError) {
        publicKey = try Self.publicKey(of: key)
        self.key = key
    }

    public static func generate() throws(CryptoError) -> ES256Key {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { throw .library("EVP_PKEY_CTX_new_from_name") }
        defer { EVP_PKEY_CTX_free(context) }
        var pointer: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &pointer) == 1, let pointer
        else { throw .library("EVP_PKEY_generate") }
        return try ES256Key(EVPKey(pointer))
    }

    /// - Parameter der: what `der()` gave.
    public convenience init(der: [UInt8]) throws(CryptoError) {
        let pointer = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            return d2i_AutoPrivateKey(nil, &cursor, buffer.count)
        }
        guard let pointer else {
            ERR_clear_error()
            throw .invalidKey
        }
        try self.init(EVPKey(pointer))
    }

    /// The private key in DER.
    func der() throws(CryptoError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_PrivateKey(key.pointer, &bytes)
        guard count > 0, let bytes else { throw .library("i2d_PrivateKey") }
        defer { CRYPTO_clear_free(bytes, Int(count), #file, #line) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    /// r and s, 32 bytes each.
    public func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw .library("EVP_MD_CTX_new") }
        defer { EVP_MD_CTX_free(context) }
        var der = [UInt8](repeating: 0, count: 80)
        var count = der.count
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key.pointer) == 1,
            EVP_DigestSign(context, &der, &count, message, message.count) == 1,
            let raw = ECDSASignature.raw(fromDER: Array(der.prefix(count)))
        else { throw .library("EVP_DigestSign") }
        return raw
    }

    /// Checks the kind and the curve on the way.
    private static func publicKey(of key: borrowing EVPKey) throws(CryptoError) -> ES256PublicKey {
        guard EVP_PKEY_get_base_id(key.pointer) == EVP_PKEY_EC else { throw .invalidKey }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key.pointer, &bytes)
        guard count > 0, let bytes else { throw .invalidKey }
        defer { CRYPTO_free(bytes, #file, #line) }
        let der = Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
        guard der.starts(with: ES256PublicKey.prefix) else { throw .invalidKey }
        return try ES256PublicKey(point: Array(der.dropFirst(ES256PublicKey.prefix.count)))
    }
}

/// Translates between JOSE's 64 bytes and OpenSSL's DER.
enum ECDSASignature {
    static func der(fromRaw raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 64, let signature = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(signature) }
        let numbers = raw.withUnsafeBufferPointer { buffer in
            (BN_bin2bn(buffer.baseAddress, 32, nil), BN_bin2bn(buffer.baseAddress.map { $0 + 32 }, 32, nil))
        }
        // On success the signature owns both numbers.
        guard let r = numbers.0, let s = numbers.1, ECDSA_SIG_set0(signature, r, s) == 1 else {
            BN_free(numbers.0)
            BN_free(numbers.1)
            return nil
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_ECDSA_SIG(signature, &bytes)
        guard count > 0, let bytes else { return nil }
        defer { CRYPTO_free(bytes, #file, #line) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    static func raw(fromDER der: [UInt8]) -> [UInt8]? {
        let signature = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            return d2i_ECDSA_SIG(nil, &cursor, buffer.count)
        }
        guard let signature else { return nil }
        defer { ECDSA_SIG_free(signature) }
        var (r, s) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 32))
        guard BN_bn2binpad(ECDSA_SIG_get0_r(signature), &r, 32) == 32, BN_bn2binpad(ECDSA_SIG_get0_s(signature), &s, 32) == 32 else {
            return nil
        }
        return r + s
    }
}
