internal import CTLS
internal import Glibc

/// Why a certificate cannot be served, in words that say which file is wrong.
public struct TLSFailure: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// A certificate with its chain behind it and the key that belongs to it, both PEM.
public struct TLSFiles: Sendable {
    public var certificate: String
    public var key: String

    public init(certificate: String, key: String) { (self.certificate, self.key) = (certificate, key) }
}

/// The certificates that connections are greeted with, TLS 1.2 and 1.3; they can be read anew while the server runs.
///
/// A session that was begun under the same certificates can be resumed, whether they were read again or not; under others the
/// ticket is ignored and the handshake done in full.
public final class TLSContext: @unchecked Sendable {
    // SAFETY: `current` and `stamps` are read and replaced under the lock.
    private let lock = Lock()
    private let files: [TLSFiles]
    private let tickets: TLSTickets
    private var current: TLSCertificates
    private var stamps: [FileStamp?]

    /// - Parameter files: at least one; the first greets clients that name no site, or one that no certificate is for.
    public init(_ files: [TLSFiles], tickets: TLSTicketTimes = TLSTicketTimes()) throws(TLSFailure) {
        precondition(!files.isEmpty, "TLS needs a certificate")
        self.files = files
        self.tickets = TLSTickets(tickets)
        stamps = Self.stamps(files)
        current = try TLSCertificates(files, tickets: self.tickets)
    }

    /// Reads the files again, for connections from now on; when they are wrong the old certificates stay.
    public func reload() throws(TLSFailure) {
        let stamps = Self.stamps(files)
        lock.withLock { self.stamps = stamps }
        let fresh = try TLSCertificates(files, tickets: tickets)
        lock.withLock { current = fresh }
    }

    /// Whether a file was replaced or rewritten since it was last read, well or badly.
    public var isOutdated: Bool {
        let now = Self.stamps(files)
        return lock.withLock { now != stamps }
    }

    /// Whether one of the certificates is for this name.
    public func covers(_ name: String) -> Bool { lock.withLock { current }.index(for: name) != nil }

    /// The state of one connection; nil when memory runs out.
    func session() -> TLSSession? {
        let certificates = lock.withLock { current }
        return certificates.connection().map { TLSSession($0, certificates) }
    }

    private static func stamps(_ files: [TLSFiles]) -> [FileStamp?] { files.flatMap { [FileStamp($0.certificate), FileStamp($0.key)] } }
}

/// What changes when a file, or a link on the way to it, is replaced or rewritten.
private struct FileStamp: Equatable {
    private let inode: UInt
    private let seconds: Int
    private let nanoseconds: Int
    private let size: Int

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt(status.st_ino)
        (seconds, nanoseconds, size) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec, Int(status.st_size))
    }
}
