@_spi(_Unicode) internal import Swift

/// A host name as the DNS and mail servers take it: lower case, letters of other scripts as A-labels (RFC 5891), so that two spellings of one
/// name are one text.
public struct DomainName: Hashable, Sendable {
    public let text: String

    /// Nil for what is no name of at least two labels (or `localhost`).
    public init?(_ raw: some StringProtocol) {
        guard raw.utf8.count <= 1000 else { return nil }
        let dots = raw.unicodeScalars.map { Self.dots.contains($0.value) ? "." : $0 }
        let folded = Self.fold(String(String.UnicodeScalarView(dots)))
        let labels = folded.split(separator: ".", omittingEmptySubsequences: false).map { Self.label(String($0)) }
        let name = labels.compactMap { $0 }.joined(separator: ".")
        guard !labels.contains(nil), labels.count >= 2 || name == "localhost", name.utf8.count <= 253 else { return nil }
        text = name
    }

    /// The full stops of other scripts (RFC 3490 §3.1).
    private static let dots: Set<UInt32> = [0x3002, 0xFF0E, 0xFF61]

    /// Lower case, composed.
    private static func fold(_ text: String) -> String { String(String.UnicodeScalarView(text.lowercased()._nfc)) }

    /// One label as ASCII; nil for what cannot be one.
    private static func label(_ label: String) -> String? {
        guard let first = label.utf8.first, first != hyphen, label.utf8.last != hyphen else { return nil }
        guard label.utf8.allSatisfy({ $0 < 0x80 }) else {
            guard isReadable(label), let encoded = Punycode.encode(label.unicodeScalars) else { return nil }
            return bounded("xn--" + encoded)
        }
        guard label.utf8.allSatisfy(isLetterDigitHyphen) else { return nil }
        guard label.hasPrefix("xn--") else { return bounded(label) }
        // What is encoded must be what we would encode: otherwise two spellings lead to one host.
        guard let decoded = Punycode.decode(String(label.dropFirst(4))) else { return nil }
        let readable = String(String.UnicodeScalarView(decoded))
        guard readable.utf8.contains(where: { $0 >= 0x80 }), self.label(fold(readable)) == label else { return nil }
        return bounded(label)
    }

    private static func bounded(_ label: String) -> String? { label.utf8.count <= 63 ? label : nil }

    /// Letters, marks of letters, digits and hyphens, none of which is another way to write a plainer one.
    private static func isReadable(_ label: String) -> Bool {
        label.unicodeScalars.allSatisfy { scalar in
            let isLetter = scalar == "-" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            let isMark = [.nonspacingMark, .spacingMark].contains(scalar.properties.generalCategory)
            return (isLetter || isMark) && !variants.contains { $0.contains(scalar.value) }
        }
    }

    /// Compatibility forms of other letters, which no label may have (RFC 5892 §2.1).
    private static let variants: [ClosedRange<UInt32>] = [
        0xAA...0xAA, 0xB2...0xB3, 0xB9...0xBA, 0xBC...0xBE, 0x1D2C...0x1D6A, 0x2070...0x209F, 0x2100...0x214F, 0x2150...0x218B,
        0x2460...0x24FF, 0x3200...0x33FF, 0xFB00...0xFDFF, 0xFE70...0xFEFF, 0xFF00...0xFFEF, 0x1D400...0x1D7FF, 0x1F100...0x1F1FF,
    ]

    private static let hyphen = UInt8(ascii: "-")

    private static func isLetterDigitHyphen(_ byte: UInt8) -> Bool {
        byte == hyphen || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
