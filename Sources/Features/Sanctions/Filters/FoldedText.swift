/// A text as the word filters compare it: without case, accents, marks and invisible characters, as words of folded letters.
///
/// A word is compared in several views, because some characters stand for more than one letter: `1` for i and l, Cyrillic letters for themselves and
/// for the Latin letters that they look like.
package struct FoldedText: Sendable {
    /// One folded letter; `separator` between words.
    struct Unit: Sendable {
        var value: UInt32
        /// The Latin letter that it looks like; else the same as `value`.
        var latin: UInt32
        /// Which scalar of the text it comes from.
        let source: Int32
        let sort: Sort
    }

    enum Sort: UInt8, Sendable {
        /// A letter of the Latin alphabet, or of a script without lookalikes.
        case letter
        /// A letter of another script, with or without a lookalike.
        case foreign
        case digit
        /// A sign that stands for a letter inside a word: @, $, !
        case sign
        case separator
    }

    static let separator: UInt32 = 0x20
    /// Between parts that no phrase may span.
    static let wall: UInt32 = 0
    /// i or l.
    static let ambiguous: UInt32 = 1

    /// The scalars of the text, for quoting what was found.
    package let scalars: [Unicode.Scalar]
    /// The words in their order, with one separator between two of them.
    let words: [Unit]
    /// Words whose letters are separated by signs or spaces, put together, with walls between them.
    let joined: [Unit]
    /// Whether it has a character that is i or l.
    let isAmbiguous: Bool
    /// Whether it has words of another script that consist of lookalikes alone, and no other words of such a script.
    let isDisguised: Bool
    /// Whether a character turns the direction of what follows.
    let isTurned: Bool

    package init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        var tokens = FoldedTokens()
        var isTurned = false
        for (index, scalar) in scalars.enumerated() {
            if (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value) { isTurned = true }
            tokens.add(scalar, Int32(index))
        }
        tokens.finish()
        (words, joined, self.isTurned) = (tokens.words, tokens.joined, isTurned)
        isAmbiguous = tokens.isAmbiguous
        isDisguised = tokens.hasLookalikeWord && !tokens.hasGenuineForeign
    }

    /// The units as one view reads them.
    enum View: CaseIterable {
        /// As they stand, `1` as i.
        case plain
        /// `1` as l.
        case ell
        /// Whole words of lookalikes as Latin.
        case disguised
    }

    /// The text under a range of its scalars.
    func quote(_ range: ClosedRange<Int>) -> String {
        String(String.UnicodeScalarView(scalars[range]))
    }
}

/// Puts the folded letters of a text together to words.
struct FoldedTokens {
    typealias Unit = FoldedText.Unit

    private(set) var words: [Unit] = []
    private(set) var joined: [Unit] = []
    private(set) var isAmbiguous = false
    private(set) var hasLookalikeWord = false
    private(set) var hasGenuineForeign = false
    private var word: [Unit] = []
    private var chain = JoinedLetters()
    private var startsLarge = false

    mutating func add(_ scalar: Unicode.Scalar, _ index: Int32) {
        let fold = CharacterFold.of(scalar)
        switch fold.sort {
        case .ignored: break
        case .letter, .foreign, .digit, .sign:
            if word.isEmpty { startsLarge = scalar.properties.isUppercase }
            for letter in fold.letters {
                if letter.latin == FoldedText.ambiguous { isAmbiguous = true }
                word.append(Unit(value: letter.value, latin: letter.latin, source: index, sort: fold.unitSort))
            }
        case .space: endWord(before: scalar, isSpace: true)
        case .other: endWord(before: scalar, isSpace: false)
        }
    }

    mutating func finish() {
        endWord(before: " ", isSpace: true)
        if let letters = chain.end() { append(letters) }
    }

    private mutating func endWord(before scalar: Unicode.Scalar, isSpace: Bool) {
        let letters = Self.resolve(word)
        word.removeAll(keepingCapacity: true)
        note(letters)
        if !letters.isEmpty {
            if !words.isEmpty { words.append(Unit(value: FoldedText.separator, latin: FoldedText.separator, source: -1, sort: .separator)) }
            words += letters
        }
        if let whole = chain.add(letters, startsLarge: startsLarge, before: scalar, isSpace: isSpace) { append(whole) }
    }

    private mutating func append(_ letters: [Unit]) {
        joined.append(Unit(value: FoldedText.wall, latin: FoldedText.wall, source: -1, sort: .separator))
        joined += letters
        // “i f u c k”: the first letter may be a word of its own.
        guard letters.count > 4 else { return }
        joined.append(Unit(value: FoldedText.wall, latin: FoldedText.wall, source: -1, sort: .separator))
        joined += letters.dropFirst()
    }

    private mutating func note(_ letters: [Unit]) {
        let foreign = letters.filter { $0.sort == .foreign }
        guard !foreign.isEmpty else { return }
        if foreign.contains(where: { $0.latin == $0.value }) { hasGenuineForeign = true } else { hasLookalikeWord = true }
    }

    /// Decides what signs, digits and lookalikes stand for in one word.
    private static func resolve(_ word: [Unit]) -> [Unit] {
        var letters = word
        // `!` and `|` are letters between letters only; at the edges they are punctuation.
        while let last = letters.last, last.sort == .sign, last.latin == FoldedText.ambiguous { letters.removeLast() }
        while let first = letters.first, first.sort == .sign, first.latin == FoldedText.ambiguous { letters.removeFirst() }
        let hasLetter = letters.contains { $0.sort == .letter || $0.sort == .foreign }
        guard hasLetter else { return letters.filter { $0.sort == .digit } }
        let isMixed = letters.contains { $0.sort == .letter }
        for index in letters.indices {
            switch letters[index].sort {
            case .digit, .sign: letters[index].value = letters[index].latin
            case .foreign where isMixed: letters[index].value = letters[index].latin
            default: break
            }
        }
        return letters
    }
}
