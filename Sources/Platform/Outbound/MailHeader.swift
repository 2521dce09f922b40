internal import Kernel

/// Words in header fields: plain where they can be, else encoded (RFC 2047 §4.2), so that no text of anybody's becomes a field of its own.
enum MailHeader {
    /// Every control character a space, none at the ends.
    static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })).trimmed
    }

    /// Free text, such as a subject; `first` bytes of its first line are taken by the field's name.
    static func text(_ text: String, after first: Int) -> String {
        let line = oneLine(text)
        let isPlain = line.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !line.contains("=?") && line.utf8.count + first <= 76
        return isPlain ? line : encoded(line, after: first)
    }

    /// A name before an address: an atom, a quoted string, or encoded.
    static func phrase(_ name: String) -> String {
        let line = oneLine(name)
        let isPlain = line.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C } && !line.contains("=?")
        return isPlain && line.utf8.count <= 60 ? "\"\(line)\"" : encoded(line, after: 6)
    }

    /// Encoded words of whole characters, folded one a line; no line longer than 76 bytes.
    private static func encoded(_ text: String, after first: Int) -> String {
        var words: [String] = []
        var word = ""
        for scalar in text.unicodeScalars {
            let part = String(scalar).utf8.map(encoded).joined()
            if word.utf8.count + part.utf8.count > (words.isEmpty ? 62 - first : 62) {
                words.append(word)
                word = ""
            }
            word += part
        }
        words.append(word)
        return words.map { "=?UTF-8?Q?\($0)?=" }.joined(separator: "\r\n ")
    }

    private static func encoded(_ byte: UInt8) -> String {
        switch byte {
        case 0x20: "_"
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            String(UnicodeScalar(byte))
        default: QuotedPrintable.escape(byte)
        }
    }
}
