internal import Glibc

/// A fresh folder in memory-backed storage.
public struct TestFolder: Sendable {
    public let path: String

    public init() throws {
        let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(root)/foyer-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError(call: "mkdtemp", code: errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Removes the folder and all in it.
    public static func remove(_ path: String) throws {
        guard let directory = opendir(path) else { throw FileError(call: "open \(path)", code: errno) }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let child = path + "/" + name
            if entry.pointee.d_type == UInt8(DT_DIR) {
                try remove(child)
            } else if unlink(child) != 0 {
                throw FileError(call: "unlink \(child)", code: errno)
            }
        }
        guard rmdir(path) == 0 else { throw FileError(call: "rmdir \(path)", code: errno) }
    }
}

struct FileError: Error, CustomStringConvertible {
    let call: String
    let code: Int32
    var description: String { "\(call): \(String(cString: strerror(code)))" }
}
