internal import HTTP
internal import Kernel

/// Cleans the name that a sender gives a file. It is shown, and suggested when the file is saved; the server never uses it as a path.
enum FileName {
    static let fallback = "file"
    /// In bytes; most file systems take 255.
    static let limit = 200

    /// The part behind the last slash or backslash, without control characters, changes of writing direction and leading dots.
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

    /// Keeps the extension.
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

    /// The value of `Content-Disposition` (RFC 6266), with an ASCII name for old clients.
    static func disposition(_ name: String, isInline: Bool) -> String {
        let plain = name.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\" && scalar != "%" && scalar.value != 0x7F
                ? Character(scalar) : "_"
        }
        return "\(isInline ? "inline" : "attachment"); filename=\"\(String(plain))\"; filename*=UTF-8''\(PercentCoding.encode(name))"
    }
}
