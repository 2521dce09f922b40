/// The chunks of a PNG file (W3C PNG, 5.3), of which only those that say what is seen go to the decoder.
///
/// Texts may be packed a thousandfold, and libpng unpacks and keeps each of them before anybody asks for one: a file of 750 KB took 2.3 GB.
enum PNGChunks {
    /// The pixels, their colours, and how the picture is turned.
    private static let kept: Set<String> = ["IHDR", "PLTE", "tRNS", "iCCP", "eXIf", "IDAT", "IEND"]

    /// The same picture without anything beside it, each chunk but those of pixels once; cut where the file breaks off.
    static func pictureAlone(_ bytes: [UInt8]) -> [UInt8] {
        var result = Array(bytes.prefix(8))
        result.reserveCapacity(bytes.count)
        var seen: Set<String> = []
        var at = 8
        while at + 8 <= bytes.count {
            let name = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
            let count = (0..<4).reduce(0) { $0 << 8 | Int(bytes[at + $1]) }
            // Its length, its name and a checksum around it.
            let end = min(at + 12 + count, bytes.count)
            if kept.contains(name), name == "IDAT" || seen.insert(name).inserted { result += bytes[at..<end] }
            at = end
        }
        return result
    }
}
