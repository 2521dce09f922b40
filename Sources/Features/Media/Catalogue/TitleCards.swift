package import Database
package import Kernel

/// Titles as lists show them, with what the reader and everybody said of them.
package struct TitleCards: Sendable {
    let marks: any TitleMarks

    /// By title, those that are not there or hidden left out.
    ///
    /// - Parameter language: a language tag; nil for what the request prefers.
    package func cards(of titles: [MediaID], for scope: Scope, language: String? = nil, in transaction: Transaction) throws
        -> [MediaID: JSON]
    {
        let languages = ReadingLanguages(language, scope.language)
        let records = try TitleTable.records(of: titles, languages: Self.languages(languages), in: transaction)
        let shown = titles.filter { records[$0]?.isListed ?? false }
        let standings = try marks.standings(of: shown, for: scope, in: transaction)
        let genres = try GenreTable.names(languages.site, in: transaction)
        return Dictionary(
            shown.compactMap { id in
                records[id].map { (id, .object(Self.card($0, standings[id] ?? TitleStanding(), languages, genres))) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Every text that may be needed: what is read, and what the original may be in.
    static func languages(_ languages: ReadingLanguages) -> [String] { languages.chain }

    static func card(
        _ record: TitleRecord, _ standing: TitleStanding, _ languages: ReadingLanguages, _ genres: [String: String]
    ) -> JSONObject {
        let title = record.title(languages)
        var card: JSONObject = [
            "id": JSON(record.id), "kind": .string(record.kind.rawValue), "slug": .string(TitleText.slug(title)), "title": .string(title),
            "original_title": .string(record.originalTitle), "year": JSON(record.year), "released_on": JSON(record.releasedOn),
            "runtime_min": JSON(record.runtime), "overview": JSON(record.overview(languages)),
            "genres": .array(record.genres.compactMap { id in genres[id].map { ["id": .string(id), "name": .string($0)] } }),
            "poster_url": .string(posterURL(record, languages)), "backdrop_url": .null, "state": standing.state,
            "favorite_count": JSON(standing.favorites), "like_count": JSON(standing.likes), "watchlist_count": JSON(standing.watchlists),
            "rating_average": standing.average.map(JSON.number) ?? .null, "rating_count": JSON(standing.ratings),
        ]
        if record.kind == .series {
            card.append(
                "progress", standing.progress.map { ["seen": JSON($0.seen), "aired": JSON($0.aired)] } ?? .null)
            card.append(
                "next_episode",
                standing.next.map { ["season": JSON($0.season), "number": JSON($0.number), "title": JSON($0.title)] } ?? .null)
        }
        return card
    }

    /// Another version has another address, so that what is there never changes.
    private static func posterURL(_ record: TitleRecord, _ languages: ReadingLanguages) -> String {
        "/api/v1/media/\(record.id.uuid)/poster.svg?v=\(record.version)&lang=\(languages.site.rawValue)"
    }
}

/// The table of genres.
enum GenreTable {
    static func names(_ language: Language, in transaction: Transaction) throws -> [String: String] {
        let rows = try transaction.rows("SELECT id, name_en, name_fr FROM genres")
        return Dictionary(rows.map { ($0.text(0), language == .french ? $0.text(2) : $0.text(1)) }, uniquingKeysWith: { one, _ in one })
    }
}
