internal import Kernel

/// What one character is to the word filters.
struct CharacterFold: Sendable {
    enum Sort: UInt8, Sendable { case letter, foreign, digit, sign, space, other, ignored }

    struct Letter: Sendable {
        let value: UInt32
        /// The Latin letter that it looks like.
        let latin: UInt32
    }

    let sort: Sort
    let letters: [Letter]

    var unitSort: FoldedText.Sort {
        switch sort {
        case .foreign: .foreign
        case .digit: .digit
        case .sign: .sign
        case .letter, .space, .other, .ignored: .letter
        }
    }

    static func of(_ scalar: Unicode.Scalar) -> CharacterFold {
        scalar.value < UInt32(table.count) ? table[Int(scalar.value)] : make(scalar)
    }

    /// Latin, Greek, Cyrillic, Armenian, punctuation and letter-like signs; the others are folded when they occur.
    private static let table: [CharacterFold] = (0..<0x2500).map { value in
        Unicode.Scalar(UInt32(value)).map(make) ?? CharacterFold(sort: .other, letters: [])
    }

    private static func plain(_ sort: Sort) -> CharacterFold { CharacterFold(sort: sort, letters: []) }

    private static func make(_ scalar: Unicode.Scalar) -> CharacterFold {
        let value = scalar.value
        if value < 0x80 { return ascii(scalar) }
        // Ideographs and Hangul, which fold to themselves.
        if (0x3400...0x9FFF).contains(value) || (0xAC00...0xD7A3).contains(value) {
            return CharacterFold(sort: .letter, letters: [Letter(value: value, latin: value)])
        }
        if let letter = boxed(value) { return ascii(letter) }
        let properties = scalar.properties
        if value == 0x2800 || properties.isWhitespace { return plain(.space) }
        if properties.isDefaultIgnorableCodePoint { return plain(.ignored) }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return plain(.ignored)
        default: break
        }
        if value == 0x20AC { return CharacterFold(sort: .sign, letters: [Letter(value: 0x65, latin: 0x65)]) }
        let folded = String(Character(scalar)).searchFold.unicodeScalars
        if folded.allSatisfy({ $0.value < 0x80 }) {
            let parts = folded.map(ascii)
            guard parts.allSatisfy({ $0.sort == .letter || $0.sort == .digit }), let first = parts.first else { return plain(.other) }
            return CharacterFold(sort: first.sort, letters: parts.flatMap(\.letters))
        }
        guard properties.isAlphabetic || folded.contains(where: { $0.properties.isAlphabetic }) else { return plain(.other) }
        return CharacterFold(sort: .foreign, letters: folded.map(foreign))
    }

    private static func foreign(_ scalar: Unicode.Scalar) -> Letter {
        let alike = Array(NameText.skeleton(String(Character(scalar))).unicodeScalars)
        guard alike.count == 1, alike[0].value < 0x80 else { return Letter(value: scalar.value, latin: scalar.value) }
        // The skeleton writes i and l alike.
        return Letter(value: scalar.value, latin: alike[0] == "l" ? FoldedText.ambiguous : alike[0].value)
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> CharacterFold {
        switch scalar {
        case "a"..."z": return CharacterFold(sort: .letter, letters: [Letter(value: scalar.value, latin: scalar.value)])
        case "A"..."Z": return CharacterFold(sort: .letter, letters: [Letter(value: scalar.value | 0x20, latin: scalar.value | 0x20)])
        case "0"..."9":
            return CharacterFold(sort: .digit, letters: [Letter(value: scalar.value, latin: digits[Int(scalar.value) - 0x30])])
        case "@": return CharacterFold(sort: .sign, letters: [Letter(value: 0x61, latin: 0x61)])
        case "$": return CharacterFold(sort: .sign, letters: [Letter(value: 0x73, latin: 0x73)])
        case "!", "|": return CharacterFold(sort: .sign, letters: [Letter(value: FoldedText.ambiguous, latin: FoldedText.ambiguous)])
        default: return plain(scalar.properties.isWhitespace ? .space : .other)
        }
    }

    /// The letters that digits stand for: o, i or l, none, e, a, s, none, t, b, g.
    private static let digits: [UInt32] = [0x6F, FoldedText.ambiguous, 0x32, 0x65, 0x61, 0x73, 0x36, 0x74, 0x62, 0x67]

    /// Letters in boxes and circles, and the letters of flags.
    private static func boxed(_ value: UInt32) -> Unicode.Scalar? {
        let place: UInt32? =
            switch value {
            case 0x1F150...0x1F169: value - 0x1F150
            case 0x1F170...0x1F189: value - 0x1F170
            case 0x1F1E6...0x1F1FF: value - 0x1F1E6
            default: nil
            }
        return place.flatMap { Unicode.Scalar(0x61 + $0) }
    }
}
