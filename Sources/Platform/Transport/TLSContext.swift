internal import CTLS

/// Why a certificate cannot be served, in words that say which file is wrong.
public struct TLSFailure: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// A certificate chain and its key as connections are greeted with, TLS 1.2 and 1.3; it can be read anew while the server runs.
public final class TLSContext: @unchecked Sendable {
    // SAFETY: `current` is read and replaced under the lock; an SSL_CTX counts its own references across threads.
    private let lock = Lock()
    private var current: OpaquePointer
    private let certificateFile: String
    private let keyFile: String

    /// Reads PEM files: the certificate with its chain behind it, and the key that belongs to it.
    public init(certificateFile: String, keyFile: String) throws(TLSFailure) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        current = try Self.load(certificateFile, keyFile)
    }

    deinit { SSL_CTX_free(current) }

    /// Reads the files again, for connections from now on; when they are wrong the old certificate stays.
    public func reload() throws(TLSFailure) {
        let fresh = try Self.load(certificateFile, keyFile)
        let old = lock.withLock {
            defer { current = fresh }
            return current
        }
        SSL_CTX_free(old)
    }

    /// The state of one connection; nil when memory runs out.
    func session() -> TLSSession? {
        lock.withLock { SSL_new(current) }.map(TLSSession.init)
    }

    private static func load(_ certificateFile: String, _ keyFile: String) throws(TLSFailure) -> OpaquePointer {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw failure("TLS cannot be set up") }
        do throws(TLSFailure) {
            guard SSL_CTX_use_certificate_chain_file(context, certificateFile) == 1 else {
                throw failure("the certificate \(certificateFile) cannot be used")
            }
            guard SSL_CTX_use_PrivateKey_file(context, keyFile, SSL_FILETYPE_PEM) == 1 else {
                throw failure("the key \(keyFile) cannot be used")
            }
            guard SSL_CTX_check_private_key(context) == 1 else {
                throw failure("the key \(keyFile) does not belong to the certificate \(certificateFile)")
            }
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        // SSL_CTX_set_min_proto_version and SSL_CTX_set_mode are macros around this.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_ctrl(
            context, SSL_CTRL_MODE,
            Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_ENABLE_PARTIAL_WRITE) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER), nil)
        SSL_CTX_set_options(context, noRenegotiation)
        SSL_CTX_set_alpn_select_cb(context, { _, out, outLength, offered, count, _ in chooseProtocol(out, outLength, offered, count) }, nil)
        return context
    }

    /// SSL_OP_NO_RENEGOTIATION, a macro that is not imported.
    private static let noRenegotiation: UInt64 = 1 << 30

    private static func failure(_ text: String) -> TLSFailure {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return TLSFailure(description: text) }
        return TLSFailure(description: "\(text): \(String(cString: reason))")
    }
}

/// `http/1.1` where the client offers it; a client that offers only others is refused (RFC 7301, 3.2).
private func chooseProtocol(
    _ out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ outLength: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?,
    _ count: UInt32
) -> Int32 {
    guard let offered else { return SSL_TLSEXT_ERR_NOACK }
    let list = UnsafeBufferPointer(start: offered, count: Int(count))
    var start = 0
    while start < list.count {
        let end = start + 1 + Int(list[start])
        guard end <= list.count else { break }
        if list[(start + 1)..<end].elementsEqual("http/1.1".utf8) {
            out?.pointee = offered + start + 1
            outLength?.pointee = list[start]
            return SSL_TLSEXT_ERR_OK
        }
        start = end
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
