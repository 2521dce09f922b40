/// Reads the members of a JSON object against a schema written as code: every fault is gathered with its pointer, and what was not
/// asked for is refused by name.
///
/// ```swift
/// var input = try Input(body)
/// let name = input.string("name", length: 1...100)
/// let priority = input.integer("priority", 0...1000)
/// try input.finish()          // throws one 422 with all the faults
/// ```
/// After `finish()` the required values are there: unwrap what `string(_:)` gave with `try input.required(name)`, or use the
/// non-optional defaults.
public struct Input {
    public private(set) var faults: [Problem.Fault] = []
    private let object: JSONObject
    private let prefix: String
    /// Names of this program's.
    private var known: [String] = []

    /// - Throws: 422 when the value is not an object.
    public init(_ value: JSON?, at prefix: String = "") throws(Problem) {
        guard let object = value?.object else {
            throw .invalid(prefix, "type", LocalizedText(en: "An object is expected.", fr: "Un objet est attendu."))
        }
        (self.object, self.prefix) = (object, prefix)
    }

    public mutating func fail(_ name: String, _ code: String, _ detail: LocalizedText) {
        add(Problem.Fault("\(prefix)/\(name.asPointerPart)", code, detail))
    }

    /// A fault of one element of a list.
    public mutating func fail(_ name: String, at index: Int, _ code: String, _ detail: LocalizedText) {
        add(Problem.Fault("\(prefix)/\(name.asPointerPart)/\(index)", code, detail))
    }

    /// The faults that reading a part of the object apart has found.
    public mutating func take(_ faults: [Problem.Fault]) {
        for fault in faults { add(fault) }
    }

    /// What is wrong is told up to this many times: an answer must not be many times as long as the question.
    public static let maximumFaults = 100

    private mutating func add(_ fault: Problem.Fault) {
        if faults.count < Self.maximumFaults { faults.append(fault) }
    }

    /// Whether the member is there, null included: what a merge patch asks (RFC 7396).
    public mutating func has(_ name: String) -> Bool {
        note(name)
        return object[name] != nil
    }

    /// The member as it stands.
    public mutating func raw(_ name: String) -> JSON? {
        note(name)
        return object[name]
    }

    private mutating func note(_ name: String) {
        if !known.contains(where: { $0.hasSameBytes(as: name) }) { known.append(name) }
    }

    /// - Parameters:
    ///   - length: in Unicode scalars of what is given back.
    ///   - trimmed: without white space at the ends and in the composed normal form, as texts are stored; otherwise as it stands.
    public mutating func string(_ name: String, length: ClosedRange<Int> = 0...1000, required: Bool = false, trimmed: Bool = true)
        -> String?
    {
        guard let value = present(name, required) else { return nil }
        guard var text = value.string else {
            fail(name, "type", LocalizedText(en: "A text is expected.", fr: "Un texte est attendu."))
            return nil
        }
        if trimmed { text = text.trimmed.nfc }
        guard Self.isPrintable(text) else {
            fail(
                name, "control_character",
                LocalizedText(en: "Control characters are not allowed.", fr: "Les caractères de contrôle sont refusés."))
            return nil
        }
        guard length.contains(text.unicodeScalars.count) else {
            fail(
                name, text.unicodeScalars.count < length.lowerBound ? "too_short" : "too_long",
                LocalizedText(
                    en: "Between \(length.lowerBound) and \(length.upperBound) characters.",
                    fr: "Entre \(length.lowerBound) et \(length.upperBound) caractères."))
            return nil
        }
        return text
    }

    public mutating func integer(_ name: String, _ range: ClosedRange<Int64>, required: Bool = false) -> Int64? {
        guard let value = present(name, required) else { return nil }
        guard let number = value.integer else {
            fail(name, "type", LocalizedText(en: "A whole number is expected.", fr: "Un nombre entier est attendu."))
            return nil
        }
        guard range.contains(number) else {
            fail(
                name, "out_of_range",
                LocalizedText(
                    en: "Between \(range.lowerBound) and \(range.upperBound).", fr: "Entre \(range.lowerBound) et \(range.upperBound)."))
            return nil
        }
        return number
    }

    public mutating func bool(_ name: String, required: Bool = false) -> Bool? {
        guard let value = present(name, required) else { return nil }
        guard let flag = value.bool else {
            fail(name, "type", LocalizedText(en: "true or false is expected.", fr: "true ou false est attendu."))
            return nil
        }
        return flag
    }

    public mutating func time(_ name: String, required: Bool = false) -> Timestamp? {
        guard let value = present(name, required) else { return nil }
        guard let time = value.string.flatMap({ Timestamp(rfc3339: $0) }) else {
            fail(
                name, "time",
                LocalizedText(
                    en: "A time such as 2026-01-31T09:15:00Z is expected.", fr: "Une date telle que 2026-01-31T09:15:00Z est attendue."))
            return nil
        }
        return time
    }

    /// One of the raw values of an enumeration.
    public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type, required: Bool = false
    ) -> Choice? {
        guard let value = present(name, required) else { return nil }
        guard let choice = value.string.flatMap({ $0.utf8.count <= Self.longestChoice ? Choice(rawValue: $0) : nil }) else {
            let list = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            fail(name, "choice", LocalizedText(en: "One of: \(list).", fr: "L’une de ces valeurs : \(list)."))
            return nil
        }
        return choice
    }

    public mutating func strings(
        _ name: String, count: ClosedRange<Int> = 0...200, length: ClosedRange<Int> = 1...200, required: Bool = false
    ) -> [String]? {
        guard let value = present(name, required) else { return nil }
        guard let elements = value.array else {
            fail(name, "type", LocalizedText(en: "A list is expected.", fr: "Une liste est attendue."))
            return nil
        }
        guard count.contains(elements.count) else {
            fail(
                name, "count",
                LocalizedText(
                    en: "Between \(count.lowerBound) and \(count.upperBound) elements.",
                    fr: "Entre \(count.lowerBound) et \(count.upperBound) éléments."))
            return nil
        }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.string?.trimmed.nfc, length.contains(text.unicodeScalars.count), Self.isPrintable(text) else {
                fail(name, at: index, "type", LocalizedText(en: "A text is expected.", fr: "Un texte est attendu."))
                return nil
            }
            texts.append(text)
        }
        return texts
    }

    /// Bytes; longer than any raw value.
    private static let longestChoice = 100

    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }

    /// - Throws: one 422 with every fault so far, unknown members included.
    public mutating func finish() throws(Problem) {
        for (name, _) in object where !known.contains(where: { $0.hasSameBytes(as: name) }) {
            if faults.count == Self.maximumFaults { break }
            fail(name, "unknown", LocalizedText(en: "There is no such field.", fr: "Ce champ n’existe pas."))
        }
        if !faults.isEmpty { throw .invalid(faults) }
    }

    /// What a required reader gave, after `finish()`.
    public func required<Value>(_ value: Value?) throws(Problem) -> Value {
        guard let value else { throw .invalid(faults) }
        return value
    }

    private mutating func present(_ name: String, _ required: Bool) -> JSON? {
        note(name)
        let value = object[name]
        guard let value, !value.isNull else {
            if required { fail(name, "required", LocalizedText(en: "This field is required.", fr: "Ce champ est obligatoire.")) }
            return nil
        }
        return value
    }
}

extension String {
    /// A member's name as a JSON pointer has it (RFC 6901 §3), so that the pointer leads to it whatever it holds.
    public var asPointerPart: String {
        // By scalars: with a combining mark behind it, a slash is another character.
        unicodeScalars.reduce(into: "") { part, scalar in
            switch scalar {
            case "~": part += "~0"
            case "/": part += "~1"
            default: part.unicodeScalars.append(scalar)
            }
        }
    }

    /// Without the white space at both ends.
    public var trimmed: String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(scalars[first...last])
    }
}
