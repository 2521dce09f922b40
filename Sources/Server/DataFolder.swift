internal import Glibc

/// The folder of one site, held by one process at a time.
package final class DataFolder: Sendable {
    package let path: String
    private let descriptor: Int32

    /// Makes the folder if need be and takes its lock, which the kernel gives back however the process ends.
    ///
    /// - Throws: a sentence for the terminal when it cannot be made, written or is held by another process.
    package init(path: String) throws(StartFailure) {
        self.path = path
        try Self.makeFolders(path)
        let lock = "\(path)/lock"
        descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StartFailure("The data folder \(path) cannot be written: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartFailure(
                "The data folder \(path) is in use by another foyer process. Stop it first, or give another folder with --data.")
        }
    }

    deinit { close(descriptor) }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// `mkdir -p`, 0700.
    private static func makeFolders(_ path: String) throws(StartFailure) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += prefix.isEmpty || prefix.hasSuffix("/") ? String(part) : "/\(part)"
            if mkdir(prefix, 0o700) != 0 && errno != EEXIST {
                throw StartFailure("The folder \(prefix) cannot be made: \(String(cString: strerror(errno))).")
            }
        }
    }
}

/// Writes a file whole, readable by the owner alone, replacing what was there at once.
///
/// - Throws: a sentence for the terminal.
package func writeSecretFile(_ path: String, _ text: String) throws(StartFailure) {
    let temporary = "\(path).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StartFailure("\(path) cannot be written: \(String(cString: strerror(errno))).") }
    let bytes = Array(text.utf8)
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    let isDurable = written == bytes.count && fsync(descriptor) == 0
    close(descriptor)
    guard isDurable, rename(temporary, path) == 0 else {
        throw StartFailure("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
}
