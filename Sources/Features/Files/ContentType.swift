internal import Images
internal import Kernel

/// The type of a file, found from its first bytes. Its name and the type that the sender claims are ignored.
struct ContentType: Sendable, Hashable {
    /// Which metadata is removed before the file is stored.
    enum Family: Sendable, Hashable {
        case picture(ImageFormat)
        /// Boxes of ISO 14496-12.
        case movie
        /// HEIC and AVIF.
        case heif
        case other
    }

    var mediaType: String
    var family: Family = .other

    /// How many bytes the type is found from.
    static let looked = 4096

    static let unknown = ContentType(mediaType: "application/octet-stream")

    /// The types that browsers show or play in place; all others are downloads. None of these can run a script.
    static let inline: Set<String> = [
        "image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav",
        "audio/flac", "audio/webm", "audio/aac", "video/mp4", "video/webm", "video/ogg", "video/quicktime",
    ]

    static func of(_ head: [UInt8]) -> ContentType {
        if let format = ImageFormat(head), format != .webp || head.dropFirst(8).starts(with: "WEBP".utf8) {
            return ContentType(mediaType: format.mediaType, family: .picture(format))
        }
        if head.dropFirst(4).starts(with: "ftyp".utf8) { return boxes(head) }
        return ContentType(mediaType: sound(head) ?? document(head) ?? text(head) ?? unknown.mediaType)
    }

    private static func boxes(_ head: [UInt8]) -> ContentType {
        switch String(own: head.dropFirst(8).prefix(4)) {
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": ContentType(mediaType: "image/heic", family: .heif)
        case "avif", "avis": ContentType(mediaType: "image/avif", family: .heif)
        case "qt  ": ContentType(mediaType: "video/quicktime", family: .movie)
        case "M4A ", "M4B ": ContentType(mediaType: "audio/mp4", family: .movie)
        default: ContentType(mediaType: "video/mp4", family: .movie)
        }
    }

    private static func sound(_ head: [UInt8]) -> String? {
        if head.starts(with: "RIFF".utf8), head.dropFirst(8).starts(with: "WAVE".utf8) { return "audio/wav" }
        if head.starts(with: "OggS".utf8) { return holds(head, "theora") ? "video/ogg" : "audio/ogg" }
        if head.starts(with: "fLaC".utf8) { return "audio/flac" }
        if head.starts(with: "ID3".utf8) { return "audio/mpeg" }
        if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            guard holds(head, "webm") else { return "video/x-matroska" }
            return ["V_VP8", "V_VP9", "V_AV1"].contains { holds(head, $0) } ? "video/webm" : "audio/webm"
        }
        guard head.count > 2, head[0] == 0xFF else { return nil }
        if head[1] & 0xF6 == 0xF0 { return "audio/aac" }
        return head[1] & 0xE0 == 0xE0 && head[1] & 0x06 != 0 && head[2] & 0xF0 != 0xF0 ? "audio/mpeg" : nil
    }

    private static func document(_ head: [UInt8]) -> String? {
        if holds(Array(head.prefix(1024)), "%PDF-") { return "application/pdf" }
        if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) { return "application/zip" }
        if head.starts(with: [0x1F, 0x8B]) { return "application/gzip" }
        if head.starts(with: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) { return "application/x-7z-compressed" }
        return nil
    }

    /// Whether the first bytes are UTF-8 without control characters, except tabs, line ends, form feeds and escapes.
    private static func text(_ head: [UInt8]) -> String? {
        guard !head.isEmpty, !head.contains(where: { $0 < 32 && ![9, 10, 12, 13, 27].contains($0) }) else { return nil }
        // The last character may be incomplete.
        let isText = (0...3).contains { cut in cut < head.count && String(validating: head.dropLast(cut), as: UTF8.self) != nil }
        guard isText else { return nil }
        let lower = head.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if holds(lower, "<svg") { return "image/svg+xml" }
        if ["<!doctype html", "<html", "<script", "<body", "<iframe", "<img"].contains(where: { holds(lower, $0) }) { return "text/html" }
        return holds(Array(lower.prefix(64)), "<?xml") ? "application/xml" : "text/plain"
    }

    private static func holds(_ bytes: [UInt8], _ text: String) -> Bool {
        let part = Array(text.utf8)
        guard bytes.count >= part.count else { return false }
        return (0...bytes.count - part.count).contains { start in
            bytes[start] == part[0] && bytes[start..<start + part.count].elementsEqual(part)
        }
    }
}
