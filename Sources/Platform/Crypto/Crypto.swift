// Owns every use of libsodium and of OpenSSL's libcrypto: randomness, digests, field encryption, blind indexes, signatures, tokens,
// password hashes and the files that the keys live in. Refuses policy: who may sign in, and for how long, is for Accounts.
internal import CSodium

/// What went wrong with a key, a ciphertext or a signature; never says more than that to a peer.
public enum CryptoError: Error, Sendable, Hashable {
    /// Not encrypted by us, changed since, or moved to another row or column.
    case tampered
    /// Encrypted or signed with a key that this keyring does not hold.
    case unknownKey(String)
    /// Bytes that are no key of the expected kind.
    case invalidKey
    /// The library refused: out of memory, or our bug.
    case library(String)
}

enum Sodium {
    /// Must be touched before any other call; `sodium_init` is idempotent and thread-safe.
    static let ready: Bool = {
        precondition(sodium_init() >= 0, "libsodium does not start")
        return true
    }()
}

/// Bytes from the system's cryptographic generator.
public enum Random {
    public static func bytes(_ count: Int) -> [UInt8] {
        _ = Sodium.ready
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }

    /// An unguessable text of `byteCount` random bytes, safe in URLs, cookies and headers.
    public static func token(byteCount: Int = 32) -> String { Base64URL.encode(bytes(byteCount)) }
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
public func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    _ = Sodium.ready
    return sodium_memcmp(left, right, left.count) == 0
}
