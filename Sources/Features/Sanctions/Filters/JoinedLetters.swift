/// Finds words that are written with something between their letters: `f.u.c.k`, `f u c k`, `fu_ck`.
///
/// What language itself writes between words stays a border: apostrophes (“l’aide”), slashes between longer parts, a full stop before a capital letter.
struct JoinedLetters {
    typealias Unit = FoldedText.Unit

    private var parts: [[Unit]] = []
    /// Whether single letters with spaces between them are being collected.
    private var isSpelled = false
    private var border = Border.none

    private enum Border {
        case none
        case sign(Unicode.Scalar)
        case space, wall
    }

    /// - Parameter startsLarge: whether the word begins with a capital letter.
    /// - Returns: the letters of a chain that ended before this word.
    mutating func add(_ word: [Unit], startsLarge: Bool, before next: Unicode.Scalar, isSpace: Bool) -> [Unit]? {
        guard !word.isEmpty else {
            // Several signs in a row: a space or a wall among them wins.
            note(next, isSpace)
            return nil
        }
        let ended = joins(word, startsLarge) ? nil : end()
        if parts.count == 1, case .space = border { isSpelled = true }
        parts.append(word)
        border = .none
        note(next, isSpace)
        return ended
    }

    private mutating func note(_ scalar: Unicode.Scalar, _ isSpace: Bool) {
        if isSpace {
            if case .wall = border { return }
            border = scalar == "\n" ? .wall : .space
        } else if case .none = border {
            border = Self.walls.contains(scalar) ? .wall : .sign(scalar)
        } else if Self.walls.contains(scalar) {
            border = .wall
        }
    }

    private func joins(_ word: [Unit], _ startsLarge: Bool) -> Bool {
        guard let last = parts.last else { return true }
        let hasSingle = word.count == 1 || last.count == 1
        switch border {
        case .none, .wall: return false
        case .space: return word.count == 1 && parts.allSatisfy { $0.count == 1 }
        case .sign(let sign):
            if isSpelled { return word.count == 1 }
            if sign == ".", startsLarge, word.count > 1 { return false }
            return hasSingle || Self.joiners.contains(sign)
        }
    }

    /// - Returns: the letters of the chain, nil unless it has several parts.
    mutating func end() -> [Unit]? {
        defer { (parts, isSpelled) = ([], false) }
        // Two single letters with a space between them are ordinary: “y a”, “I a”.
        guard parts.count > (isSpelled ? 2 : 1) else { return nil }
        return parts.flatMap { $0 }
    }

    /// Put two longer parts together. The whole then has to be a word of the filter, so that “pen-friend” stays two words.
    private static let joiners: Set<Unicode.Scalar> = [".", "-", "_", "*", "~", "·", "•", "+", "=", "^", "`"]
    /// Apostrophes, quotes, brackets: words on their two sides are two words.
    private static let walls: Set<Unicode.Scalar> = ["'", "’", "‘", "\"", "“", "”", "«", "»", "(", ")", "[", "]", "{", "}", "<", ">", "&"]
}
