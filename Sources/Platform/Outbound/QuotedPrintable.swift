/// Text as seven-bit lines of at most 76 characters (RFC 2045 §6.7), whatever stands in it.
enum QuotedPrintable {
    static func encode(_ text: String) -> String {
        // By bytes: \r\n is one character.
        text.utf8.filter { $0 != 0x0D }.split(separator: 0x0A, omittingEmptySubsequences: false).map(line).joined(separator: "\r\n")
    }

    static func escape(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }

    private static func line(_ bytes: [UInt8].SubSequence) -> String {
        var (result, length) = ("", 0)
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let isBare = (33...126).contains(byte) && byte != UInt8(ascii: "=") || (byte == 0x20 || byte == 0x09) && !isLast
            let part = isBare ? String(UnicodeScalar(byte)) : escape(byte)
            if length + part.utf8.count > (isLast ? 76 : 75) {
                result += "=\r\n"
                length = 0
            }
            result += part
            length += part.utf8.count
        }
        return result
    }
}
