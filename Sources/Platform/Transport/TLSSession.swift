internal import CTLS

/// One connection's TLS, between what arrived and what is to be sent: it touches no socket. Loop-confined.
///
/// OpenSSL reads the cipher text where it arrived and writes records into the queue, through a BIO of ours: nothing is buffered
/// for a connection that says nothing.
final class TLSSession {
    enum Reading {
        case bytes(Int)
        /// More cipher text is needed.
        case starved
        /// The peer said that it sends no more.
        case ended
        case failed
    }

    /// Records that have still to be written.
    var wire = Outbox()
    /// Whether anything arrived yet.
    private(set) var hasBegun = false
    private let ssl: OpaquePointer
    /// What `ssl` was made from, and calls back.
    private let certificates: TLSCertificates
    /// What has still to be read of what arrived; good during `receive` only.
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    private var output: [UInt8] = []
    private var hasNotified = false
    /// Nothing more can be read or written.
    private(set) var hasFailed = false

    /// Takes over an SSL; running out of memory here ends the process as it does in Swift.
    init(_ ssl: OpaquePointer, _ certificates: TLSCertificates) {
        guard let bio = BIO_new(Self.bio) else { preconditionFailure("out of memory") }
        self.ssl = ssl
        self.certificates = certificates
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        SSL_set_bio(ssl, bio, bio)
        SSL_set_accept_state(ssl)
    }

    deinit { SSL_free(ssl) }

    /// Whether application data can be sent.
    var isOpen: Bool { !hasFailed && SSL_is_init_finished(ssl) == 1 }

    /// Takes what arrived and calls `next` with what each attempt to read it gave, until there is no more or `next` says to stop.
    func receive(
        _ cipherText: UnsafeRawBufferPointer, decryptingInto buffer: UnsafeMutableRawBufferPointer, _ next: (Reading) -> Bool
    ) {
        hasBegun = true
        input = cipherText
        while next(read(into: buffer)) {}
        input = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Goes on with the handshake, or decrypts into `buffer`.
    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        guard !hasFailed else { return .failed }
        ERR_clear_error()
        let count = SSL_read(ssl, buffer.baseAddress, Int32(buffer.count))
        let status = count > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl, count)
        collect()
        switch status {
        case SSL_ERROR_NONE: return .bytes(Int(count))
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .starved
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            hasFailed = true
            ERR_clear_error()
            return .failed
        }
    }

    /// Makes records of what is queued, a little ahead of the socket only, so that what is dropped for a slow reader is still plain.
    func encrypt(from outbox: inout Outbox, gatheringIn scratch: UnsafeMutableRawBufferPointer) {
        guard isOpen else { return }
        while !outbox.isEmpty, wire.byteCount < 64 << 10 {
            ERR_clear_error()
            let count = outbox.withNext(gatheringIn: scratch) { SSL_write(ssl, $0.baseAddress, Int32(min($0.count, 64 << 10))) }
            let status = count > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl, count)
            collect()
            guard count > 0 else {
                hasFailed = status != SSL_ERROR_WANT_READ && status != SSL_ERROR_WANT_WRITE
                return
            }
            outbox.remove(Int(count))
        }
    }

    /// Queues the word that we send no more; false when that was done, or cannot be.
    func notifyClose() -> Bool {
        guard !hasNotified, isOpen else { return false }
        hasNotified = true
        ERR_clear_error()
        SSL_shutdown(ssl)
        collect()
        return true
    }

    /// Moves finished records to `wire`.
    private func collect() {
        guard !output.isEmpty else { return }
        wire.append(SharedBytes(framed: output))
        output = []
    }

    // MARK: The BIO

    // SAFETY: made once, and only read from then on.
    nonisolated(unsafe) private static let bio: OpaquePointer = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection") else {
            preconditionFailure("out of memory")
        }
        BIO_meth_set_read(method) { bio, bytes, count in
            BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
            let taken = TLSSession.of(bio).take(UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)))
            if taken > 0 { return Int32(taken) }
            BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
            return -1
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let bytes else { return -1 }
            TLSSession.of(bio).output.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()

    /// Copies what fits of the cipher text that is left.
    private func take(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, input.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input.prefix(count)))
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(count))
        return count
    }

    private static func of(_ bio: OpaquePointer?) -> TLSSession { Unmanaged.fromOpaque(BIO_get_data(bio)!).takeUnretainedValue() }
}
