/// A folded search text, and its distance to names.
struct SearchQuery {
    let text: [UInt8]
    /// The number of tolerated errors: a letter added, missing, replaced, or swapped with its neighbour.
    let allowed: Int
    private let whole: Pattern
    /// The single words, for names that have them in another order.
    private let words: [Pattern]

    /// Bytes of a query that are compared.
    static let longest = 120

    init(_ text: String) {
        self.text = Array(text.utf8.prefix(Self.longest))
        let isASCII = self.text.allSatisfy { $0 < 0x80 }
        // A letter outside of ASCII is two bytes or three.
        let letters = isASCII ? self.text.count : self.text.count / 2
        allowed = (letters < 3 ? 0 : letters < 8 ? 1 : 2) * (isASCII ? 1 : 2)
        whole = Pattern(self.text)
        let words = self.text.split(separator: UInt8(ascii: " "))
        self.words = (2...8).contains(words.count) ? words.map { Pattern(Array($0)) } : []
    }

    /// The distance to a name: 100 for each error, plus a smaller number for where the name contains the text: as a whole (0), at its beginning, at the
    /// beginning of a word, within a word, or with its words in another order. Nil for a name that does not match.
    func distance(to name: UnsafeBufferPointer<UInt8>) -> Int? {
        if name.count == text.count, name.elementsEqual(text) { return 0 }
        let found = whole.distances(in: name)
        let spare = min(9, abs(name.count - text.count) / 4)
        var best = Int.max
        func offer(_ errors: Int, _ tier: Int, within limit: Int) {
            if errors <= limit { best = min(best, errors * 100 + tier + spare) }
        }
        offer(found.whole, 0, within: allowed)
        // A short text with an error matches a part of almost any name.
        let inParts = text.count < 5 ? 0 : allowed
        if text.count > 1 || found.prefixEndsWord {
            offer(found.prefix, found.prefixEndsWord ? 10 : 20, within: inParts)
        }
        if text.count > 1 { offer(found.part, startsWord(name, endingAt: found.partEnd) ? 30 : 45, within: text.count < 3 ? -1 : inParts) }
        if best >= 100, !words.isEmpty {
            var errors = 0
            for word in words where errors <= allowed {
                let found = word.distances(in: name)
                let limit = word.length < 4 ? 0 : word.length < 8 ? 1 : 2
                errors += found.part <= limit && isWord(name, word, endingAt: found.partEnd) ? found.part : allowed + 1
            }
            offer(errors, 50, within: allowed)
        }
        return best == .max ? nil : best
    }

    private func startsWord(_ name: UnsafeBufferPointer<UInt8>, endingAt end: Int) -> Bool {
        let start = end - text.count
        return start <= 0 || start < name.count && name[start - 1] == UInt8(ascii: " ")
    }

    /// Whether the match of a word begins where a word of the name does. Only short words must.
    private func isWord(_ name: UnsafeBufferPointer<UInt8>, _ word: Pattern, endingAt end: Int) -> Bool {
        if word.length >= 5 { return true }
        let start = end - word.length
        return start <= 0 || start < name.count && name[start - 1] == UInt8(ascii: " ")
    }
}

/// A text of at most 64 bytes for which a machine word holds a column of the table of distances (Hyyrö's algorithm, with neighbours that changed places).
struct Pattern {
    let length: Int
    private let masks: [UInt64]

    struct Distances {
        /// To the whole name.
        var whole = 0
        /// To the nearest beginning of the name.
        var prefix = 0
        /// Whether a word ends where that beginning does.
        var prefixEndsWord = false
        /// To the nearest part of the name.
        var part = 0
        /// Behind that part.
        var partEnd = 0
    }

    init(_ text: [UInt8]) {
        let text = text.prefix(64)
        length = text.count
        var masks = [UInt64](repeating: 0, count: 256)
        for (place, byte) in text.enumerated() { masks[Int(byte)] |= 1 << UInt64(place) }
        self.masks = masks
    }

    func distances(in name: UnsafeBufferPointer<UInt8>) -> Distances {
        var found = Distances(whole: length, prefix: length, part: length)
        let last: UInt64 = 1 << UInt64(length - 1)
        var (anchored, free) = (Column(length), Column(length))
        for (place, byte) in name.enumerated() {
            let mask = masks[Int(byte)]
            anchored.step(mask, last, carry: 1)
            free.step(mask, last, carry: 0)
            let endsWord = place + 1 == name.count || name[place + 1] == UInt8(ascii: " ")
            if anchored.distance < found.prefix || anchored.distance == found.prefix && endsWord && !found.prefixEndsWord {
                (found.prefix, found.prefixEndsWord) = (anchored.distance, endsWord)
            }
            if free.distance < found.part { (found.part, found.partEnd) = (free.distance, place + 1) }
        }
        found.whole = anchored.distance
        return found
    }

    /// One column of the table as bits: where its values rise and fall.
    private struct Column {
        private var (rises, falls): (UInt64, UInt64) = (.max, 0)
        private var (diagonal, former): (UInt64, UInt64) = (0, 0)
        var distance: Int

        init(_ length: Int) { distance = length }

        /// - Parameter carry: 1 where the text must begin with the name, 0 where it may begin anywhere.
        mutating func step(_ mask: UInt64, _ last: UInt64, carry: UInt64) {
            let exchanged = ((~diagonal & mask) << 1) & former
            diagonal = (((mask & rises) &+ rises) ^ rises) | mask | falls | exchanged
            var (up, down) = (falls | ~(diagonal | rises), diagonal & rises)
            if up & last != 0 { distance += 1 }
            if down & last != 0 { distance -= 1 }
            up = up << 1 | carry
            down <<= 1
            rises = down | ~(diagonal | up)
            falls = up & diagonal
            former = mask
        }
    }
}
