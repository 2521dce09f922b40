internal import Kernel

/// A fault in an expression, and its place.
struct AlertFault: Error, Sendable, Hashable {
    let code: String
    let detail: LocalizedText
    /// Characters (Unicode scalars) before the place, and how many it has.
    let position: Int
    let length: Int

    init(_ code: String, _ position: Int, _ length: Int = 1, en english: String, fr french: String) {
        (self.code, self.position, self.length, detail) = (code, position, max(1, length), LocalizedText(en: english, fr: french))
    }
}

/// A word, number or sign of an expression.
struct AlertToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// In small letters, without accents.
        case word(String)
        /// With its unit in small letters, or none.
        case number(Double, unit: String)
        case text(String)
        case sign(String)
        case end
    }

    let kind: Kind
    let position: Int
    let length: Int
}

/// Cuts an expression into tokens.
struct AlertScanner {
    private let scalars: [Unicode.Scalar]
    private var place = 0

    /// - Parameter text: bounded by the caller.
    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    static func tokens(_ text: String) throws(AlertFault) -> [AlertToken] {
        var scanner = AlertScanner(text)
        var tokens: [AlertToken] = []
        repeat { tokens.append(try scanner.next()) } while tokens[tokens.count - 1].kind != .end
        return tokens
    }

    private mutating func next() throws(AlertFault) -> AlertToken {
        while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
        guard place < scalars.count else { return AlertToken(kind: .end, position: scalars.count, length: 1) }
        let start = place
        let scalar = scalars[start]
        let kind: AlertToken.Kind
        if Self.isDigit(scalar) {
            kind = try number()
        } else if Self.isLetter(scalar) {
            kind = .word(word())
        } else if scalar == "\"" || scalar == "“" || scalar == "«" {
            kind = .text(try text(until: scalar == "\"" ? "\"" : scalar == "“" ? "”" : "»"))
        } else {
            kind = .sign(try sign(scalar))
        }
        return AlertToken(kind: kind, position: start, length: place - start)
    }

    private mutating func word() -> String {
        let start = place
        while place < scalars.count, Self.isLetter(scalars[place]) || Self.isDigit(scalars[place]) || scalars[place] == "." { place += 1 }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars[start..<place])
        return text.searchFold
    }

    private mutating func number() throws(AlertFault) -> AlertToken.Kind {
        let start = place
        var digits = ""
        while place < scalars.count, Self.isDigit(scalars[place]) || Self.isPoint(at: place, scalars) {
            digits.unicodeScalars.append(scalars[place] == "," ? "." : scalars[place])
            place += 1
        }
        guard let number = Double(digits), number.isFinite else {
            throw AlertFault("number", start, place - start, en: "This is no number.", fr: "Ce n’est pas un nombre.")
        }
        // « 1 % », as French writes it.
        var unitStart = place
        while unitStart < scalars.count, scalars[unitStart].properties.isWhitespace { unitStart += 1 }
        if unitStart < scalars.count, scalars[unitStart] == "%" {
            place = unitStart + 1
            return .number(number, unit: "%")
        }
        let isUnit = unitStart == place || Self.isSpacedUnit(scalars[unitStart...])
        guard isUnit, unitStart < scalars.count, Self.isLetter(scalars[unitStart]) else { return .number(number, unit: "") }
        place = unitStart
        return .number(number, unit: word())
    }

    /// `500 ms`: a unit after a space, unless it is a word of the grammar.
    private static func isSpacedUnit(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        var word = ""
        word.unicodeScalars.append(contentsOf: rest.prefix(while: isLetter))
        return AlertParser.units[word.lowercased()] != nil
    }

    private static func isPoint(at place: Int, _ scalars: [Unicode.Scalar]) -> Bool {
        (scalars[place] == "." || scalars[place] == ",") && place + 1 < scalars.count && isDigit(scalars[place + 1])
    }

    private mutating func text(until end: Unicode.Scalar) throws(AlertFault) -> String {
        let start = place
        place += 1
        var text = ""
        while place < scalars.count, scalars[place] != end {
            text.unicodeScalars.append(scalars[place])
            place += 1
        }
        guard place < scalars.count else {
            throw AlertFault(
                "quote", start, scalars.count - start, en: "The closing quotation mark is missing.", fr: "Le guillemet fermant manque.")
        }
        place += 1
        return text.trimmed
    }

    private mutating func sign(_ scalar: Unicode.Scalar) throws(AlertFault) -> String {
        let two = place + 1 < scalars.count && scalars[place + 1] == "=" ? "\(scalar)=" : ""
        if [">=", "<=", "==", "!="].contains(two) {
            place += 2
            return two
        }
        place += 1
        switch scalar {
        case "≥": return ">="
        case "≤": return "<="
        case "≠": return "!="
        case "×": return "*"
        case "÷": return "/"
        case "−": return "-"
        case ">", "<", "=", "(", ")", "{", "}", "[", "]", "+", "-", "*", "/", ",": return String(Character(scalar))
        default:
            throw AlertFault(
                "character", place - 1, en: "“\(scalar)” means nothing here.", fr: "« \(scalar) » ne veut rien dire ici.")
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || scalar.properties.isAlphabetic }
}
