internal import Kernel

/// A title read from a row, with its faults.
struct ImportedTitle: Sendable {
    struct Fault: Sendable {
        let field: ImportField
        let code: String
        let detail: LocalizedText
    }

    var kind = TitleKind.film
    var original = ""
    var language: String?
    /// By language.
    var titles: [String: String] = [:]
    var overviews: [String: String] = [:]
    var year: Int?
    var releasedOn: String?
    var runtime: Int?
    /// In the words of the file.
    var genres: [String] = []
    var directors: [String] = []
    var cast: [String] = []
    var keywords: [String] = []
    var countries: [String] = []
    /// By source.
    var numbers: [String: String] = [:]
    private(set) var faults: [Fault] = []

    /// - Parameter site: the language of columns whose names have none.
    init(_ row: ImportRow, _ mapping: [ImportField: String], language site: Language) {
        func texts(_ field: ImportField) -> [String] {
            (mapping[field].flatMap { row.cells[$0] } ?? []).filter { !$0.isEmpty && $0 != "\\N" }
        }
        func text(_ field: ImportField) -> String? { texts(field).first?.nfc }
        func list(_ field: ImportField, _ most: Int) -> [String] {
            var texts = texts(field)
            if texts.count == 1, let only = texts.first {
                let mark: UInt8 =
                    only.utf8.contains(UInt8(ascii: ";"))
                    ? UInt8(ascii: ";") : only.utf8.contains(UInt8(ascii: "|")) ? UInt8(ascii: "|") : UInt8(ascii: ",")
                texts = only.utf8.split(separator: mark).map { String(Substring($0)).trimmed }.filter { !$0.isEmpty }
            }
            var seen: Set<ByteKey> = []
            return texts.map(\.nfc).filter { seen.insert(ByteKey($0)).inserted }.prefix(most).map { $0 }
        }
        readNames(text, site)
        readFacts(text)
        (genres, keywords) = (list(.genres, TitleEdit.mostGenres), list(.keywords, 30))
        (directors, cast) = (list(.directors, 10), list(.cast, 40))
        countries = list(.countries, 10).map { $0.uppercased() }.filter(Self.isCountry)
        for (field, names) in [(ImportField.directors, directors), (.cast, cast), (.keywords, keywords)] {
            for name in names where name.unicodeScalars.count > 120 || NameText.fault(in: name) != nil {
                fail(
                    field, "name",
                    LocalizedText(en: "“\(name.cut(to: 40))” is not a valid name.", fr: "« \(name.cut(to: 40)) » n’est pas un nom valide."))
            }
        }
    }

    private mutating func fail(_ field: ImportField, _ code: String, _ detail: LocalizedText) {
        if faults.count < 10 { faults.append(Fault(field: field, code: code, detail: detail)) }
    }

    private mutating func readNames(_ text: (ImportField) -> String?, _ site: Language) {
        let named: [(ImportField, String)] = [(.titleEnglish, "en"), (.titleFrench, "fr"), (.title, site.rawValue)]
        for (field, language) in named { if let title = text(field), titles[language] == nil { titles[language] = title } }
        let told: [(ImportField, String)] = [(.overviewEnglish, "en"), (.overviewFrench, "fr"), (.overview, site.rawValue)]
        for (field, language) in told { if let overview = text(field), overviews[language] == nil { overviews[language] = overview } }
        original = text(.originalTitle) ?? text(.title) ?? titles["en"] ?? titles["fr"] ?? ""
        if original.isEmpty { fail(.title, "required", LocalizedText(en: "A title is needed.", fr: "Il faut un titre.")) }
        for title in Array(titles.values) + [original] where !title.isEmpty {
            if title.unicodeScalars.count > TitleEdit.longestTitle {
                fail(
                    .title, "too_long",
                    LocalizedText(en: "At most \(TitleEdit.longestTitle) characters.", fr: "\(TitleEdit.longestTitle) caractères au plus."))
            } else if let fault = NameText.fault(in: title) {
                fail(.title, fault.code, fault.detail)
            }
        }
        for overview in overviews.values {
            if overview.unicodeScalars.count > TitleEdit.longestOverview {
                fail(
                    .overview, "too_long",
                    LocalizedText(
                        en: "At most \(TitleEdit.longestOverview) characters.", fr: "\(TitleEdit.longestOverview) caractères au plus."))
            } else if overview.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
                // JSON can escape a NUL, which no database stores in a text.
                fail(
                    .overview, "control_character",
                    LocalizedText(en: "Control characters are not allowed.", fr: "Les caractères de contrôle sont refusés."))
            }
        }
    }

    /// Two letters: `FR`.
    private static func isCountry(_ code: String) -> Bool {
        code.utf8.count == 2 && code.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    private mutating func readFacts(_ text: (ImportField) -> String?) {
        if let named = text(.kind) {
            if let known = Self.kinds[TitleText.fold(named)] {
                kind = known
            } else {
                fail(.kind, "kind", LocalizedText(en: "film or series is expected.", fr: "film ou series est attendu."))
            }
        }
        if let tag = text(.originalLanguage) { language = ReadingLanguages.isTag(tag) ? tag.lowercased() : nil }
        if let day = text(.releasedOn) {
            if let date = CalendarDate(day) {
                (releasedOn, year) = (day, date.year)
            } else {
                fail(.releasedOn, "date", LocalizedText(en: "A day is expected: 2026-01-31.", fr: "Un jour est attendu : 2026-01-31."))
            }
        }
        func number(_ field: ImportField, _ range: ClosedRange<Int>, _ en: String, _ fr: String) -> Int? {
            guard let told = text(field) else { return nil }
            if let number = Int(told), range.contains(number) { return number }
            fail(field, "out_of_range", LocalizedText(en: en, fr: fr))
            return nil
        }
        year = number(.year, 1800...2199, "A year is expected: 1994.", "Une année est attendue : 1994.") ?? year
        runtime = number(.runtime, 1...6000, "Minutes are expected: 126.", "Des minutes sont attendues : 126.")
        if let imdb = text(.imdb) {
            let digits = imdb.utf8.dropFirst(2)
            if imdb.hasPrefix("tt"), (5...12).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) {
                numbers["imdb"] = imdb
            } else {
                fail(
                    .imdb, "imdb_id",
                    LocalizedText(en: "An id such as tt0081398 is expected.", fr: "Un identifiant tel que tt0081398 est attendu."))
            }
        }
        if let tmdb = number(.tmdb, 1...2_000_000_000, "A number is expected.", "Un nombre est attendu.") { numbers["tmdb"] = String(tmdb) }
    }

    private static let kinds: [String: TitleKind] = [
        "film": .film, "movie": .film, "feature": .film, "tvmovie": .film, "tv movie": .film, "documentary": .film, "series": .series,
        "serie": .series, "tv": .series, "tv series": .series, "tvseries": .series, "tv mini series": .series, "tvminiseries": .series,
        "show": .series,
    ]

    /// Two rows with the same key are the same title.
    var key: String { "\(kind.rawValue) \(year ?? 0) \(TitleText.fold(original))" }
}
