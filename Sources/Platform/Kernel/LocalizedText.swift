/// The languages that every text of Foyer exists in.
public enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case french = "fr"

    /// The best of both for an `Accept-Language` value (RFC 9110 §12.5.4); English when it names neither.
    public init(acceptLanguage value: String?) {
        var best: (Language, Double) = (.english, 0)
        for part in (value ?? "").split(separator: ",") {
            let pieces = part.split(separator: ";")
            guard let tag = pieces.first?.drop(while: { $0 == " " }).lowercased() else { continue }
            var quality = 1.0
            for piece in pieces.dropFirst() {
                let trimmed = piece.filter { $0 != " " }
                if trimmed.hasPrefix("q=") { quality = Double(trimmed.dropFirst(2)) ?? 0 }
            }
            guard let language = Language(rawValue: String(tag.prefix(2))), quality > best.1 else { continue }
            best = (language, quality)
        }
        self = best.0
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
