internal import CTLS
internal import Glibc

/// How long session tickets hold, in seconds.
public struct TLSTicketTimes: Sendable {
    /// After which tickets are made with a new key.
    public var period = 6 * 3600
    /// For which a ticket can be used, and a key read tickets after the last was made with it.
    public var lifetime = 12 * 3600

    public init() {}
}

/// The keys that session tickets are encrypted with: in this process's memory alone, replaced often, so that what is recorded today
/// cannot be read with what is stolen tomorrow.
final class TLSTickets: @unchecked Sendable {
    // SAFETY: `keys` is touched under the lock only.
    private let lock = Lock()
    private let times: TLSTicketTimes
    /// The newest first.
    private var keys: [Key] = []

    private struct Key {
        let name = random(16)
        let cipher = random(32)
        let mac = random(32)
        let made: Int

        private static func random(_ count: Int) -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let status = RAND_bytes(buffer.baseAddress, Int32(count))
                precondition(status == 1, "there is no randomness")
                filled = count
            }
        }
    }

    init(_ times: TLSTicketTimes) { self.times = times }

    /// Has a context's tickets made and read with these keys, which must outlive it.
    func serve(_ context: OpaquePointer) {
        SSL_CTX_set_timeout(context, times.lifetime)
        SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
        SSL_CTX_set_tlsext_ticket_key_evp_cb(context) { ssl, name, vector, cipher, mac, isMaking in
            guard let ssl, let name, let vector, let raw = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0) else { return -1 }
            let tickets = Unmanaged<TLSTickets>.fromOpaque(raw).takeUnretainedValue()
            return isMaking == 1
                ? tickets.make(name, vector, cipher, mac) : tickets.read(name, vector, cipher, mac, SSL_version(ssl) == TLS1_3_VERSION)
        }
    }

    /// All keys that still hold; the first is young enough to make tickets with.
    private func current() -> [Key] {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = time.tv_sec
        return lock.withLock {
            if keys.first.map({ now - $0.made >= times.period }) ?? true {
                keys.removeAll { now - $0.made >= times.period + times.lifetime }
                keys.insert(Key(made: now), at: 0)
            }
            return keys
        }
    }

    private func make(
        _ name: UnsafeMutablePointer<UInt8>, _ vector: UnsafeMutablePointer<UInt8>, _ cipher: OpaquePointer?, _ mac: OpaquePointer?
    ) -> Int32 {
        let key = current()[0]
        for (index, byte) in key.name.enumerated() { name[index] = byte }
        guard RAND_bytes(vector, 16) == 1, EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipher, vector) == 1, begin(mac, key)
        else { return -1 }
        return 1
    }

    /// - Parameter isSpent: whether clients use a ticket once, as those of TLS 1.3 should.
    /// - Returns: 1 for a ticket that holds, 2 for one to be replaced, 0 for one that is not ours.
    private func read(
        _ name: UnsafeMutablePointer<UInt8>, _ vector: UnsafeMutablePointer<UInt8>, _ cipher: OpaquePointer?, _ mac: OpaquePointer?,
        _ isSpent: Bool
    ) -> Int32 {
        let keys = current()
        let name = UnsafeBufferPointer(start: name, count: 16)
        guard let index = keys.firstIndex(where: { $0.name.elementsEqual(name) }) else { return 0 }
        let key = keys[index]
        guard EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipher, vector) == 1, begin(mac, key) else { return -1 }
        return index == 0 && !isSpent ? 1 : 2
    }

    private func begin(_ mac: OpaquePointer?, _ key: Key) -> Bool {
        // The parameter keeps both pointers: the name's must live as long as the value's, until OpenSSL has read them.
        OSSL_MAC_PARAM_DIGEST.withCString { name in
            var digest = Array("SHA256".utf8CString)
            return digest.withUnsafeMutableBufferPointer { digest in
                var parameters = [OSSL_PARAM_construct_utf8_string(name, digest.baseAddress, 0), OSSL_PARAM_construct_end()]
                return EVP_MAC_init(mac, key.mac, key.mac.count, &parameters) == 1
            }
        }
    }
}
