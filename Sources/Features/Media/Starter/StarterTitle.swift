internal import Kernel

/// One title of the catalogue that ships with the program.
struct StarterTitle {
    struct Season {
        let number: Int
        let year: Int?
        let episodes: Int
    }

    let kind: TitleKind
    let original: String
    /// By language.
    let titles: [(String, String)]
    let overviews: [String: String]
    let language: String
    let year: Int
    let endedYear: Int?
    let runtime: Int?
    let countries: [String]
    let genres: [String]
    /// Directors of a film, creators of a series.
    let makers: [String]
    let cast: [String]
    let keywords: [String]
    let imdb: String?
    let collection: String?
    let certificates: [(String, String)]
    let seasonCount: Int?
    let seasons: [Season]

    var job: String { kind == .film ? "director" : "creator" }

    /// Nil for an invalid entry.
    init?(_ json: JSON) {
        func texts(_ name: String) -> [String] { (json[name]?.array ?? []).compactMap(\.string) }
        func number(_ name: String) -> Int? { json[name]?.integer.map(Int.init) }
        guard let kind = json["kind"]?.string.flatMap(TitleKind.init(rawValue:)), let title = json["title"]?.object,
            let original = title["original"]?.string, !original.isEmpty, let year = number("year")
        else { return nil }
        (self.kind, self.original, self.year) = (kind, original, year)
        titles = ["en", "fr"].compactMap { language in title[language]?.string.map { (language, $0) } }
        overviews = Dictionary(
            ["en", "fr"].compactMap { language in json["overview"]?[language]?.string.map { (language, $0) } },
            uniquingKeysWith: { first, _ in first })
        language = json["original_language"]?.string ?? ""
        (endedYear, runtime, seasonCount) = (number("end_year"), number("runtime_min"), number("season_count"))
        (countries, genres, cast, keywords) = (texts("countries"), texts("genres"), texts("cast"), texts("keywords"))
        makers = texts(kind == .film ? "directors" : "creators")
        (imdb, collection) = (json["imdb_id"]?.string, json["collection"]?.string)
        certificates = (json["certificate"]?.object ?? [:]).compactMap { member in member.value.string.map { (member.name, $0) } }
        seasons = (json["seasons"]?.array ?? []).compactMap { season in
            guard let number = season["number"]?.integer, let episodes = season["episodes"]?.integer else { return nil }
            return Season(number: Int(number), year: season["year"]?.integer.map(Int.init), episodes: Int(min(episodes, 1000)))
        }
    }
}
