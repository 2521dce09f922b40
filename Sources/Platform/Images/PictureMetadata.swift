/// Removes the metadata of a picture: place, camera, comments, thumbnails, and bytes behind its end.
///
/// The picture is not encoded again, so that no pixel changes. Its orientation stays, in an EXIF block that holds nothing else.
public enum PictureMetadata {
    /// - Returns: nil for bytes that are not a complete picture of that format.
    public static func removed(from bytes: [UInt8], _ format: ImageFormat) -> [UInt8]? {
        switch format {
        case .jpeg: JPEGMetadata.removed(from: bytes)
        case .png: PNGMetadata.removed(from: bytes)
        case .webp: WebPMetadata.removed(from: bytes)
        case .gif: GIFMetadata.removed(from: bytes)
        }
    }
}

/// The EXIF tag of a picture’s orientation (TIFF 6.0, 0x0112).
enum ExifOrientation {
    /// - Parameter tiff: without the `Exif` that JPEG puts before it.
    /// - Returns: 1 (upright) when the block has no valid orientation.
    static func read(_ tiff: ArraySlice<UInt8>) -> UInt8 {
        let bytes = Array(tiff.prefix(64 << 10))
        guard bytes.count >= 8 else { return 1 }
        let isLittle = bytes[0] == 0x49
        func number(_ at: Int, _ count: Int) -> Int? {
            guard at >= 0, at + count <= bytes.count else { return nil }
            let part = bytes[at..<at + count]
            return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else { return 1 }
        for index in 0..<min(count, 1000) {
            let entry = directory + 2 + index * 12
            guard let tag = number(entry, 2) else { return 1 }
            guard tag == 0x0112 else { continue }
            let value = number(entry + 8, 2) ?? 1
            return (2...8).contains(value) ? UInt8(value) : 1
        }
        return 1
    }

    /// A TIFF block with this tag alone.
    static func block(_ orientation: UInt8) -> [UInt8] {
        Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    }
}

/// JPEG (T.81, B.1.1): segments up to the end of the picture.
private enum JPEGMetadata {
    static func removed(from bytes: [UInt8]) -> [UInt8]? {
        guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var orientation: UInt8 = 1
        var (at, hasScan) = (2, false)
        while true {
            while at + 1 < bytes.count, bytes[at] == 0xFF, bytes[at + 1] == 0xFF { at += 1 }
            guard at + 1 < bytes.count, bytes[at] == 0xFF else { break }
            let marker = bytes[at + 1]
            if marker == 0xD9 { break }
            guard at + 4 <= bytes.count else { break }
            let end = at + 2 + Int(bytes[at + 2]) << 8 + Int(bytes[at + 3])
            guard end >= at + 4, end <= bytes.count else { return hasScan ? whole(kept, orientation) : nil }
            let content = bytes[at + 4..<end]
            if marker == 0xE1, content.starts(with: "Exif\0\0".utf8), orientation == 1 {
                orientation = ExifOrientation.read(content.dropFirst(6))
            }
            if isPicture(marker, content) { kept += bytes[at..<end] }
            at = end
            guard marker == 0xDA else { continue }
            hasScan = true
            let start = at
            // Coded pixels and restart markers, up to the next other marker.
            while at + 1 < bytes.count, bytes[at] != 0xFF || bytes[at + 1] == 0 || (0xD0...0xD7).contains(bytes[at + 1]) { at += 1 }
            kept += bytes[start..<min(at, bytes.count)]
        }
        return hasScan ? whole(kept, orientation) : nil
    }

    private static func whole(_ kept: [UInt8], _ orientation: UInt8) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8]
        if orientation != 1 {
            let exif = Array("Exif\0\0".utf8) + ExifOrientation.block(orientation)
            bytes += [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
        }
        return bytes + kept + [0xFF, 0xD9]
    }

    /// Keeps JFIF without a thumbnail, colour profiles, Adobe’s colour transform, and every segment that is neither APP nor a comment.
    private static func isPicture(_ marker: UInt8, _ content: ArraySlice<UInt8>) -> Bool {
        switch marker {
        case 0xE0: content.starts(with: "JFIF\0".utf8) && content.count <= 14
        case 0xE2: content.starts(with: "ICC_PROFILE\0".utf8)
        case 0xEE: content.starts(with: "Adobe".utf8)
        case 0xE1, 0xE3...0xED, 0xEF, 0xF0...0xFD, 0xFE: false
        default: true
        }
    }
}

/// PNG (W3C PNG, 5.3).
private enum PNGMetadata {
    private static let kept: Set<String> = [
        "IHDR", "PLTE", "tRNS", "iCCP", "sRGB", "gAMA", "cHRM", "cICP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT", "IDAT",
    ]

    static func removed(from bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 8 else { return nil }
        var result = Array(bytes.prefix(8))
        result.reserveCapacity(bytes.count)
        var (at, hasHead, hasPixels) = (8, false, false)
        while at + 12 <= bytes.count {
            let count = (0..<4).reduce(0) { $0 << 8 | Int(bytes[at + $1]) }
            guard at + 12 + count <= bytes.count else { return nil }
            let name = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
            if name == "IEND" { return hasHead && hasPixels ? result + chunk("IEND", []) : nil }
            if name == "IHDR" { hasHead = true }
            if name == "IDAT" { hasPixels = true }
            if kept.contains(name) { result += bytes[at..<at + 12 + count] }
            if name == "eXIf", !hasPixels {
                let orientation = ExifOrientation.read(bytes[at + 8..<at + 8 + count])
                if orientation != 1 { result += chunk("eXIf", ExifOrientation.block(orientation)) }
            }
            at += 12 + count
        }
        return nil
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return big(UInt32(content.count)) + body + big(crc(body))
    }

    private static func big(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

/// WebP (RFC 9649).
private enum WebPMetadata {
    private static let kept: Set<String> = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]

    static func removed(from bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 20, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WEBP".utf8) else { return nil }
        // Bytes behind the stated length are not part of the picture.
        let end = min(bytes.count, 8 + little(bytes[4..<8]))
        var chunks: [UInt8] = []
        var (at, orientation) = (12, UInt8(1))
        while at + 8 <= end {
            let name = String(decoding: bytes[at..<at + 4], as: UTF8.self)
            let count = little(bytes[at + 4..<at + 8])
            guard at + 8 + count <= end else { return nil }
            let content = bytes[at + 8..<at + 8 + count]
            if kept.contains(name) { chunks += bytes[at..<at + 8 + count] + (count & 1 == 1 ? [0] : []) }
            if name == "EXIF" {
                orientation = ExifOrientation.read(content.starts(with: "Exif\0\0".utf8) ? content.dropFirst(6) : content)
            }
            at += 8 + count + count & 1
        }
        guard !chunks.isEmpty else { return nil }
        if chunks.starts(with: "VP8X".utf8), chunks.count > 8 {
            chunks[8] &= ~0x0C
            if orientation != 1 {
                chunks[8] |= 0x08
                let block = ExifOrientation.block(orientation)
                chunks += Array("EXIF".utf8) + [UInt8(block.count), 0, 0, 0] + block
            }
        }
        let size = UInt32(chunks.count + 4)
        return Array("RIFF".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + Array("WEBP".utf8) + chunks
    }

    private static func little(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
}

/// GIF89a.
private enum GIFMetadata {
    static func removed(from bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 13 else { return nil }
        var at = 13 + tableSize(bytes[10])
        guard at <= bytes.count else { return nil }
        var kept = Array(bytes[..<at])
        var hasPicture = false
        while at < bytes.count {
            let start = at
            switch bytes[at] {
            case 0x3B: return hasPicture ? kept + [0x3B] : nil
            case 0x2C:
                guard at + 11 <= bytes.count else { return nil }
                guard let end = blocksEnd(bytes, at + 11 + tableSize(bytes[at + 9])) else { return nil }
                kept += bytes[start..<end]
                (at, hasPicture) = (end, true)
            case 0x21:
                guard at + 2 < bytes.count, let end = blocksEnd(bytes, at + 2) else { return nil }
                if isKept(bytes[at + 1], bytes[(at + 2)..<end]) { kept += bytes[start..<end] }
                at = end
            default: return nil
            }
        }
        return nil
    }

    /// Keeps the timing and looping of animations; removes comments, texts and data of applications.
    private static func isKept(_ label: UInt8, _ blocks: ArraySlice<UInt8>) -> Bool {
        switch label {
        case 0xF9: true
        case 0xFF: blocks.dropFirst().starts(with: "NETSCAPE2.0".utf8) || blocks.dropFirst().starts(with: "ANIMEXTS1.0".utf8)
        default: false
        }
    }

    private static func tableSize(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }

    /// The end of the sub-blocks that begin at `start`.
    private static func blocksEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        var at = start
        while at < bytes.count {
            let count = Int(bytes[at])
            at += 1 + count
            if count == 0 { return at }
        }
        return nil
    }
}
