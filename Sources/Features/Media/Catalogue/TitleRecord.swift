internal import Database
internal import Kernel

/// A title as it is shown: the imported values, replaced by the team's edits.
struct TitleRecord: Sendable {
    struct Text: Sendable {
        var title = ""
        var overview = ""
    }

    /// Names of fetched pictures.
    struct Picture: Sendable {
        let small: String
        let large: String
    }

    let id: MediaID
    let kind: TitleKind
    var originalTitle: String
    var originalLanguage: String
    /// `2026-01-31`; nil when only the year is known.
    var releasedOn: String?
    var year: Int?
    var endedYear: Int?
    var runtime: Int?
    var countries: [String]
    var seasonCount: Int?
    var collection: RowID?
    var poster: Picture?
    var backdrop: Picture?
    var popularity: Double
    var isAdult: Bool
    var isHidden: Bool
    var isGone: Bool
    /// Whether nothing but its name is known yet.
    var isStub: Bool
    var mergedInto: MediaID?
    var trend: Double
    var rating: Double?
    var version: Int64
    /// By language.
    var texts: [String: Text] = [:]
    /// Ids, the main genre first.
    var genres: [String] = []
    /// The team's edits, by country.
    var certificates: [String: String] = [:]

    /// Whether lists and searches show it.
    var isListed: Bool { !isHidden && mergedInto == nil }

    func title(_ languages: ReadingLanguages) -> String {
        for tag in languages.chain {
            if tag == originalLanguage { return texts[tag].map(\.title).flatMap { $0.isEmpty ? nil : $0 } ?? originalTitle }
            if let title = texts[tag]?.title, !title.isEmpty { return title }
        }
        return originalTitle
    }

    func overview(_ languages: ReadingLanguages) -> String? {
        for tag in languages.chain + [originalLanguage] {
            if let overview = texts[tag]?.overview, !overview.isEmpty { return overview }
        }
        return nil
    }

    /// The date as a number that sorts: 20260131; without a day the first of the year, without a year 0.
    var releaseKey: Int {
        if let releasedOn, let date = CalendarDate(releasedOn) { return date.key }
        return (year ?? 0) * 10_000
    }
}

/// A day of the calendar, as a text of ten bytes; it never passes through a time zone.
struct CalendarDate: Sendable, Hashable {
    let key: Int

    /// Nil for what is no date from 1800 to 2199.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        var key = 0
        for (place, byte) in bytes.enumerated() where place != 4 && place != 7 {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            key = key * 10 + Int(byte - UInt8(ascii: "0"))
        }
        guard Timestamp(rfc3339: "\(text)T00:00:00Z") != nil, (1800...2199).contains(key / 10_000) else { return nil }
        self.key = key
    }

    var year: Int { key / 10_000 }

    /// The day of a moment, in UTC.
    static func key(of moment: Timestamp) -> Int { CalendarDate(String(moment.rfc3339.prefix(10)))?.key ?? 0 }
}

/// The tables of titles.
enum TitleTable {
    private static let columns: SQL = """
        media.id, kind, original_title, original_language, released_on, year, ended_year, runtime_min, countries, season_count, collection_id,
        popularity, adult, hidden_at, gone_at, merged_into, trend, rating, version, detail
        """

    /// Absent titles are missing.
    ///
    /// - Parameter languages: the languages of the texts to read.
    static func records(of ids: [MediaID], languages: [String], in transaction: Transaction) throws -> [MediaID: TitleRecord] {
        guard !ids.isEmpty else { return [:] }
        let list: SQL = "(SELECT value FROM json_each(\(ids: ids)))"
        var records: [MediaID: TitleRecord] = [:]
        for row in try transaction.rows("SELECT \(sql: columns) FROM media WHERE id IN \(sql: list)") {
            let record = record(row)
            records[record.id] = record
        }
        let tags = SQL.joined(languages.map { "\($0)" }, separator: ", ")
        let texts = try transaction.rows(
            "SELECT media_id, lang, title, overview FROM media_texts WHERE media_id IN \(sql: list) AND lang IN (\(sql: tags))")
        for row in texts { records[row.id(0)]?.texts[row.text(1)] = .init(title: row.text(2), overview: row.text(3)) }
        for row in try transaction.rows(
            "SELECT media_id, genre_id FROM media_genres WHERE media_id IN \(sql: list) ORDER BY media_id, place")
        {
            records[row.id(0)]?.genres.append(row.text(1))
        }
        let pictures = try transaction.rows(
            "SELECT media_id, part, small, large FROM media_images WHERE media_id IN \(sql: list) AND small IS NOT NULL")
        for row in pictures {
            let picture = TitleRecord.Picture(small: row.text(2), large: row.text(3))
            if row.text(1) == "poster" { records[row.id(0)]?.poster = picture } else { records[row.id(0)]?.backdrop = picture }
        }
        let overrides = try transaction.rows("SELECT media_id, lang, field, value FROM media_overrides WHERE media_id IN \(sql: list)")
        for row in overrides { records[row.id(0)]?.apply(row.text(2), of: row.text(1), row.text(3)) }
        return records
    }

    static func record(_ id: MediaID, languages: [String], in transaction: Transaction) throws -> TitleRecord? {
        try records(of: [id], languages: languages, in: transaction)[id]
    }

    private static func record(_ row: Row) -> TitleRecord {
        TitleRecord(
            id: row.id(0), kind: TitleKind(rawValue: row.text(1)) ?? .film, originalTitle: row.text(2), originalLanguage: row.text(3),
            releasedOn: row.optionalText(4), year: row.optionalInt64(5).map(Int.init), endedYear: row.optionalInt64(6).map(Int.init),
            runtime: row.optionalInt64(7).map(Int.init), countries: row.text(8).split(separator: ",").map(String.init),
            seasonCount: row.optionalInt64(9).map(Int.init), collection: row.optionalID(10), popularity: row.double(11),
            isAdult: row.bool(12), isHidden: !row.isNull(13), isGone: !row.isNull(14), isStub: row.text(19) == "stub",
            mergedInto: row.optionalID(15), trend: row.double(16), rating: row.isNull(17) ? nil : row.double(17), version: row.int64(18))
    }
}

extension TitleRecord {
    /// Replaces an imported value by the team's edit.
    mutating func apply(_ field: String, of language: String, _ value: String) {
        switch TitleField(rawValue: field) {
        case .title: texts[language, default: Text()].title = value
        case .overview: texts[language, default: Text()].overview = value
        case .originalTitle: originalTitle = value
        case .releasedOn:
            releasedOn = value.isEmpty ? nil : value
            year = CalendarDate(value)?.year ?? year
        case .runtime: runtime = Int(value)
        case .genres: genres = value.split(separator: ",").map(String.init)
        case .certificate: certificates[language] = value
        case nil: break
        }
    }
}

/// The fields that the team can edit. `title` and `overview` have a language, `certificate` has a country.
enum TitleField: String, CaseIterable {
    case title
    case overview
    case originalTitle = "original_title"
    case releasedOn = "released_on"
    case runtime = "runtime_min"
    case genres
    case certificate
}
