public import Crypto
internal import Glibc
public import Runtime

/// The folder of stored files: one folder for each, named by a number, with the file itself and what belongs to it.
///
/// Folders are 0700 and files 0600. Several nodes share the folder; every name in it is written once, by one of them.
public final class FileStore: Sendable {
    public let path: String
    private let workers: FairWorkers

    /// - Parameter path: made when something is first stored.
    public init(path: String) {
        self.path = path
        workers = FairWorkers(named: "files", threads: 2, limit: 128)
    }

    /// Runs what reads or writes on a thread that may wait for the disk.
    ///
    /// - Throws: `QueueRefusal` when too much waits.
    public func run<Result: Sendable>(for origin: WorkOrigin, _ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await workers.run(for: origin, body)
    }

    /// Begins a file that is not there yet.
    ///
    /// - Parameters:
    ///   - id: of the folder.
    ///   - name: of this program’s: no text of a client’s becomes a path.
    public func write(_ name: String, of id: Int64, key: AEADKey) throws(StorageFailure) -> SealedWriter {
        let folder = try makeFolder(of: id)
        return try SealedWriter("\(folder)/\(name)", in: folder, key: key, label: Self.label(name, id))
    }

    /// Begins a file beside the one of that name, whose place it takes with `place`: what a crash left of it is written over.
    public func replace(_ name: String, of id: Int64, key: AEADKey) throws(StorageFailure) -> SealedWriter {
        let folder = try makeFolder(of: id)
        let path = "\(folder)/\(name)-new"
        guard unlink(path) == 0 || errno == ENOENT else { throw .now("remove") }
        return try SealedWriter(path, in: folder, key: key, label: Self.label(name, id))
    }

    /// Puts a finished file in its place, in one step that the disk keeps.
    public func place(_ name: String, of id: Int64) throws(StorageFailure) {
        let folder = folder(of: id)
        guard rename("\(folder)/\(name)-new", "\(folder)/\(name)") == 0 else { throw .now("rename") }
        try Descriptor(folder, O_RDONLY | O_DIRECTORY).sync()
    }

    private func makeFolder(of id: Int64) throws(StorageFailure) -> String {
        let folder = folder(of: id)
        var made: [String] = []
        for path in [path, shard(of: id), folder] {
            if mkdir(path, 0o700) == 0 { made.append(path) } else if errno != EEXIST { throw .now("make a folder") }
        }
        // The disk keeps the name of a folder with the folder around it.
        for path in made {
            let parent = path == self.path ? path : path == folder ? shard(of: id) : self.path
            try Descriptor(parent, O_RDONLY | O_DIRECTORY).sync()
        }
        return folder
    }

    public func read(_ name: String, of id: Int64, size: Int64, key: AEADKey) throws(StorageFailure) -> SealedReader {
        try SealedReader("\(folder(of: id))/\(name)", size: size, key: key, label: Self.label(name, id))
    }

    /// Removes those of a folder’s files that `isDoomed` names; the folder, too, when it is empty then. What is gone already is no failure.
    public func remove(from id: Int64, where isDoomed: (String) -> Bool = { _ in true }) throws(StorageFailure) {
        let folder = folder(of: id)
        for name in try Self.names(in: folder) where isDoomed(name) {
            guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else { throw .now("remove") }
        }
        guard rmdir(folder) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST else { throw .now("remove") }
    }

    /// The numbers of all folders that were not touched since a time, in seconds.
    public func folders(untouchedSince time: Int) throws(StorageFailure) -> [Int64] {
        var found: [Int64] = []
        for shard in try Self.names(in: path) {
            for name in try Self.names(in: "\(path)/\(shard)") {
                var status = stat()
                guard let id = Int64(name, radix: 16), stat("\(path)/\(shard)/\(name)", &status) == 0, status.st_mtim.tv_sec < time else {
                    continue
                }
                found.append(id)
            }
        }
        return found
    }

    /// Bytes that the disk has left for this program.
    public var freeBytes: Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    private func shard(of id: Int64) -> String {
        let digits = String((id >> 4) & 0xFF, radix: 16)
        return "\(path)/\(digits.utf8.count < 2 ? "0" : "")\(digits)"
    }

    private func folder(of id: Int64) -> String { "\(shard(of: id))/\(String(id, radix: 16))" }

    private static func label(_ name: String, _ id: Int64) -> String { "foyer file \(id) \(name)" }

    /// Without hidden ones; empty for a folder that is not there.
    private static func names(in folder: String) throws(StorageFailure) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw .now("list")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
