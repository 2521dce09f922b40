internal import Glibc
internal import Kernel
internal import Runtime

/// The folder of one site, held by one process at a time.
package final class DataFolder: Sendable {
    /// The real one, without links: the same however it was named.
    package let path: String
    private let descriptor: Int32

    /// Makes the folder if need be and takes its lock, which the kernel gives back however the process ends.
    ///
    /// - Throws: a sentence for the terminal when it cannot be made, written or is held by another process.
    package init(path named: String) throws(StartFailure) {
        try Self.makeFolders(named)
        guard let real = realpath(named, nil) else {
            throw StartFailure("The data folder \(named) cannot be opened: \(String(cString: strerror(errno))).")
        }
        defer { free(real) }
        path = String(cString: real)
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

    /// Releases the lock before the process ends. Call it after everything in the folder is closed.
    func unlock() { flock(descriptor, LOCK_UN) }

    /// Makes nothing.
    /// - Throws: a sentence when the folder that the settings name holds no site.
    static func requireSite(_ settings: Settings) throws(StartFailure) {
        let path = settings["data"]
        let file = settings.text("database-url") == nil ? "\(path)/foyer.db" : "\(path)/lock"
        guard access(file, F_OK) == 0 else {
            throw StartFailure(
                "There is no site in the folder \(path): name the folder of the site with --data. `foyer serve` makes a new one.")
        }
    }

    /// Random, made with the folder: tells a process that its predecessor on this folder is gone, since it holds the lock now.
    package func identity() throws(StartFailure) -> String {
        let file = file("node-id")
        if let bytes = readFile(file), bytes.count == 16 { return String(own: bytes) }
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        let identity = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        try writeSecretFile(file, identity)
        return identity
    }

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
