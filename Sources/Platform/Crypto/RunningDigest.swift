internal import COpenSSL

/// A digest of bytes that arrive in pieces.
// SAFETY: the context belongs to this object alone; the owner promises that no two threads use the object at the same time.
public final class RunningDigest: @unchecked Sendable {
    public enum Algorithm: String, Sendable, CaseIterable {
        /// Checksums find accidents here; nothing relies on them against attackers.
        case sha1, sha256, sha512
    }

    private let context: OpaquePointer

    public init(_ algorithm: Algorithm) {
        let method =
            switch algorithm {
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            }
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, method, nil) == 1 else {
            preconditionFailure("OpenSSL has no memory, or no \(algorithm)")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    public func append(_ bytes: [UInt8]) {
        precondition(EVP_DigestUpdate(context, bytes, bytes.count) == 1, "OpenSSL refused to hash")
    }

    /// The digest of all that was appended. Call it once, as the last call.
    public func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 64)
        var count: UInt32 = 0
        precondition(EVP_DigestFinal_ex(context, &digest, &count) == 1, "OpenSSL refused to hash")
        return Array(digest.prefix(Int(count)))
    }
}
