internal import Kernel

/// One emoji as a reaction, in one spelling for all variation selectors.
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
        guard key.utf8.count <= Self.maximumBytes, Self.known.contains(key) else { return nil }
        self.key = key
    }

    private static let tones: [Unicode.Scalar] = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"]

    /// Every emoji that there is, each in its five skin tones where it has them.
    private static let known: Set<String> = {
        var known: Set<String> = []
        func add(_ scalars: some Sequence<Unicode.Scalar>) { known.insert(String(String.UnicodeScalarView(scalars))) }
        for word in EmojiTable.listed.unicodeScalars.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            // The `*` of the keycap emoji is not the mark for skin tones.
            guard word.first == "*", word.dropFirst().first?.value != 0x20E3 else {
                add(word)
                continue
            }
            let plain = word.dropFirst()
            add(plain)
            for tone in tones { add([plain[plain.startIndex], tone] + plain.dropFirst()) }
        }
        return known
    }()

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
}
