internal import Glibc
internal import HTTP
internal import Runtime

/// The web app's files, read once at start and served from memory; nothing of a request ever becomes a path on the disk.
public struct StaticFiles: Sendable {
    private struct File: Sendable {
        let bytes: [UInt8]
        let gzip: [UInt8]?
        let type: String
        let tag: String
        let isImmutable: Bool
        /// The site snippet, which pages of other sites load.
        let isForOtherSites: Bool
    }

    /// No inline code, no third party.
    public static let contentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws: wss:; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"

    private var files: [String: File] = [:]

    /// - Returns: nil when the directory has no `index.html`.
    public init?(directory: String) {
        load(directory, under: "")
        guard files["/index.html"] != nil else { return nil }
    }

    private mutating func load(_ directory: String, under prefix: String) {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            if Int32(entry.pointee.d_type) == Int32(DT_DIR) {
                load("\(directory)/\(name)", under: "\(prefix)/\(name)")
            } else if !name.hasSuffix(".gz"), let bytes = readFile("\(directory)/\(name)") {
                files["\(prefix)/\(name)"] = File(
                    bytes: bytes, gzip: readFile("\(directory)/\(name).gz"), type: Self.type(of: name), tag: Self.tag(of: bytes),
                    isImmutable: Self.hasHash(name), isForOtherSites: "\(prefix)/\(name)" == "/snippet.js")
            }
        }
    }

    /// - Returns: nil for what belongs to the API; an unknown path without an extension is the app itself, which routes it.
    func reply(to request: HTTPRequest, base: String) -> Reply? {
        let path = request.path
        guard request.method == .get || request.method == .head, !(path + "/").lowercased().hasPrefix("\(base)/") else { return nil }
        if request.isWebSocketUpgrade { return nil }
        if let file = files[path] { return Self.reply(with: file, to: request) }
        let last = path.split(separator: "/").last ?? ""
        guard !last.contains("."), let index = files["/index.html"] else { return nil }
        return Self.reply(with: index, to: request)
    }

    private static func reply(with file: File, to request: HTTPRequest) -> Reply {
        var reply = Reply(status: 200, headers: ["Content-Type": file.type, "ETag": file.tag, "Vary": "Accept-Encoding"])
        reply.headers["Cache-Control"] = file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache"
        if file.isForOtherSites {
            reply.headers["Cache-Control"] = "public, max-age=3600"
            reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        }
        reply.headers["Accept-Ranges"] = "bytes"
        let part = Conditional.part(of: request, count: file.bytes.count, tag: file.tag)
        // A part is one of the plain bytes.
        if part == .whole, let gzip = file.gzip, ContentCoding.acceptsGzip(request) {
            reply.headers["ETag"] = file.tag.dropLast() + "-gzip\""
            reply.headers["Content-Encoding"] = "gzip"
            reply.body = gzip
        } else {
            reply.body = file.bytes
        }
        if Conditional.isFresh(request, tag: reply.headers["ETag"]) { return reply.notModified() }
        switch part {
        case .whole: break
        case .range(let range):
            reply.status = 206
            reply.headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.bytes.count)"
            reply.body = Array(file.bytes[range])
        case .unsatisfiable:
            reply = Reply(status: 416, headers: ["Content-Range": "bytes */\(file.bytes.count)"])
        }
        return reply
    }

    /// `app-4F3A2B1C.js`: a name that changes with its content.
    private static func hasHash(_ name: String) -> Bool {
        guard let dash = name.utf8.lastIndex(of: UInt8(ascii: "-")), let dot = name[dash...].firstIndex(of: ".") else { return false }
        let hash = name[name.index(after: dash)..<dot]
        return hash.count >= 8 && hash.allSatisfy { $0.isLetter || $0.isNumber }
    }

    /// An entity tag of these bytes.
    public static func tag(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return "\"\(String(hash, radix: 16))\""
    }

    private static func type(of name: String) -> String {
        let types = [
            "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
            "json": "application/json", "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "woff2": "font/woff2",
            "webmanifest": "application/manifest+json", "txt": "text/plain; charset=utf-8", "map": "application/json",
        ]
        return types[String(name.split(separator: ".").last ?? "")] ?? "application/octet-stream"
    }
}
