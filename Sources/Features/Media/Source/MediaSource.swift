internal import Crypto
internal import Database
internal import Images
internal import Jobs
internal import Kernel
internal import Outbound
internal import Runtime

/// Imports titles from TMDB with the owner's key. Requests of readers never wait for TMDB.
struct MediaSource: Sendable {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let log: Log
    let index: CatalogueIndex
    let jobs: JobQueue
    let key: SourceKey
    let client: TMDBClient
    let images: TitleImages
    let wanted = WantedTitles()

    var writer: SourceWriter { SourceWriter(ids: ids) }

    /// A title as the source describes it, with all its seasons.
    ///
    /// - Throws: `TMDBFault`, `QueueRefusal` or `CancellationError`.
    func fetch(_ kind: TitleKind, _ number: String, key: String) async throws -> SourceTitle {
        let path = kind == .film ? "/movie/\(number)" : "/tv/\(number)"
        var parts = kind == .film ? TMDBReader.filmParts : TMDBReader.seriesParts
        if kind == .series { parts += (0..<TMDBReader.mostParts - parts.count).map { "season/\($0)" } }
        let json = try await client.get(
            path, [("language", "en-US"), ("append_to_response", parts.joined(separator: ","))], key: key)
        var title = try TMDBReader.title(json, kind, number: number)
        let missing = title.seasons.indices.filter { title.seasons[$0].episodes.isEmpty && title.seasons[$0].count > 0 }
        for start in stride(from: 0, to: missing.count, by: TMDBReader.mostParts) {
            let part = missing[start..<min(start + TMDBReader.mostParts, missing.count)]
            let seasons = part.map { "season/\(title.seasons[$0].number)" }
            let more = try await client.get(
                path, [("language", "en-US"), ("append_to_response", seasons.joined(separator: ","))], key: key)
            for (place, name) in zip(part, seasons) {
                if let told = more[name] { title.seasons[place].episodes = TMDBReader.episodes(told) }
            }
        }
        if kind == .series, !title.seasons.isEmpty { try await translate(&title, path, key) }
        return title
    }

    /// The names of episodes in French, which translations of the series do not have.
    private func translate(_ title: inout SourceTitle, _ path: String, _ key: String) async throws {
        let places = title.seasons.indices.filter { !title.seasons[$0].episodes.isEmpty }
        for start in stride(from: 0, to: places.count, by: TMDBReader.mostParts) {
            let part = places[start..<min(start + TMDBReader.mostParts, places.count)]
            let names = part.map { "season/\(title.seasons[$0].number)" }
            let json = try await client.get(
                path, [("language", "fr-FR"), ("append_to_response", names.joined(separator: ","))], key: key)
            for (place, name) in zip(part, names) {
                guard let told = json[name] else { continue }
                title.seasons[place].titles["fr"] = TMDBReader.name(told["name"])
                title.seasons[place].overviews["fr"] = TMDBReader.prose(told["overview"])
                let french = Dictionary(TMDBReader.episodes(told).map { ($0.externalID, $0) }, uniquingKeysWith: { first, _ in first })
                for episode in title.seasons[place].episodes.indices {
                    let found = french[title.seasons[place].episodes[episode].externalID]
                    title.seasons[place].episodes[episode].titles["fr"] = found?.titles["en"]
                    title.seasons[place].episodes[episode].overviews["fr"] = found?.overviews["en"]
                }
            }
        }
    }

    /// The only known title with this name, kind and year.
    func guess(_ title: SourceTitle) async throws -> MediaID? {
        try await database.read { transaction in
            try index.table(in: transaction).known(title.original, title.titles.values, title.kind, year: title.year, in: transaction)
        }
    }
}
