/// The chunks of a WebP file (RFC 9649), of which only those that hold pixels are kept.
///
/// libvips 8.14 writes EXIF, XMP and a profile even where it is told not to (`strip`): what leaves is named here, instead of what stays behind.
enum WebPChunks {
    /// The same picture without anything beside it; nil for what is no WebP file.
    static func pixelsAlone(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 12, bytes.starts(with: riff), bytes[8..<12].elementsEqual("WEBP".utf8) else { return nil }
        var kept: [UInt8] = []
        var header: [UInt8]?
        var at = 12
        while at + 8 <= bytes.count {
            let name = String(decoding: bytes[at..<at + 4], as: UTF8.self)
            let count = (0..<4).reduce(0) { $0 | Int(bytes[at + 4 + $1]) << (8 * $1) }
            let end = at + 8 + count + count & 1
            guard end <= bytes.count else { return nil }
            switch name {
            case "VP8 ", "VP8L", "ALPH": kept += bytes[at..<end]
            case "VP8X": header = Array(bytes[at..<end])
            default: break
            }
            if name == "ALPH", let header { kept = withoutFlags(header) + kept }
            at = end
        }
        guard at == bytes.count, !kept.isEmpty else { return nil }
        let size = UInt32(kept.count + 4)
        return riff + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + Array("WEBP".utf8) + kept
    }

    private static let riff = Array("RIFF".utf8)

    /// The extended header of a picture that has transparency, and no profile, EXIF, XMP or animation.
    private static func withoutFlags(_ header: [UInt8]) -> [UInt8] {
        var header = header
        if header.count > 8 { header[8] = 0x10 }
        return header
    }
}
