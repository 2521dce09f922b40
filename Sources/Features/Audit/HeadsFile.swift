internal import Glibc
internal import Kernel

/// The file of signed heads, one JSON object a line, beside the database but not in it.
///
/// At one megabyte it becomes `….1`, in the place of the one before, and a new one begins with the newest head of each chain.
struct HeadsFile: Sendable {
    let path: String
    static let limit = 1_048_576

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    var previousPath: String { path + ".1" }

    /// Adds the heads that moved.
    /// - Parameter all: the newest head of every chain, for the first lines of a new file.
    func append(_ moved: [AuditHead], all: [AuditHead]) throws {
        var information = stat()
        var heads = moved
        if stat(path, &information) == 0, information.st_size >= Self.limit {
            guard rename(path, previousPath) == 0 else { throw failure("cannot be renamed") }
            heads = all
        }
        let file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("cannot be opened") }
        defer { close(file) }
        let end = try dropTornLine(file)
        var bytes: [UInt8] = []
        for head in heads { bytes += head.json.bytes + [UInt8(ascii: "\n")] }
        // One call: a reader sees whole lines.
        guard write(file, bytes, bytes.count) == bytes.count else {
            let failure = failure("cannot be written")
            // A full disk takes half a line at most, which must not become the beginning of the next one.
            ftruncate(file, end)
            throw failure
        }
    }

    /// Cuts off what a crash left of a line, so that the next one is not taken for a forgery.
    /// - Returns: where the file ends then.
    private func dropTornLine(_ file: Int32) throws -> off_t {
        let end = lseek(file, 0, SEEK_END)
        guard end >= 0 else { throw failure("cannot be read") }
        var tail = [UInt8](repeating: 0, count: Int(min(end, 65_536)))
        let start = end - off_t(tail.count)
        guard pread(file, &tail, tail.count, start) == tail.count else { throw failure("cannot be read") }
        guard let last = tail.last, last != UInt8(ascii: "\n") else { return end }
        let whole = tail.lastIndex(of: UInt8(ascii: "\n")).map { start + off_t($0) + 1 } ?? start
        guard ftruncate(file, whole) == 0 else { throw failure("cannot be shortened") }
        return whole
    }

    /// Takes heads out of both files, into a new one beside them.
    /// - Returns: the new file's path.
    func putAside(_ abandoned: [AuditHead], at time: Timestamp) throws -> String {
        let aside = "\(path).abandoned-\(time.milliseconds)"
        let gone = Set(abandoned)
        let kept = try read().heads.filter { !gone.contains($0) }
        try Self.replace(aside, by: abandoned)
        try Self.replace(path, by: kept)
        guard unlink(previousPath) == 0 || errno == ENOENT else { throw failure("cannot be removed") }
        return aside
    }

    /// Writes a file whole, or leaves what was there.
    private static func replace(_ path: String, by heads: [AuditHead]) throws {
        let new = HeadsFile(path: path + ".new")
        guard unlink(new.path) == 0 || errno == ENOENT else { throw new.failure("cannot be removed") }
        let file = open(new.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw new.failure("cannot be opened") }
        defer { close(file) }
        for head in heads {
            let bytes = head.json.bytes + [UInt8(ascii: "\n")]
            guard write(file, bytes, bytes.count) == bytes.count else { throw new.failure("cannot be written") }
        }
        guard fsync(file) == 0, rename(new.path, path) == 0 else { throw new.failure("cannot be written") }
    }

    /// What both files hold.
    /// - Returns: the heads, and the lines that are none; a last line without its end is one that was being written.
    func read() throws -> (heads: [AuditHead], damaged: [String]) {
        var heads: [AuditHead] = []
        var damaged: [String] = []
        for path in [previousPath, path] {
            let bytes = try contents(of: path)
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for (index, line) in lines.dropLast().enumerated() {
                if let head = Self.head(Array(line)) { heads.append(head) } else { damaged.append("\(path):\(index + 1)") }
            }
        }
        return (heads, damaged)
    }

    private static func head(_ line: [UInt8]) -> AuditHead? {
        do { return AuditHead(try JSONParser.parse(own: line)) } catch { return nil }
    }

    /// Nothing when there is no such file.
    private func contents(of path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return [] }
            throw failure("cannot be opened")
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var count = Glibc.read(file, &buffer, buffer.count)
        while count > 0 {
            bytes += buffer[..<count]
            count = Glibc.read(file, &buffer, buffer.count)
        }
        guard count == 0 else { throw failure("cannot be read") }
        return bytes
    }

    private func failure(_ what: String) -> Failure { Failure(description: "\(path) \(what): \(String(cString: strerror(errno)))") }
}
