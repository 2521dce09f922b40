internal import CTLS

/// The certificates as they were read at one time; connections that were begun with them keep them. Immutable.
final class TLSCertificates: @unchecked Sendable {
    // SAFETY: nothing changes after `init`; an SSL_CTX counts its own references across threads, and `tickets` guards itself.
    private let contexts: [OpaquePointer]
    private let tickets: TLSTickets

    init(_ files: [TLSFiles], tickets: TLSTickets) throws(TLSFailure) {
        var contexts: [OpaquePointer] = []
        do throws(TLSFailure) {
            for pair in files { contexts.append(try Self.load(pair)) }
        } catch {
            for context in contexts { SSL_CTX_free(context) }
            throw error
        }
        self.contexts = contexts
        self.tickets = tickets
        let fingerprint = Self.fingerprint(contexts)
        for context in contexts {
            Self.configure(context)
            SSL_CTX_set_session_id_context(context, fingerprint, UInt32(fingerprint.count))
            tickets.serve(context)
        }
        guard contexts.count > 1 else { return }
        // Every session holds on to its certificates, so that the pointer holds as long as it can be called.
        SSL_CTX_set_cert_cb(
            contexts[0],
            { ssl, argument in
                guard let ssl, let argument else { return 0 }
                Unmanaged<TLSCertificates>.fromOpaque(argument).takeUnretainedValue().choose(for: ssl)
                return 1
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        for context in contexts { SSL_CTX_free(context) }
    }

    func connection() -> OpaquePointer? { SSL_new(contexts[0]) }

    // MARK: Names

    /// The certificate for a name: one that says it in full before one with a wildcard, the earlier one before the later.
    func index(for name: String) -> Int? {
        let whole = UInt32(X509_CHECK_FLAG_NO_WILDCARDS)
        let wildcard = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        return index(for: name, whole) ?? index(for: name, wildcard)
    }

    private func index(for name: String, _ flags: UInt32) -> Int? {
        contexts.firstIndex { X509_check_host(SSL_CTX_get0_certificate($0), name, name.utf8.count, flags, nil) == 1 }
    }

    private func choose(for ssl: OpaquePointer) {
        guard let name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name), let index = index(for: String(cString: name)), index > 0
        else { return }
        SSL_set_SSL_CTX(ssl, contexts[index])
    }

    // MARK: Making contexts

    private static func load(_ files: TLSFiles) throws(TLSFailure) -> OpaquePointer {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw failure("TLS cannot be set up") }
        do throws(TLSFailure) {
            guard SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1 else {
                throw failure("the certificate \(files.certificate) cannot be used")
            }
            let isTaken = SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) == 1
            let isOther = !isTaken && ERR_GET_REASON(ERR_peek_error()) == X509_R_KEY_VALUES_MISMATCH
            if isOther || (isTaken && SSL_CTX_check_private_key(context) != 1) {
                throw failure("the key \(files.key) does not belong to the certificate \(files.certificate)")
            }
            guard isTaken else { throw failure("the key \(files.key) cannot be used") }
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        return context
    }

    /// Mozilla's “intermediate” without its finite-field key exchange: what every browser of the last ten years speaks.
    private static let ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

    private static func configure(_ context: OpaquePointer) {
        // SSL_CTX_set_min_proto_version, SSL_CTX_set_mode and the like are macros around SSL_CTX_ctrl.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_ctrl(
            context, SSL_CTRL_MODE,
            Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_ENABLE_PARTIAL_WRITE) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER), nil)
        // Sessions are in the tickets alone: a cache would keep memory for clients that never come back.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
        SSL_CTX_set_options(context, noRenegotiation | noCompression)
        var curves = Array("X25519:P-256:P-384".utf8CString)
        let status = SSL_CTX_set_cipher_list(context, ciphers)
        precondition(status == 1 && SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0, &curves) == 1, "OpenSSL lacks what TLS needs")
        SSL_CTX_set_alpn_select_cb(context, { _, out, outLength, offered, count, _ in chooseProtocol(out, outLength, offered, count) }, nil)
    }

    /// SSL_OP_NO_RENEGOTIATION and SSL_OP_NO_COMPRESSION, macros that are not imported.
    private static let noRenegotiation: UInt64 = 1 << 30
    private static let noCompression: UInt64 = 1 << 17

    /// What a ticket must have been made under to be taken again.
    private static func fingerprint(_ contexts: [OpaquePointer]) -> [UInt8] {
        var all: [UInt8] = []
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        for context in contexts {
            X509_digest(SSL_CTX_get0_certificate(context), EVP_sha256(), &digest, nil)
            all += digest
        }
        EVP_Digest(all, all.count, &digest, nil, EVP_sha256(), nil)
        return digest
    }

    private static func failure(_ text: String) -> TLSFailure {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return TLSFailure(description: text) }
        return TLSFailure(description: "\(text): \(String(cString: reason))")
    }
}

/// `http/1.1` where the client offers it; a client that offers only others is refused with `no_application_protocol` (RFC 7301, 3.2).
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
