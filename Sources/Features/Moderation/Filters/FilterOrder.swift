internal import Database
internal import Kernel
internal import Sanctions
internal import Web

/// A filter as a request describes it.
struct FilterOrder: Sendable {
    private(set) var filter: TextFilter
    /// References of roles.
    let exemptRoles: [String]

    /// - Throws: 422.
    init(_ body: JSON?, name: String, id: TextFilterID, by author: UserID, at prefix: String = "") throws(Problem) {
        var input = try Input(body, at: prefix)
        let kind = input.choice("kind", TextFilter.Kind.self, required: true)
        let enabled = input.bool("enabled")
        let actions = Self.actions(&input)
        let seconds = input.integer("duration_s", TextFilter.Limits.seconds)
        let category = input.choice("category", ReportCategory.self)
        exemptRoles = input.strings("exempt_roles", count: 0...TextFilter.Limits.exempt, length: 1...100) ?? []
        let channels = Self.channels(&input)
        let mode = input.choice("mode", TextFilter.Mode.self)
        let count = input.integer("count", TextFilter.Limits.count)
        let within = input.integer("within_s", TextFilter.Limits.within)
        let list = Self.list(&input, kind: kind ?? .words)
        try input.finish()
        filter = TextFilter(
            id: id, name: name, kind: try input.required(kind), actions: actions, category: (category ?? .other).rawValue, author: author)
        (filter.isEnabled, filter.exemptChannels, filter.list) = (enabled ?? true, channels, list)
        (filter.seconds, filter.mode) = (seconds ?? filter.seconds, mode ?? .deny)
        (filter.count, filter.within) = (count ?? filter.count, within ?? filter.within)
    }

    mutating func set(exemptRoles: [RowID]) { filter.exemptRoles = exemptRoles }

    private static func actions(_ input: inout Input) -> [TextFilter.Action] {
        let given = input.strings("actions", count: 1...TextFilter.Action.allCases.count, length: 1...10, required: true) ?? []
        for (index, name) in given.enumerated() where TextFilter.Action(rawValue: name) == nil {
            input.fail("actions", at: index, "choice", LocalizedText(en: "Unknown action.", fr: "Action inconnue."))
        }
        return TextFilter.Action.allCases.filter { given.contains($0.rawValue) }
    }

    private static func channels(_ input: inout Input) -> [ConversationID] {
        let given = input.strings("exempt_channels", count: 0...TextFilter.Limits.exempt, length: 1...100) ?? []
        return given.enumerated().compactMap { index, reference in
            if let id = ConversationID(uuid: reference) { return id }
            input.fail("exempt_channels", at: index, "unknown", LocalizedText(en: "No such channel.", fr: "Ce salon n’existe pas."))
            return nil
        }
    }

    /// Words, domains or endings of file names: in the form in which they are compared, each once.
    private static func list(_ input: inout Input, kind: TextFilter.Kind) -> [String] {
        let given = input.strings("list", count: 0...TextFilter.Limits.words, length: 1...TextFilter.Limits.word) ?? []
        guard kind == .words || kind == .links || kind == .files else { return [] }
        if given.isEmpty, kind != .links {
            input.fail("list", "required", LocalizedText(en: "The list is empty.", fr: "La liste est vide."))
        }
        if given.reduce(0, { $0 + $1.utf8.count }) > TextFilter.Limits.bytes {
            input.fail("list", "too_long", LocalizedText(en: "The list is too long.", fr: "La liste est trop longue."))
            return []
        }
        var known: Set<ByteKey> = []
        return given.enumerated().compactMap { index, text in
            guard let element = element(text, kind) else {
                input.fail("list", at: index, "invalid", fault(kind, text))
                return nil
            }
            return known.insert(ByteKey(element)).inserted ? element : nil
        }
    }

    private static func element(_ text: String, _ kind: TextFilter.Kind) -> String? {
        switch kind {
        case .words: return WordMatcher.isUsable(text) ? text.nfc : nil
        case .links: return LinkFinder.domain(text)
        case .files:
            let ending = String(String.UnicodeScalarView(text.unicodeScalars.drop { $0 == "." })).searchFold
            return ending.isEmpty || ending.unicodeScalars.contains(".") ? nil : ending
        case .mentions, .repeats, .rate: return nil
        }
    }

    private static func fault(_ kind: TextFilter.Kind, _ text: String) -> LocalizedText {
        let quoted = text.cut(to: 40)
        return switch kind {
        case .links:
            LocalizedText(
                en: "“\(quoted)” is not a domain such as example.com.", fr: "« \(quoted) » n’est pas un domaine comme exemple.fr.")
        case .files:
            LocalizedText(en: "“\(quoted)” is not an ending such as exe.", fr: "« \(quoted) » n’est pas une extension comme exe.")
        default:
            LocalizedText(en: "“\(quoted)” needs at least two letters.", fr: "« \(quoted) » doit avoir au moins deux lettres.")
        }
    }
}
