import Glibc
import SiteSupport
import Testing

/// The paths of all files below a folder; none when it does not exist.
func files(below path: String) throws -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." { continue }
        let inner = "\(path)/\(name)"
        found += Int32(entry.pointee.d_type) == Int32(DT_DIR) ? try files(below: inner) : [inner]
    }
    return found
}

/// The permission bits of a file.
func mode(of path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
}

func bytes(of path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var (all, part) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while true {
        let count = fread(&part, 1, part.count, file)
        if count == 0 { return all }
        all += part[..<count]
    }
}

/// Changes one byte.
func flip(_ path: String, at offset: Int) {
    guard let file = fopen(path, "r+b") else { return }
    defer { fclose(file) }
    fseek(file, offset, SEEK_SET)
    let byte = fgetc(file)
    fseek(file, offset, SEEK_SET)
    fputc(byte ^ 1, file)
}

/// Makes a file of one byte, with its folder and the folder around that.
func makeFile(_ path: String) throws {
    let parts = path.split(separator: "/")
    for count in [parts.count - 2, parts.count - 1] { mkdir("/" + parts.prefix(count).joined(separator: "/"), 0o700) }
    let file = try #require(fopen(path, "w"))
    fputc(1, file)
    fclose(file)
}

/// Sets the time of the last change into the past.
func age(_ path: String, days: Int) {
    let then = time(nil) - days * 86_400
    var times = [timespec(tv_sec: then, tv_nsec: 0), timespec(tv_sec: then, tv_nsec: 0)]
    utimensat(AT_FDCWD, path, &times, 0)
}
