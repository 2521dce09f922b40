internal import CTLS

/// One connection's TLS, between two memory buffers: it touches no socket. Loop-confined.
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
    private let ssl: OpaquePointer
    /// What arrived, and what is to be sent; owned by `ssl`.
    private let input: OpaquePointer
    private let output: OpaquePointer
    private var hasNotified = false
    /// Nothing more can be read or written.
    private(set) var hasFailed = false

    /// Takes over an SSL; running out of memory here ends the process as it does in Swift.
    init(_ ssl: OpaquePointer) {
        guard let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem()) else { preconditionFailure("out of memory") }
        self.ssl = ssl
        self.input = input
        self.output = output
        SSL_set_bio(ssl, input, output)
        SSL_set_accept_state(ssl)
    }

    deinit { SSL_free(ssl) }

    /// Takes what arrived.
    func feed(_ cipherText: UnsafeRawBufferPointer) {
        guard !hasFailed else { return }
        let count = BIO_write(input, cipherText.baseAddress, Int32(cipherText.count))
        precondition(count == cipherText.count, "out of memory")
    }

    /// Goes on with the handshake, or decrypts into `buffer`.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
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
        guard !hasFailed, SSL_is_init_finished(ssl) == 1 else { return }
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
        guard !hasNotified, !hasFailed, SSL_is_init_finished(ssl) == 1 else { return false }
        hasNotified = true
        ERR_clear_error()
        SSL_shutdown(ssl)
        collect()
        return true
    }

    /// Moves finished records to `wire`.
    private func collect() {
        let count = BIO_ctrl_pending(output)
        guard count > 0 else { return }
        let records = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, Int(BIO_read(output, buffer.baseAddress, Int32(buffer.count))))
        }
        wire.append(SharedBytes(framed: records))
    }
}
