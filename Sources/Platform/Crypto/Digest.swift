internal import CSodium

public enum SHA256 {
    /// 32 bytes.
    public static func digest(_ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        crypto_hash_sha256(&digest, message, UInt64(message.count))
        return digest
    }

    public static func digest(_ text: some StringProtocol) -> [UInt8] { digest(Array(text.utf8)) }
}

/// HMAC with SHA-256 (RFC 2104) under a key of any length.
public struct HMACKey: Sendable {
    private let secret: SecretBytes

    public init(_ bytes: [UInt8]) {
        secret = SecretBytes(bytes)
    }

    /// 32 bytes.
    public func authenticate(_ message: [UInt8]) -> [UInt8] {
        _ = Sodium.ready
        var code = [UInt8](repeating: 0, count: 32)
        var state = crypto_auth_hmacsha256_state()
        secret.withBytes { key, count in
            _ = crypto_auth_hmacsha256_init(&state, key, count)
        }
        _ = crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        _ = crypto_auth_hmacsha256_final(&state, &code)
        sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        return code
    }

    public func isValid(_ code: [UInt8], for message: [UInt8]) -> Bool { constantTimeEquals(code, authenticate(message)) }
}

/// A keyed BLAKE2b of a folded value: lets the database find and compare what it cannot read.
public struct BlindIndex: Sendable {
    private let secret: SecretBytes

    /// - Parameter key: 16–64 bytes.
    public init(key: [UInt8]) throws(CryptoError) {
        guard (16...64).contains(key.count) else { throw .invalidKey }
        secret = SecretBytes(key)
    }

    /// 32 bytes; `column` keeps equal values of two columns apart.
    public func index(_ value: String, column: String) -> [UInt8] {
        hash(Array(column.utf8) + [0] + Array(value.utf8), count: 32)
    }

    /// BLAKE2b (RFC 7693) with this key.
    func hash(_ message: [UInt8], count: Int) -> [UInt8] {
        _ = Sodium.ready
        var digest = [UInt8](repeating: 0, count: count)
        let status = secret.withBytes { key, keyCount in
            crypto_generichash(&digest, count, message, UInt64(message.count), key, keyCount)
        }
        precondition(status == 0, "BLAKE2b refused its lengths")
        return digest
    }
}
