internal import HTTP
public import Kernel

/// Typed readers over a query string: faults gather under `?name`, and parameters that nobody asked for are refused.
public struct Query {
    public private(set) var faults: [Problem.Fault] = []
    private let items: [(name: String, value: String)]
    /// Names of this program's.
    private var known: [String] = []

    init(_ items: [(name: String, value: String)]) { self.items = items }

    /// What is wrong is told up to this many times: an answer must not be many times as long as the question.
    static let maximumFaults = 20
    /// Bytes of a parameter's name.
    static let maximumName = 256

    /// A query string that came otherwise than in the address.
    ///
    /// - Throws: 400 when an escape in it does not decode to UTF-8.
    public init(text: String) throws(Problem) {
        guard let items = text.isEmpty ? [] : PercentCoding.decodeForm(text) else {
            throw .malformed(LocalizedText(en: "The query string is malformed.", fr: "La chaîne de requête est mal formée."))
        }
        guard items.allSatisfy({ $0.name.utf8.count <= Self.maximumName }) else {
            throw .malformed(LocalizedText(en: "A parameter’s name is too long.", fr: "Le nom d’un paramètre est trop long."))
        }
        self.init(items)
    }

    /// The value, or nil when it is absent or empty.
    public mutating func string(_ name: String, maximum: Int = 200) -> String? {
        known.append(name)
        let values = items.filter { $0.name.hasSameBytes(as: name) }.map(\.value)
        guard let value = values.first, !value.isEmpty else { return nil }
        guard values.count == 1 else {
            fail(name, "repeated", LocalizedText(en: "This parameter stands twice.", fr: "Ce paramètre figure deux fois."))
            return nil
        }
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }) else {
            fail(
                name, "control_character",
                LocalizedText(en: "Control characters are not allowed.", fr: "Les caractères de contrôle sont refusés."))
            return nil
        }
        guard value.unicodeScalars.count <= maximum else {
            fail(name, "too_long", LocalizedText(en: "At most \(maximum) characters.", fr: "\(maximum) caractères au plus."))
            return nil
        }
        return value.nfc
    }

    public mutating func bool(_ name: String) -> Bool? {
        guard let text = string(name) else { return nil }
        if text == "true" || text == "1" { return true }
        if text == "false" || text == "0" { return false }
        fail(name, "type", LocalizedText(en: "true or false is expected.", fr: "true ou false est attendu."))
        return nil
    }

    public mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = string(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            fail(
                name, "out_of_range",
                LocalizedText(en: "From \(range.lowerBound) to \(range.upperBound).", fr: "De \(range.lowerBound) à \(range.upperBound)."))
            return nil
        }
        return value
    }

    public mutating func time(_ name: String) -> Timestamp? {
        guard let text = string(name) else { return nil }
        // A literal + of an offset arrives as a space when it was not escaped.
        guard let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text.replacingSpaces()) else {
            fail(
                name, "time",
                LocalizedText(
                    en: "A time such as 2026-01-31T09:15:00Z is expected.", fr: "Une date telle que 2026-01-31T09:15:00Z est attendue."))
            return nil
        }
        return time
    }

    public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ type: Choice.Type) -> Choice? {
        guard let text = string(name) else { return nil }
        guard let choice = text.utf8.count <= 100 ? Choice(rawValue: text) : nil else {
            let list = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            fail(name, "choice", LocalizedText(en: "One of: \(list).", fr: "L’une de ces valeurs : \(list)."))
            return nil
        }
        return choice
    }

    /// Values apart by commas, each once.
    public mutating func list(_ name: String, maximum: Int) -> [String]? {
        guard let text = string(name, maximum: maximum * 64) else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: ",")).map { ByteKey(String(Substring($0))) }
        let values = Set(parts).map(\.text).sorted()
        guard values.count > maximum else { return values.isEmpty ? nil : values }
        fail(name, "too_many", LocalizedText(en: "At most \(maximum) values.", fr: "Au plus \(maximum) valeurs."))
        return nil
    }

    /// `limit` (1–200, 50), `cursor` and `count`, as every list takes them.
    public mutating func page() -> Page {
        Page(limit: integer("limit", 1...200) ?? 50, cursor: string("cursor", maximum: 512), wantsTotal: bool("count") ?? false)
    }

    /// Refuses parameters that the route takes in another of its forms only.
    public mutating func refuseOfAnotherForm(_ names: [String]) {
        for name in names where string(name, maximum: 512) != nil {
            fail(name, "exclusive", LocalizedText(en: "This does not go with the rest.", fr: "Ceci ne va pas avec le reste."))
        }
    }

    public mutating func fail(_ name: String, _ code: String, _ detail: LocalizedText) {
        if faults.count < Self.maximumFaults { faults.append(Problem.Fault("?\(name)", code, detail)) }
    }

    /// - Throws: one 422 with every fault, unknown parameters included.
    public mutating func finish() throws(Problem) {
        var unknown: Set<ByteKey> = []
        for (name, _) in items where faults.count < Self.maximumFaults && !known.contains(where: { $0.hasSameBytes(as: name) }) {
            guard unknown.insert(ByteKey(name)).inserted else { continue }
            fail(name, "unknown", LocalizedText(en: "There is no such parameter.", fr: "Ce paramètre n’existe pas."))
        }
        if !faults.isEmpty { throw .invalid(faults) }
    }
}

/// The part of a list that is asked for.
public struct Page: Sendable {
    public let limit: Int
    /// Opaque to clients; what the list put in `next`.
    public let cursor: String?
    public let wantsTotal: Bool

    /// The keys that the cursor carries, as many as `count`.
    ///
    /// - Throws: 422 on a cursor that this list did not make.
    public func keys(_ count: Int) throws(Problem) -> [JSON]? {
        guard let cursor else { return nil }
        guard let bytes = Hex.decode(cursor) else { throw Self.strange }
        do {
            guard let keys = try JSONParser.parse(bytes).array, keys.count == count else { throw Self.strange }
            return keys
        } catch {
            throw Self.strange
        }
    }

    /// The one key that the cursor carries; nil without a cursor.
    ///
    /// - Parameter read: nil for what is no key of this list.
    /// - Throws: 422 on a cursor that this list did not make.
    public func key<Key>(_ read: (JSON) -> Key?) throws(Problem) -> Key? {
        guard let keys = try keys(1) else { return nil }
        guard let key = read(keys[0]) else { throw Self.strange }
        return key
    }

    /// 422 for a cursor that this list did not make.
    public static let strange = Problem.invalid(
        "?cursor", "invalid", LocalizedText(en: "This cursor is not one of this list.", fr: "Ce curseur n’appartient pas à cette liste."))

    /// A cursor that carries the keys of the last row shown.
    public static func cursor(_ keys: [JSON]) -> String { Hex.encode(JSON.array(keys).bytes) }
}

extension String {
    fileprivate func replacingSpaces() -> String { String(map { $0 == " " ? "+" : $0 }) }
}
