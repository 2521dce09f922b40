internal import Kernel
internal import Web

/// The changes of a `PATCH /media/{id}`: each sets an edit, or removes it when the value is null.
struct TitleEdit: Sendable {
    struct Change: Sendable, Equatable {
        let field: TitleField
        /// A language, a country (`certificate`), or empty.
        let lang: String
        /// Nil removes the edit.
        let value: String?
    }

    var changes: [Change] = []

    static let longestTitle = 300
    static let longestOverview = 5000
    static let mostGenres = 10

    /// - Throws: 422 with every fault of the body.
    init(_ call: Call) throws {
        var input = try Input(try call.body())
        let lang = input.string("lang", length: 2...10) ?? call.scope.language.rawValue
        if !ReadingLanguages.isTag(lang) {
            input.fail("lang", "language", LocalizedText(en: "A language tag is expected: fr.", fr: "Un code de langue est attendu : fr."))
        }
        let country = input.string("country", length: 2...2) ?? (lang.hasPrefix("fr") ? "FR" : "US")
        if !country.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) {
            input.fail(
                "country", "country", LocalizedText(en: "A country is two capitals: FR.", fr: "Un pays s’écrit en deux capitales : FR."))
        }
        func take(_ field: TitleField, _ lang: String, _ read: (inout Input, String) -> String?) {
            let name = field.rawValue
            guard input.has(name) else { return }
            // `Input` reads null as an absent field; here null removes the edit.
            changes.append(Change(field: field, lang: lang, value: read(&input, name)))
        }
        take(.title, lang) { $0.name($1, length: 1...Self.longestTitle) }
        take(.overview, lang) { $0.string($1, length: 1...Self.longestOverview) }
        take(.originalTitle, "") { $0.name($1, length: 1...Self.longestTitle) }
        take(.releasedOn, "") { input, name in
            guard let text = input.string(name, length: 10...10) else { return nil }
            if CalendarDate(text) == nil {
                input.fail(name, "date", LocalizedText(en: "A day is expected: 2026-01-31.", fr: "Un jour est attendu : 2026-01-31."))
            }
            return text
        }
        take(.runtime, "") { $0.integer($1, 1...6000).map(String.init) }
        take(.genres, "") {
            $0.strings($1, count: 1...Self.mostGenres, length: 1...80)?.reduce(into: [String]()) { list, genre in
                if !list.contains(genre) { list.append(genre) }
            }.joined(separator: ",")
        }
        take(.certificate, country) { $0.name($1, length: 1...20) }
        try input.finish()
    }
}
