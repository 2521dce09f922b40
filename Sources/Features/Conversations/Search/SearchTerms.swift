internal import Kernel

/// The words of a text as the index keeps them: folded, without elisions, in a light stem of French and English; Chinese, Japanese and Korean in pairs.
///
/// Messages and queries use the same rules, so a wrong stem still matches itself.
enum SearchTerms {
    /// Different words of one message that are indexed.
    static let maximum = 500
    /// Bytes of a word; what is longer is cut.
    private static let longest = 64

    static func terms(in text: String) -> Set<String> {
        var terms: Set<String> = []
        var word = String.UnicodeScalarView()
        var pair: Unicode.Scalar?
        func end(elided: Bool = false) {
            defer { word = String.UnicodeScalarView() }
            guard !word.isEmpty, terms.count < maximum else { return }
            let text = String(word)
            if elided, elisions.contains(text) { return }
            terms.insert(stem(text))
        }
        for scalar in text.searchFold.unicodeScalars {
            if isIdeograph(scalar) {
                end()
                if let first = pair, terms.count < maximum { terms.insert(String(first) + String(scalar)) }
                if terms.count < maximum { terms.insert(String(scalar)) }
                pair = scalar
                continue
            }
            pair = nil
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                if word.count < longest { word.append(scalar) }
            } else {
                end(elided: scalar == "'")
            }
        }
        end()
        return terms
    }

    /// What stands before an apostrophe in French.
    private static let elisions: Set<String> = ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu"]

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }

    /// Without the endings of plurals, and without a last e: enough that one number finds the other.
    static func stem(_ word: String) -> String {
        var letters = Array(word.utf8)
        func ends(_ ending: StaticString) -> Bool {
            ending.withUTF8Buffer { letters.count > $0.count && letters.suffix($0.count).elementsEqual($0) }
        }
        guard letters.count > 3, letters.allSatisfy({ (0x61...0x7A).contains($0) }) else { return word }
        if ends("eaux") || ends("eux") || ends("oux") {
            letters.removeLast()
        } else if letters.count > 4, ends("aux") {
            letters.removeLast(2)
            letters.append(UInt8(ascii: "l"))
        } else if ends("s"), !ends("ss") {
            letters.removeLast()
        }
        if letters.count > 4, ends("ie") {
            letters.removeLast(2)
            letters.append(UInt8(ascii: "y"))
        } else if letters.count > 3, ends("e") {
            letters.removeLast()
        }
        return String(own: letters)
    }
}
