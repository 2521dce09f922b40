import Bus
import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// A site with a few titles of its own.
struct MarkSite {
    let site: TestSite
    let films: [MediaID]
    /// Two seasons of three episodes, the last of which is not out, and a special.
    let series: MediaID

    var database: any Database { site.database }

    static func with(
        _ kind: TestDatabase, settings: [String: String] = [:], clock: WallClock = .system, _ body: (MarkSite) async throws -> Void
    ) async throws {
        try await TestSite.with(kind, settings: settings, clock: clock) { site in try await body(try await MarkSite(site)) }
    }

    init(_ site: TestSite) async throws {
        self.site = site
        let ids = site.ids
        let films = (0..<5).map { _ in ids.next(CatalogueTitle.self) }
        let series = ids.next(CatalogueTitle.self)
        try await site.database.write { transaction in
            func title(_ id: MediaID, _ kind: String, _ name: String) throws {
                try transaction.execute(
                    """
                    INSERT INTO media (id, kind, original_title, original_language, detail, version, created_at)
                    VALUES (\(id), \(kind), \(name), 'en', 'full', 1, \(0))
                    """)
                MediaChange.note(id, in: transaction)
            }
            for (number, film) in films.enumerated() { try title(film, "film", "Film \(number)") }
            try title(series, "series", "A series")
            for season in 0...2 {
                try transaction.execute("INSERT INTO seasons (media_id, number) VALUES (\(series), \(season))")
                for number in 1...(season == 0 ? 1 : 3) {
                    let id = ids.next(CatalogueEpisode.self)
                    try transaction.execute(
                        """
                        INSERT INTO episodes (id, media_id, season, number, aired_on)
                        VALUES (\(id), \(series), \(season), \(number), \(season == 2 && number == 3 ? "2199-01-01" : "2001-02-03"))
                        """)
                    try transaction.execute(
                        "INSERT INTO episode_texts (episode_id, lang, title) VALUES (\(id), 'fr', \("Épisode \(season).\(number)"))")
                }
            }
        }
        (self.films, self.series) = (films, series)
    }

    /// The counters that differ from a recount.
    var differences: [MarkRecount.Difference] {
        get async throws { try await MarkRecount(database: database).differences() }
    }

    func counters(of title: MediaID) async throws -> TitleCounters {
        try await database.read { try CounterTable.counters(of: [title], in: $0)[title] ?? TitleCounters() }
    }
}

extension TestUser {
    func mark(_ title: MediaID, _ mark: String, _ isOn: Bool = true) async throws -> TestSite.Answer {
        try await send(isOn ? "PUT" : "DELETE", "/media/\(title)/\(mark)")
    }

    /// - Parameter stars: nil to take it back.
    func rate(_ title: MediaID, _ stars: JSON?) async throws -> TestSite.Answer {
        guard let stars else { return try await send("DELETE", "/media/\(title)/rating") }
        return try await send("PUT", "/media/\(title)/rating", ["value": stars])
    }

    func see(_ title: MediaID, _ season: Int, _ number: Int, _ isOn: Bool = true) async throws -> TestSite.Answer {
        try await mark(title, "episodes/\(season)/\(number)/seen", isOn)
    }

    var history: [String] {
        get async throws {
            try await items("/users/me/history?limit=200&type=favorite,like,watchlist,rating,seen,hidden").compactMap { $0["type"]?.string }
        }
    }
}
