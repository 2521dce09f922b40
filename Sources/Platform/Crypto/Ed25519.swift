internal import CSodium

/// An Ed25519 key pair (RFC 8032).
public struct Ed25519Key: Sendable {
    public static let seedCount = 32

    private let secret: SecretBytes
    public let publicKey: Ed25519PublicKey

    /// - Parameter seed: 32 bytes.
    public init(seed: [UInt8]) throws(CryptoError) {
        guard seed.count == Self.seedCount else { throw .invalidKey }
        _ = Sodium.ready
        var publicBytes = [UInt8](repeating: 0, count: 32)
        var secretBytes = [UInt8](repeating: 0, count: 64)
        guard crypto_sign_seed_keypair(&publicBytes, &secretBytes, seed) == 0 else { throw .invalidKey }
        secret = SecretBytes(secretBytes)
        sodium_memzero(&secretBytes, secretBytes.count)
        publicKey = try Ed25519PublicKey(publicBytes)
    }

    /// 64 bytes.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        let status = secret.withBytes { key, _ in
            crypto_sign_detached(&signature, nil, message, UInt64(message.count), key)
        }
        precondition(status == 0, "Ed25519 refused to sign")
        return signature
    }
}

public struct Ed25519PublicKey: Sendable, Hashable {
    public let bytes: [UInt8]

    /// - Parameter bytes: 32 of them.
    public init(_ bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == 32 else { throw .invalidKey }
        self.bytes = bytes
    }

    public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard signature.count == 64 else { return false }
        _ = Sodium.ready
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
    }
}
