/// Finds any of many words in a text, in time that grows with the text and not with the number of words (Aho–Corasick).
///
/// Runs of one letter are compared as one letter with a length: a longer run than a word has is the word written longer (“fuuuuck”), when it is of
/// three or more letters, or of two that are rarely doubled.
package struct WordMatcher: Sendable {
    package struct Match: Sendable, Hashable {
        /// The word of the filter, as it was written there.
        package let word: String
        /// The scalars of the text.
        package let range: ClosedRange<Int>
    }

    private struct Pattern: Sendable {
        let word: String
        let runs: [Run]
        /// Whether the word may begin or end inside a word of the text.
        let isOpenAtStart: Bool
        let isOpenAtEnd: Bool
        let hasDigit: Bool
    }

    struct Run: Sendable, Hashable {
        let value: UInt32
        var count: Int
        /// The first and the last unit.
        var units: ClosedRange<Int>
    }

    private var patterns: [Pattern] = []
    private var edges = EdgeTable()
    private var fails: [Int32] = [0]
    /// The last pattern that ends in a state, and of each pattern the one before.
    private var lastOf: [Int32] = [-1]
    private var before: [Int32] = []
    /// The nearest state behind `fails` in which a pattern ends.
    private var outputs: [Int32] = [0]

    package init(_ words: [String]) {
        for word in words { add(word) }
        link()
    }

    package var isEmpty: Bool { patterns.isEmpty }

    /// Whether the filter can use a word: it needs two letters or digits, or one ideograph.
    package static func isUsable(_ word: String) -> Bool {
        let letters = FoldedText(Self.bare(word)).words.filter { $0.sort != .separator }
        return letters.count >= 2 || letters.first.map { isUnspaced($0.value) } ?? false
    }

    /// At most so many matches of a text are given.
    package static let most = 20

    package func matches(in text: FoldedText) -> [Match] {
        var found: [Match] = []
        for units in [text.words, text.joined, text.isTurned ? text.words.reversed() : []] where !units.isEmpty {
            look(at: units, .plain, &found)
            if text.isAmbiguous { look(at: units, .ell, &found) }
            if text.isDisguised { look(at: units, .disguised, &found) }
        }
        return found
    }

    // MARK: Reading

    private func look(at units: [FoldedText.Unit], _ view: FoldedText.View, _ found: inout [Match]) {
        let runs = Self.runs(units, view)
        var state: Int32 = 0
        for (index, run) in runs.enumerated() {
            state = step(state, run.value)
            var ending = lastOf[Int(state)] >= 0 ? state : outputs[Int(state)]
            while ending != 0 {
                var pattern = lastOf[Int(ending)]
                while pattern >= 0 {
                    let word = patterns[Int(pattern)]
                    if found.count < Self.most, fits(word, runs, endingAt: index, units) {
                        let first = units[runs[index - word.runs.count + 1].units.lowerBound].source
                        let last = units[run.units.upperBound].source
                        let match = Match(word: word.word, range: Int(min(first, last))...Int(max(first, last)))
                        if !found.contains(match) { found.append(match) }
                    }
                    pattern = before[Int(pattern)]
                }
                ending = outputs[Int(ending)]
            }
        }
    }

    private func fits(_ pattern: Pattern, _ runs: [Run], endingAt end: Int, _ units: [FoldedText.Unit]) -> Bool {
        let start = end - pattern.runs.count + 1
        if !pattern.isOpenAtStart, start > 0, !Self.isBorder(runs[start - 1].value) { return false }
        if !pattern.isOpenAtEnd, end + 1 < runs.count, !Self.isBorder(runs[end + 1].value) { return false }
        for (offset, wanted) in pattern.runs.enumerated() {
            let there = runs[start + offset]
            if there.count == wanted.count || wanted.value == FoldedText.separator { continue }
            guard there.count > wanted.count else { return false }
            let isInside = (offset == 0 && pattern.isOpenAtStart) || (offset == pattern.runs.count - 1 && pattern.isOpenAtEnd)
            guard isInside || there.count >= 3 || Self.isRarelyDoubled(there.value) else { return false }
        }
        return pattern.hasDigit || Self.areDigitsLetters(units[runs[start].units.lowerBound...runs[end].units.upperBound])
    }

    /// Whether digits among letters may stand for letters: not in “MP3”, “A55”, “B5”.
    private static func areDigitsLetters(_ units: ArraySlice<FoldedText.Unit>) -> Bool {
        let digits = units.count { $0.sort == .digit }
        guard digits > 0 else { return true }
        if units.count > 3 { return digits * 2 <= units.count }
        return digits == 1 && units.last?.sort != .digit
    }

    private static func isBorder(_ value: UInt32) -> Bool { value == FoldedText.separator || value == FoldedText.wall }

    private static let rarelyDoubled: Set<UInt32> = Set("aiuyhjkqvwx".unicodeScalars.map(\.value))
    private static func isRarelyDoubled(_ value: UInt32) -> Bool { value < 0x80 && rarelyDoubled.contains(value) }

    /// Scripts that put no spaces between words.
    private static func isUnspaced(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0xAC00...0xD7A3: true
        default: false
        }
    }

    private static func runs(_ units: [FoldedText.Unit], _ view: FoldedText.View) -> [Run] {
        var runs: [Run] = []
        runs.reserveCapacity(units.count)
        for (index, unit) in units.enumerated() {
            var value = view == .disguised ? unit.latin : unit.value
            if value == FoldedText.ambiguous { value = view == .ell ? 0x6C : 0x69 }
            if let last = runs.last, last.value == value {
                runs[runs.count - 1].count += 1
                runs[runs.count - 1].units = last.units.lowerBound...index
            } else {
                runs.append(Run(value: value, count: 1, units: index...index))
            }
        }
        return runs
    }

    private func step(_ state: Int32, _ value: UInt32) -> Int32 {
        var state = state
        while true {
            if let next = edges.next(state, value) { return next }
            if state == 0 { return 0 }
            state = fails[Int(state)]
        }
    }

    // MARK: Building

    private static func bare(_ word: String) -> String { String(word.drop { $0 == "*" }.reversed().drop { $0 == "*" }.reversed()) }

    private mutating func add(_ word: String) {
        let text = FoldedText(Self.bare(word))
        let isUnspaced = text.words.contains { Self.isUnspaced($0.value) }
        // A word of another script also as the Latin letters that it looks like, for texts that mix the scripts.
        let views: [FoldedText.View] =
            text.words.contains { $0.sort == .foreign && $0.latin != $0.value } ? [.plain, .disguised] : [.plain]
        for view in views {
            let runs = Self.runs(text.words, view)
            guard !runs.isEmpty else { continue }
            let pattern = Pattern(
                word: word, runs: runs, isOpenAtStart: word.hasPrefix("*") || isUnspaced, isOpenAtEnd: word.hasSuffix("*") || isUnspaced,
                hasDigit: text.words.contains { $0.sort == .digit })
            var state: Int32 = 0
            for run in runs {
                if let next = edges.next(state, run.value) {
                    state = next
                } else {
                    let new = Int32(fails.count)
                    edges.set(state, run.value, new)
                    fails.append(0)
                    lastOf.append(-1)
                    outputs.append(0)
                    state = new
                }
            }
            before.append(lastOf[Int(state)])
            lastOf[Int(state)] = Int32(patterns.count)
            patterns.append(pattern)
        }
    }

    /// Sets where each state goes on when no edge fits, nearest states first.
    private mutating func link() {
        var children: [[(UInt32, Int32)]] = Array(repeating: [], count: fails.count)
        for (state, value, next) in edges.all { children[Int(state)].append((value, next)) }
        var queue: [Int32] = [0]
        var place = 0
        while place < queue.count {
            let state = queue[place]
            place += 1
            for (value, next) in children[Int(state)] {
                if state != 0 { fails[Int(next)] = step(fails[Int(state)], value) }
                let back = fails[Int(next)]
                outputs[Int(next)] = lastOf[Int(back)] >= 0 ? back : outputs[Int(back)]
                queue.append(next)
            }
        }
    }
}

/// The edges of the automaton: a hash table with open addressing, since a dictionary costs several times as much for each letter.
private struct EdgeTable: Sendable {
    private var keys: [UInt64] = Array(repeating: .max, count: 64)
    private var values: [Int32] = Array(repeating: 0, count: 64)
    private var count = 0

    @inline(__always)
    private static func key(_ state: Int32, _ value: UInt32) -> UInt64 { UInt64(UInt32(bitPattern: state)) << 32 | UInt64(value) }

    @inline(__always)
    private func slot(_ key: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & (keys.count - 1)
        while keys[slot] != key, keys[slot] != .max { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }

    func next(_ state: Int32, _ value: UInt32) -> Int32? {
        let key = Self.key(state, value)
        let slot = slot(key)
        return keys[slot] == key ? values[slot] : nil
    }

    mutating func set(_ state: Int32, _ value: UInt32, _ next: Int32) {
        if count * 2 >= keys.count { grow() }
        insert(Self.key(state, value), next)
    }

    private mutating func insert(_ key: UInt64, _ value: Int32) {
        let slot = slot(key)
        if keys[slot] == .max { count += 1 }
        (keys[slot], values[slot]) = (key, value)
    }

    private mutating func grow() {
        let old = (keys, values)
        keys = Array(repeating: .max, count: old.0.count * 2)
        values = Array(repeating: 0, count: old.0.count * 2)
        count = 0
        for (key, value) in zip(old.0, old.1) where key != .max { insert(key, value) }
    }

    var all: [(state: Int32, value: UInt32, next: Int32)] {
        zip(keys, values).filter { $0.0 != .max }.map {
            (Int32(bitPattern: UInt32($0.0 >> 32)), UInt32(truncatingIfNeeded: $0.0), $0.1)
        }
    }
}
