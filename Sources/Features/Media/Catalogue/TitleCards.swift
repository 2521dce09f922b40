package import Database
package import Kernel

/// Titles as lists show them, with their counters and the reader's marks.
package struct TitleCards: Sendable {
    let marks: MediaMarks

    /// By title. Absent, hidden and merged titles are missing.
    ///
    /// - Parameter language: a language tag; nil for what the request prefers.
    package func cards(of titles: [MediaID], for scope: Scope, language: String? = nil, in transaction: Transaction) throws
        -> [MediaID: JSON]
    {
        let languages = ReadingLanguages(language, scope.language)
        let records = try TitleTable.records(of: titles, languages: languages.chain, in: transaction)
        let shown = titles.filter { records[$0]?.isListed ?? false }
        let standings = try marks.standings(of: shown, for: scope, in: transaction)
        let genres = try GenreTable.names(languages.site, in: transaction)
        return Dictionary(
            shown.compactMap { id in
                records[id].map { (id, .object(Self.card($0, standings[id] ?? TitleStanding(), languages, genres))) }
            }, uniquingKeysWith: { first, _ in first })
    }

    static func card(
        _ record: TitleRecord, _ standing: TitleStanding, _ languages: ReadingLanguages, _ genres: [String: String]
    ) -> JSONObject {
        let title = record.title(languages)
        var card: JSONObject = [
            "id": JSON(record.id), "kind": .string(record.kind.rawValue), "slug": .string(TitleText.slug(title)), "title": .string(title),
            "original_title": .string(record.originalTitle), "year": JSON(record.year), "released_on": JSON(record.releasedOn),
            "runtime_min": JSON(record.runtime), "overview": JSON(record.overview(languages)),
            "genres": .array(record.genres.compactMap { id in genres[id].map { ["id": .string(id), "name": .string($0)] } }),
            "poster_url": .string(posterURL(record, languages)),
            "backdrop_url": JSON(record.backdrop.map { address($0.large) }),
            "state": standing.state.map { .object($0.json) } ?? .null,
        ]
        for (name, value) in standing.counters.json { card.append(name, value) }
        if record.kind == .series {
            let progress = standing.state?.progress
            card.append("progress", progress.map { ["seen": JSON($0.seen), "aired": JSON($0.aired)] } ?? .null)
            let next = progress?.next.map { next -> JSON in
                ["season": JSON(next.season), "number": JSON(next.number), "title": JSON(standing.nextEpisodeTitle)]
            }
            card.append("next_episode", next ?? .null)
        }
        return card
    }

    private static func address(_ picture: String) -> String { "/api/v1/media/images/\(picture).webp" }

    /// The fetched picture, else the drawn one. Each version has an address of its own, so that browsers may keep a poster forever.
    private static func posterURL(_ record: TitleRecord, _ languages: ReadingLanguages) -> String {
        if let poster = record.poster { return address(poster.small) }
        return "/api/v1/media/\(record.id.uuid)/poster.svg?v=\(record.version)&lang=\(languages.site.rawValue)"
    }
}

/// The table of genres.
enum GenreTable {
    static func names(_ language: Language, in transaction: Transaction) throws -> [String: String] {
        let rows = try transaction.rows("SELECT id, name_en, name_fr FROM genres")
        return Dictionary(rows.map { ($0.text(0), language == .french ? $0.text(2) : $0.text(1)) }, uniquingKeysWith: { one, _ in one })
    }
}
