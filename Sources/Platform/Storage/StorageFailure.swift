// Owns the folder of stored files: seals them in chunks, syncs them to the disk, reads ranges, removes them. Refuses to know what the files are
// and whose.
internal import Glibc

/// Why a stored file could not be written or read.
public enum StorageFailure: Error, Sendable, Hashable {
    /// The disk is full.
    case full
    /// The file does not exist.
    case missing
    /// The bytes on the disk are not those that were written.
    case damaged
    /// The system’s error, for the log.
    case system(code: Int32, action: String)

    static func now(_ action: String) -> StorageFailure {
        switch errno {
        case ENOSPC, EDQUOT: .full
        case ENOENT: .missing
        default: .system(code: errno, action: action)
        }
    }
}

/// A file descriptor, closed with its owner.
struct Descriptor: ~Copyable {
    let number: Int32

    init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(StorageFailure) {
        number = open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
        guard number >= 0 else { throw .now("open") }
    }

    deinit { close(number) }

    borrowing func write(_ bytes: [UInt8], at offset: Int64) throws(StorageFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { pwrite(number, $0.baseAddress! + done, bytes.count - done, off_t(offset) + done) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .now("write") }
            done += count
        }
    }

    /// - Returns: fewer bytes at the end of the file.
    borrowing func read(_ count: Int, at offset: Int64) throws(StorageFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let part = bytes.withUnsafeMutableBytes { pread(number, $0.baseAddress! + done, count - done, off_t(offset) + done) }
            if part < 0 && errno == EINTR { continue }
            guard part >= 0 else { throw .now("read") }
            if part == 0 { break }
            done += part
        }
        bytes.removeLast(count - done)
        return bytes
    }

    borrowing func sync() throws(StorageFailure) {
        guard fsync(number) == 0 else { throw .now("sync") }
    }
}
