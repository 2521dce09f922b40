public import Crypto
internal import Glibc
public import Runtime

/// The folder of stored files. Each stored file has a folder of its own, named by a number, with everything that belongs to it.
///
/// Folders are 0700 and files 0600. Several nodes may share the folder. No text of a client ever becomes a path.
public final class FileStore: Sendable {
    public let path: String
    private let workers: FairWorkers

    /// - Parameter path: created when the first file is stored.
    public init(path: String) {
        self.path = path
        workers = FairWorkers(named: "files", threads: 2, limit: 128)
    }

    /// Runs work that reads or writes on a thread that may wait for the disk.
    ///
    /// - Throws: `QueueRefusal` when too much work waits; what `body` throws.
    public func run<Result: Sendable>(for origin: WorkOrigin, _ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await workers.run(for: origin, body)
    }

    /// Begins a file that does not exist yet.
    ///
    /// - Parameters:
    ///   - name: chosen by the caller's code.
    ///   - id: of the folder.
    public func write(_ name: String, of id: Int64, key: AEADKey) throws(StorageFailure) -> SealedWriter {
        let folder = try makeFolder(of: id)
        return try SealedWriter("\(folder)/\(name)", in: folder, key: key, label: Self.label(name, id))
    }

    /// Begins a new version of a file, under a temporary name. `finish` moves it to its place in one step, so that no reader sees a part of it.
    ///
    /// Temporary files of earlier attempts are removed. Of two attempts at once, on any nodes, the one that began first fails with `missing`.
    public func replace(_ name: String, of id: Int64, key: AEADKey) throws(StorageFailure) -> SealedWriter {
        let folder = try makeFolder(of: id)
        let temporary = "\(name)-new-"
        try remove(from: id, keepingFolder: true) { $0.hasPrefix(temporary) }
        return try SealedWriter(
            "\(folder)/\(temporary)\(UInt64.random(in: 0...(.max)))", in: folder, place: "\(folder)/\(name)", key: key,
            label: Self.label(name, id))
    }

    private func makeFolder(of id: Int64) throws(StorageFailure) -> String {
        let folder = folder(of: id)
        var made: [String] = []
        for path in [path, shard(of: id), folder] {
            if mkdir(path, 0o700) == 0 { made.append(path) } else if errno != EEXIST { throw .now("make a folder") }
        }
        // The name of a new folder is durable once its parent is synced.
        for path in made {
            let parent = path == self.path ? path : path == folder ? shard(of: id) : self.path
            try Descriptor(parent, O_RDONLY | O_DIRECTORY).sync()
        }
        return folder
    }

    public func read(_ name: String, of id: Int64, size: Int64, key: AEADKey) throws(StorageFailure) -> SealedReader {
        try SealedReader("\(folder(of: id))/\(name)", size: size, key: key, label: Self.label(name, id))
    }

    /// Removes the files of a folder that `isDoomed` selects, and the folder once it is empty. What no longer exists is no failure.
    public func remove(from id: Int64, where isDoomed: (String) -> Bool = { _ in true }) throws(StorageFailure) {
        try remove(from: id, keepingFolder: false, where: isDoomed)
    }

    private func remove(from id: Int64, keepingFolder: Bool, where isDoomed: (String) -> Bool) throws(StorageFailure) {
        let folder = folder(of: id)
        for name in try Self.names(in: folder) where isDoomed(name) {
            guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else { throw .now("remove") }
        }
        guard keepingFolder || rmdir(folder) == 0 || [ENOENT, ENOTEMPTY, EEXIST].contains(errno) else { throw .now("remove") }
    }

    /// The folders of files lie in so many shards.
    public static let shards = 0..<256

    /// The numbers of those folders of a shard whose last change is before a time, in seconds since 1970.
    public func folders(ofShard shard: Int, unchangedSince time: Int) throws(StorageFailure) -> [Int64] {
        var found: [Int64] = []
        let shard = self.path(ofShard: shard)
        for name in try Self.names(in: shard) {
            var status = stat()
            guard let id = Int64(name, radix: 16), stat("\(shard)/\(name)", &status) == 0, status.st_mtim.tv_sec < time else { continue }
            found.append(id)
        }
        return found
    }

    /// Bytes that this program may still write to the disk; nil before the folder exists.
    public var freeBytes: Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    private func path(ofShard shard: Int) -> String { "\(path)/\(shard < 16 ? "0" : "")\(String(shard, radix: 16))" }

    private func shard(of id: Int64) -> String { path(ofShard: Int((id >> 4) & 0xFF)) }

    private func folder(of id: Int64) -> String { "\(shard(of: id))/\(String(id, radix: 16))" }

    private static func label(_ name: String, _ id: Int64) -> String { "foyer file \(id) \(name)" }

    /// Without hidden files; empty for a folder that does not exist.
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
