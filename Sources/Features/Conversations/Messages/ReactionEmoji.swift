internal import Kernel

/// One emoji as a reaction: spelled in one way, whatever variation selectors a keyboard put in.
struct ReactionEmoji: Sendable, Hashable {
    static let maximumBytes = 35
    /// Different ones on a message.
    static let maximumOnMessage = 20

    /// Without U+FE0F: what is stored and compared.
    let key: String

    /// Nil for what is not one emoji.
    init?(_ text: String) {
        guard text.utf8.count <= 2 * Self.maximumBytes else { return nil }
        let scalars = Array(text.unicodeScalars).filter { $0.value != 0xFE0F }
        let key = String(String.UnicodeScalarView(scalars))
        guard !scalars.isEmpty, key.utf8.count <= Self.maximumBytes, key.count == 1, Self.isEmoji(scalars) else { return nil }
        self.key = key
    }

    /// As Unicode spells it in full, so that it shows as a picture.
    var shown: String { Self.shown(key) }

    static func shown(_ key: String) -> String {
        let scalars = Array(key.unicodeScalars)
        var shown = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            shown.append(scalar)
            let properties = scalar.properties
            guard properties.isEmoji, !properties.isEmojiPresentation else { continue }
            let isModified = index + 1 < scalars.count && scalars[index + 1].properties.isEmojiModifier
            if !isModified { shown.append("\u{FE0F}") }
        }
        return String(shown)
    }

    private static func isEmoji(_ scalars: [Unicode.Scalar]) -> Bool {
        let first = scalars[0]
        guard first.properties.isEmoji else { return false }
        if first.value < 0x80 { return scalars.count == 2 && scalars[1].value == 0x20E3 }
        if isRegional(first) { return scalars.count == 2 && isRegional(scalars[1]) }
        // A joiner stands between two emojis.
        guard scalars[scalars.count - 1].value != 0x200D else { return false }
        return scalars.dropFirst().allSatisfy { scalar in
            scalar.value == 0x200D || (0xE0020...0xE007F).contains(scalar.value) || scalar.value >= 0x80 && scalar.properties.isEmoji
        }
    }

    private static func isRegional(_ scalar: Unicode.Scalar) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar.value) }
}
