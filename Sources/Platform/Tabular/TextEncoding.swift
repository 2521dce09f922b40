// Owns reading the tables that people bring in files: encodings, separators, quotes, line numbers, lists in JSON. Refuses to know what a column means.

/// How the text of a file is written, as far as spreadsheets write it.
public enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    /// What Excel in Western Europe calls CSV.
    case windows1252 = "windows-1252"

    /// The bytes in UTF-8 without a byte order mark, and how they were written.
    ///
    /// A mark decides; what has none and is valid UTF-8 is UTF-8; anything else is Windows-1252, in which every byte is a character.
    public static func decode(_ bytes: [UInt8]) -> (text: [UInt8], encoding: TextEncoding) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (Array(bytes[3...]), .utf8) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (utf16(bytes[2...], isLittleEndian: true), .utf16LittleEndian) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (utf16(bytes[2...], isLittleEndian: false), .utf16BigEndian) }
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        return isUTF8 ? (bytes, .utf8) : (windows(bytes), .windows1252)
    }

    private static func windows(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
            } else {
                append(byte < 0xA0 ? windowsOnly[Int(byte) - 0x80] : UInt32(byte), to: &text)
            }
        }
        return text
    }

    /// 0x80 to 0x9F; five of them mean nothing.
    private static let windowsOnly: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
        0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    ]

    private static func utf16(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        func unit(at place: Int) -> UInt32? {
            guard place + 1 < bytes.endIndex else { return nil }
            let (first, second) = (UInt32(bytes[place]), UInt32(bytes[place + 1]))
            return isLittleEndian ? second << 8 | first : first << 8 | second
        }
        while let high = unit(at: index) {
            index += 2
            var scalar = high
            if (0xD800...0xDBFF).contains(high), let low = unit(at: index), (0xDC00...0xDFFF).contains(low) {
                index += 2
                scalar = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
            } else if (0xD800...0xDFFF).contains(high) {
                scalar = 0xFFFD
            }
            append(scalar, to: &text)
        }
        return text
    }

    private static func append(_ value: UInt32, to text: inout [UInt8]) {
        switch value {
        case ..<0x80: text.append(UInt8(value))
        case ..<0x800:
            text.append(UInt8(0xC0 | value >> 6))
            text.append(UInt8(0x80 | value & 0x3F))
        case ..<0x10000:
            text.append(UInt8(0xE0 | value >> 12))
            text.append(UInt8(0x80 | value >> 6 & 0x3F))
            text.append(UInt8(0x80 | value & 0x3F))
        default:
            text.append(UInt8(0xF0 | value >> 18))
            text.append(UInt8(0x80 | value >> 12 & 0x3F))
            text.append(UInt8(0x80 | value >> 6 & 0x3F))
            text.append(UInt8(0x80 | value & 0x3F))
        }
    }
}
