internal import Bus
internal import Kernel

/// Which events of a topic a subscription gets: those whose subject fulfils all clauses before or after the event, so that a reader also learns when
/// one stops fulfilling them.
///
/// `{"status": "dnd"}`, or `{"status": {"=": …, "!=": …, "in": […]}}` with one or several operators; of a field of words, the part that it must contain.
public struct TopicFilter: Sendable, Hashable {
    enum Test: Sendable, Hashable {
        case equals(String)
        case differs(String)
        case oneOf(Set<String>)
        /// A part of one of the values, folded as they are.
        case contains([UInt8])
        /// `=` or `in` of a `user_id`; what is no id of anybody matches nothing and is not kept.
        case people(WatchedPeople)
        /// `!=` of a `user_id`.
        case others(WatchedPeople)

        func holds(for values: [String]) -> Bool {
            switch self {
            case .equals(let value): values.contains(value)
            case .differs(let value): !values.contains(value)
            case .oneOf(let list): values.contains(where: list.contains)
            case .contains(let part): values.contains { $0.contains(bytes: part) }
            case .people, .others: false
            }
        }
    }

    struct Clause: Sendable, Hashable {
        let field: String
        let test: Test

        var isShort: Bool {
            switch test {
            case .equals(let value), .differs(let value): value.utf8.count <= TopicFilter.maximumText
            case .oneOf(let list): list.allSatisfy { $0.utf8.count <= TopicFilter.maximumText }
            case .contains(let part): part.count <= TopicFilter.maximumText
            case .people, .others: true
            }
        }

        /// The same with ids in the place of their texts, a tenth of the memory.
        var compact: Clause {
            guard field == "user_id" else { return self }
            switch test {
            case .equals(let value): return Clause(field: field, test: .people(WatchedPeople([value])))
            case .oneOf(let list): return Clause(field: field, test: .people(WatchedPeople(list)))
            case .differs(let value): return Clause(field: field, test: .others(WatchedPeople([value])))
            case .contains, .people, .others: return self
            }
        }
    }

    static let maximumList = 200
    /// Bytes of a value: ids and states are short, and what a client subscribes with is kept.
    static let maximumText = 100

    let clauses: [Clause]

    public static let none = TopicFilter(clauses: [])

    public var isEmpty: Bool { clauses.isEmpty }

    /// Whether it names the people that it wants, by `=` or `in` of `user_id`.
    public var namesPeople: Bool { people != nil }

    /// The people that it is limited to; nil when it is not.
    var people: WatchedPeople? {
        for clause in clauses { if case .people(let people) = clause.test { return people } }
        return nil
    }

    /// The same filter, limited to these people.
    func naming(_ people: WatchedPeople) -> TopicFilter {
        TopicFilter(
            clauses: clauses.map { clause in
                guard case .people = clause.test else { return clause }
                return Clause(field: clause.field, test: .people(people))
            })
    }

    var watchedCount: Int { people?.count ?? 0 }

    /// Whether it looks for a part of words, which costs more than to compare.
    var searches: Bool {
        clauses.contains { if case .contains = $0.test { true } else { false } }
    }

    /// Whether the people that it names are all that it asks.
    var isPeopleAlone: Bool {
        guard clauses.count == 1, case .people = clauses[0].test else { return false }
        return true
    }

    func matches(_ publication: Publication) -> Bool {
        if clauses.isEmpty { return true }
        return holds(publication, before: false) || holds(publication, before: true)
    }

    private func holds(_ publication: Publication, before: Bool) -> Bool {
        clauses.allSatisfy { clause in
            switch clause.test {
            case .people(let watched): return publication.people.contains(where: watched.contains)
            case .others(let watched): return !publication.people.contains(where: watched.contains)
            case .equals, .differs, .oneOf, .contains:
                let fact = publication.attributes.first { $0.name == clause.field }
                return clause.test.holds(for: (before ? fact?.before : fact?.after) ?? [])
            }
        }
    }
}

extension TopicFilter {
    /// - Parameter words: the fields whose values a filter finds by a part of them.
    /// - Throws: 422 with a pointer to what is wrong.
    init(_ value: JSON?, fields: Set<String>, words: Set<String> = []) throws(Problem) {
        guard let value, !value.isNull else {
            self = .none
            return
        }
        guard let object = value.object else { throw Self.fault("", "An object is expected.", "Un objet est attendu.") }
        var clauses: [Clause] = []
        for (field, condition) in object {
            guard field.utf8.count <= Self.maximumText else {
                throw Self.fault("", "A field is too long.", "Un champ est trop long.", code: "unknown")
            }
            if words.contains(field) {
                clauses += try Self.part(field, condition)
                continue
            }
            guard fields.contains(field) else {
                throw Self.fault(
                    "/\(field.asPointerPart)", "This topic cannot be filtered so.", "Ce sujet ne se filtre pas ainsi.", code: "unknown")
            }
            clauses += try Self.clauses(field, condition)
        }
        guard clauses.allSatisfy(\.isShort) else {
            throw Self.tooLong
        }
        self.clauses = clauses.map(\.compact)
    }

    /// An empty part is in everything.
    private static func part(_ field: String, _ condition: JSON) throws(Problem) -> [Clause] {
        guard let text = condition.string else { throw fault("/\(field)", "A text is expected.", "Un texte est attendu.") }
        guard text.utf8.count <= maximumText else { throw tooLong }
        let part = Array(text.searchFold.utf8)
        return part.isEmpty ? [] : [Clause(field: field, test: .contains(part))]
    }

    private static func clauses(_ field: String, _ condition: JSON) throws(Problem) -> [Clause] {
        if let text = condition.string { return [Clause(field: field, test: .equals(text))] }
        guard let operators = condition.object, !operators.isEmpty else {
            throw fault("/\(field)", "A text, or an object of =, != and in.", "Un texte, ou un objet de =, != et in.")
        }
        var clauses: [Clause] = []
        for (name, operand) in operators {
            guard name.utf8.count <= 2 else { throw unknownOperator(field, name) }
            switch (name, operand) {
            case ("=", .string(let text)): clauses.append(Clause(field: field, test: .equals(text)))
            case ("!=", .string(let text)): clauses.append(Clause(field: field, test: .differs(text)))
            case ("in", .array(let list)) where list.count <= maximumList:
                let texts = list.compactMap(\.string)
                guard texts.count == list.count else { throw fault("/\(field)/in", "A list of texts.", "Une liste de textes.") }
                guard texts.allSatisfy({ $0.utf8.count <= maximumText }) else { throw tooLong }
                clauses.append(Clause(field: field, test: .oneOf(Set(texts))))
            case ("in", .array):
                throw fault("/\(field)/in", "At most \(maximumList) values.", "Au plus \(maximumList) valeurs.", code: "count")
            default: throw unknownOperator(field, name)
            }
        }
        return clauses
    }

    private static var tooLong: Problem { fault("", "A value is too long.", "Une valeur est trop longue.", code: "too_long") }

    private static func unknownOperator(_ field: String, _ name: String) -> Problem {
        fault("/\(field)/\(name.asPointerPart)", "An operator is =, != or in.", "Un opérateur est =, != ou in.")
    }

    private static func fault(_ path: String, _ english: String, _ french: String, code: String = "type") -> Problem {
        .invalid("/filter\(path)", code, LocalizedText(en: english, fr: french))
    }
}
