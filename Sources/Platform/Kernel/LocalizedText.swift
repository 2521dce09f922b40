/// The languages that every text of Foyer exists in.
public enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case french = "fr"

    /// The best of both for an `Accept-Language` value (RFC 9110 §12.5.4); English when it names neither. What stands behind the first 20 is not read.
    public init(acceptLanguage value: String?) {
        var best: (Language, Double) = (.english, 0)
        for part in (value ?? "").utf8.split(separator: UInt8(ascii: ","), maxSplits: 20).prefix(20) {
            let pieces = part.split(separator: UInt8(ascii: ";"), maxSplits: 4).map { piece in
                piece.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            }
            guard let tag = pieces.first, let language = Self.named(by: tag) else { continue }
            var quality = 1.0
            for piece in pieces.dropFirst() where piece.starts(with: "q=".utf8) {
                quality = piece.count <= 10 ? Double(String(own: piece.dropFirst(2))) ?? 0 : 0
            }
            if quality > best.1 { best = (language, quality) }
        }
        self = best.0
    }

    /// By the first two letters of a tag: `fr-CA` is French.
    private static func named(by tag: [UInt8]) -> Language? {
        allCases.first { tag.starts(with: $0.rawValue.utf8) && (tag.count == 2 || tag[2] == UInt8(ascii: "-")) }
    }
}

/// One sentence in both languages.
public struct LocalizedText: Hashable, Sendable {
    public let english: String
    public let french: String

    public init(en english: String, fr french: String) {
        (self.english, self.french) = (english, french)
    }

    public func callAsFunction(_ language: Language) -> String {
        language == .french ? french : english
    }
}
