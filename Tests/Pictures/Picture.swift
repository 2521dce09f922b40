// Pictures, the ordinary and the hostile, for the tests of those who read them.
internal import Glibc

/// Pictures of 48 by 32 pixels in the formats that are read, as files beside this one, and PNG of our own making.
///
/// `phone.jpg` and `phone.webp` are turned (EXIF orientation 6), have a profile of their own, a place in EXIF (GPS), and the word `Sycamore` in EXIF
/// and XMP.
public enum Picture {
    public static let samples = [
        "phone.jpg", "phone.webp", "progressive.jpg", "cmyk.jpg", "gray.png", "alpha.png", "interlaced16.png", "palette.png",
        "animated.gif", "animated.webp",
    ]

    public static func sample(_ name: String) -> [UInt8] {
        let path = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/samples/" + name
        guard let file = fopen(path, "rb") else { preconditionFailure("there is no \(path)") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    /// An RGB PNG, its pixels stored and not compressed; with `orientation`, as EXIF has it.
    public static func png(width: Int, height: Int, orientation: UInt8? = nil, _ pixel: (_ x: Int, _ y: Int) -> [UInt8]) -> [UInt8] {
        var rows: [UInt8] = []
        for y in 0..<height {
            rows.append(0)
            for x in 0..<width { rows += pixel(x, y) }
        }
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        while start < rows.count {
            let block = rows[start..<min(rows.count, start + 65_535)]
            start = block.endIndex
            let count = UInt16(block.count)
            stream.append(start == rows.count ? 1 : 0)
            for word in [count, ~count] { stream += [UInt8(word & 0xFF), UInt8(word >> 8)] }
            stream += block
        }
        stream += big(adler32(rows))
        var bytes = signature + chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [8, 2, 0, 0, 0])
        if let orientation {
            bytes += chunk(
                "eXIf", Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0])
        }
        return bytes + chunk("IDAT", stream) + chunk("IEND", [])
    }

    /// A few bytes that claim so many pixels.
    public static func bomb(width: Int, height: Int) -> [UInt8] {
        signature + chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [8, 6, 0, 0, 0]) + chunk("IDAT", [0x78, 0x01, 0, 0, 0])
            + chunk("IEND", [])
    }

    private static let signature = [0x89] + Array("PNG\r\n\u{1A}\n".utf8)

    /// One grey pixel, and so many texts of 49 KB that unpack to eight megabytes each.
    public static func png(texts: Int) -> [UInt8] {
        // One letter, then 30,000 times the 258 before (RFC 1951, 3.2.6).
        var bits: [UInt8] = [1, 1, 0] + code(0x91, 8)
        for _ in 0..<30_000 { bits += code(0b1100_0101, 8) + code(0, 5) }
        bits += code(0, 7)
        let packed = stride(from: 0, to: bits.count, by: 8).map { start in
            (start..<min(start + 8, bits.count)).reduce(UInt8(0)) { $0 | bits[$1] << UInt8($1 - start) }
        }
        let count = 1 + 30_000 * 258
        let sums = ((1 + 97 * count) % 65_521, (count + 97 * (count * (count + 1) / 2 % 65_521)) % 65_521)
        let stream: [UInt8] = [0x78, 0x01] + packed + big(UInt32(sums.1 << 16 | sums.0))
        let text = chunk("zTXt", Array("k".utf8) + [0, 0] + stream)
        return signature + chunk("IHDR", big(1) + big(1) + [8, 0, 0, 0, 0]) + Array(repeatElement(text, count: texts).joined())
            + chunk("IDAT", [0x78, 0x01, 1, 2, 0, 0xFD, 0xFF, 0, 128] + big(adler32([0, 128]))) + chunk("IEND", [])
    }

    private static func code(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).reversed().map { UInt8(value >> $0 & 1) } }

    /// A grey JPEG picture of 16 by 16 pixels in so many scans, each of eleven bytes.
    public static func jpeg(scans: Int) -> [UInt8] {
        func codes(_ table: UInt8, _ symbol: UInt8) -> [UInt8] {
            [0xFF, 0xC4, 0, 20, table, 1] + [UInt8](repeating: 0, count: 15) + [symbol]
        }
        let frame: [UInt8] = [0xFF, 0xC2, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
        let head = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 1, count: 64) + frame + codes(0, 0) + codes(0x10, 0x20)
        let (means, details): ([UInt8], [UInt8]) = (
            [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0x0F], [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0, 0x1F]
        )
        return head + means + Array(repeatElement(details, count: scans - 1).joined()) + [0xFF, 0xD9]
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return big(UInt32(data.count)) + body + big(crc32(body))
    }

    private static func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var rest: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            rest ^= UInt32(byte)
            for _ in 0..<8 { rest = rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
        }
        return ~rest
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    /// The kinds of a WebP file's chunks and its size in pixels; nil for anything else, trailing bytes included.
    public static func webP(_ bytes: [UInt8]) -> (chunks: Set<String>, width: Int, height: Int)? {
        func little(_ offset: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) } }
        guard bytes.count > 30, bytes.starts(with: Array("RIFF".utf8)), little(4, 4) + 8 == bytes.count,
            bytes[8..<12].elementsEqual("WEBP".utf8)
        else { return nil }
        var (chunks, at, size): (Set<String>, Int, (Int, Int)?) = ([], 12, nil)
        while at + 8 <= bytes.count {
            let name = String(decoding: bytes[at..<at + 4], as: UTF8.self)
            chunks.insert(name)
            switch name {
            case "VP8 ": size = size ?? (little(at + 14, 2) & 0x3FFF, little(at + 16, 2) & 0x3FFF)
            case "VP8L": size = size ?? (little(at + 9, 4) & 0x3FFF + 1, little(at + 9, 4) >> 14 & 0x3FFF + 1)
            case "VP8X": size = (little(at + 12, 3) + 1, little(at + 15, 3) + 1)
            default: break
            }
            at += 8 + (little(at + 4, 4) + 1) & ~1
        }
        guard let size, at == bytes.count else { return nil }
        return (chunks, size.0, size.1)
    }
}
