internal import Crypto
internal import Kernel

/// The name of a file as its sender says it, as far as it is a name: it is shown and offered to whoever saves the file, and never becomes a path here.
enum FileName {
    static let fallback = "file"
    /// Bytes, as file systems take them.
    static let limit = 200

    /// What follows the last slash or backslash, in one line, without what cannot be seen or turns the direction, no hidden file, no `.` or `..`.
    static func clean(_ text: String) -> String {
        var name = String.UnicodeScalarView()
        for scalar in text.nfc.unicodeScalars {
            if scalar == "/" || scalar == "\\" {
                name = String.UnicodeScalarView()
            } else if !isUnfit(scalar) {
                name.append(scalar)
            }
        }
        let bare = String(name).trimmed
        let visible = String(bare.unicodeScalars.drop { $0 == "." || $0.properties.isWhitespace }.map(Character.init))
        guard !visible.isEmpty, NameText.fault(in: visible) == nil else { return fallback }
        return shortened(visible)
    }

    private static func isUnfit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        }
    }

    /// The extension stays.
    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > limit else { return name }
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let ending = parts.count > 1 && parts[parts.count - 1].count <= 16 ? ".\(Substring(parts[parts.count - 1]))" : ""
        var stem = String.UnicodeScalarView()
        var room = limit - ending.utf8.count
        for scalar in name.unicodeScalars {
            room -= UTF8.width(scalar)
            guard room >= 0 else { break }
            stem.append(scalar)
        }
        return String(stem).trimmed + ending
    }

    /// As `Content-Disposition` says it (RFC 6266), for old readers and new ones.
    static func disposition(_ name: String, isInline: Bool) -> String {
        let plain = name.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\" && scalar != "%" && scalar.value != 0x7F
                ? Character(scalar) : "_"
        }
        return "\(isInline ? "inline" : "attachment"); filename=\"\(String(plain))\"; filename*=UTF-8''\(percentEncoded(name))"
    }
}
