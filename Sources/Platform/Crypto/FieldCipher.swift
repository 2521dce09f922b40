internal import CSodium
internal import Kernel

/// One XChaCha20-Poly1305 key; the nonce is random and stands before the ciphertext.
public struct AEADKey: Sendable {
    private static let nonceCount = 24
    private static let tagCount = 16
    public static let keyCount = 32

    private let secret: SecretBytes

    /// - Parameter bytes: 32 of them.
    public init(_ bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == Self.keyCount else { throw .invalidKey }
        secret = SecretBytes(bytes)
    }

    /// 40 bytes more than `plain`; `associated` is authenticated, not stored.
    public func seal(_ plain: [UInt8], associated: [UInt8]) -> [UInt8] {
        let nonce = Random.bytes(Self.nonceCount)
        var sealed = [UInt8](repeating: 0, count: plain.count + Self.tagCount)
        var length: UInt64 = 0
        let status = secret.withBytes { key, _ in
            crypto_aead_xchacha20poly1305_ietf_encrypt(
                &sealed, &length, plain, UInt64(plain.count), associated, UInt64(associated.count), nil, nonce, key)
        }
        precondition(status == 0 && length == sealed.count, "XChaCha20-Poly1305 refused to encrypt")
        return nonce + sealed
    }

    public func open(_ sealed: [UInt8], associated: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard sealed.count >= Self.nonceCount + Self.tagCount else { throw .tampered }
        let (nonce, body) = (Array(sealed.prefix(Self.nonceCount)), Array(sealed.dropFirst(Self.nonceCount)))
        _ = Sodium.ready
        // One byte more, so that the buffer is never empty.
        var plain = [UInt8](repeating: 0, count: body.count - Self.tagCount + 1)
        var length: UInt64 = 0
        let status = secret.withBytes { key, _ in
            crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plain, &length, nil, body, UInt64(body.count), associated, UInt64(associated.count), nonce, key)
        }
        guard status == 0 else { throw .tampered }
        plain.removeLast(plain.count - Int(length))
        return plain
    }
}

/// Encrypts single columns; a value opens only in the row and column that it was sealed for.
///
/// The first byte names the key, so that a new key takes over for new values while the old ones stay readable.
public struct FieldCipher: Sendable {
    private let keys: [UInt8: AEADKey]
    public let currentKey: UInt8

    public init(keys: [UInt8: AEADKey], current: UInt8) throws(CryptoError) {
        guard keys[current] != nil else { throw .unknownKey(String(current)) }
        (self.keys, self.currentKey) = (keys, current)
    }

    /// - Parameters:
    ///   - column: `users.email`.
    ///   - id: the row's key.
    /// - Returns: 41 bytes more than `plain`.
    public func seal(_ plain: [UInt8], column: String, id: Int64) -> [UInt8] {
        guard let key = keys[currentKey] else { preconditionFailure("the current key is always held") }
        return [currentKey] + key.seal(plain, associated: Self.associated(column, id))
    }

    public func seal(_ plain: String, column: String, id: Int64) -> [UInt8] { seal(Array(plain.utf8), column: column, id: id) }

    public func open(_ sealed: [UInt8], column: String, id: Int64) throws(CryptoError) -> [UInt8] {
        guard let keyID = sealed.first else { throw .tampered }
        guard let key = keys[keyID] else { throw .unknownKey(String(keyID)) }
        return try key.open(Array(sealed.dropFirst()), associated: Self.associated(column, id))
    }

    public func openText(_ sealed: [UInt8], column: String, id: Int64) throws(CryptoError) -> String {
        guard let text = String(ownUTF8: try open(sealed, column: column, id: id)) else { throw .tampered }
        return text
    }

    private static func associated(_ column: String, _ id: Int64) -> [UInt8] {
        Array(column.utf8) + [0] + withUnsafeBytes(of: id.bigEndian, Array.init)
    }
}
