internal import Database
internal import Kernel
internal import Runtime

/// The films and series that a new site begins with. They are loaded once: deleted or hidden titles do not come back.
package struct StarterCatalogue: Sendable {
    /// The path of the JSON file.
    let path: String

    package init(path: String) { self.path = path }

    /// Why a file cannot be loaded.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    func read() throws -> [StarterTitle] {
        guard let bytes = readFile(path) else { throw Fault(description: "\(path) cannot be read") }
        let list: [JSON]?
        do { list = try JSONParser.parse(bytes).array } catch { throw Fault(description: "\(path) is not JSON: \(error)") }
        guard let list else { throw Fault(description: "\(path) is not a list") }
        return list.compactMap(StarterTitle.init)
    }

    /// Loads the catalogue unless this site has had it already.
    ///
    /// - Returns: the number of titles; nil when the site has the catalogue already.
    func load(into database: any Database, ids: IDGenerator, at now: Timestamp) async throws -> Int? {
        let isLoaded = try await database.read(.system) { try $0.row("SELECT 1 FROM media_loads WHERE name = 'starter'") != nil }
        guard !isLoaded else { return nil }
        let titles = try read()
        return try await database.write { transaction in
            // Of two nodes that start at once, the second waits here and finds that it is done.
            let isFirst = try transaction.execute(
                "INSERT INTO media_loads (name, at) VALUES ('starter', \(now)) ON CONFLICT DO NOTHING")
            guard isFirst == 1 else { return nil }
            try transaction.liftDeadline()
            var writer = StarterWriter(transaction, ids, now)
            try writer.write(titles)
            try MediaChange.noteAll(in: transaction)
            return titles.count
        }
    }
}

/// Writes the starter's titles, many rows at a time.
private struct StarterWriter {
    private let transaction: Transaction
    private let ids: IDGenerator
    private let now: Timestamp
    private var people: [String: PersonID] = [:]
    private var keywords: [String: RowID] = [:]
    private var collections: [String: RowID] = [:]

    init(_ transaction: Transaction, _ ids: IDGenerator, _ now: Timestamp) {
        (self.transaction, self.ids, self.now) = (transaction, ids, now)
    }

    mutating func write(_ titles: [StarterTitle]) throws {
        try writeNames(titles)
        let popularity = Self.popularity(titles)
        let made = titles.map { (title: $0, id: ids.next(CatalogueTitle.self)) }
        var media = RowBatch(
            """
            INSERT INTO media (id, kind, original_title, original_language, year, ended_year, runtime_min, countries, season_count,
                collection_id, popularity, detail, version, created_at) VALUES
            """, in: transaction)
        for (place, (title, id)) in made.enumerated() {
            let (countries, collection) = (title.countries.joined(separator: ","), title.collection.flatMap { collections[$0] })
            try media.add(
                """
                (\(id), \(title.kind.rawValue), \(title.original), \(title.language), \(title.year), \(title.endedYear), \(title.runtime), \(countries),
                \(title.seasonCount), \(collection), \(popularity[place]), 'full', 1, \(now))
                """)
        }
        try media.finish()
        try writeTexts(made)
        try writeCredits(made)
        try writeSeasons(made)
    }

    /// People, keywords and collections: each name once.
    private mutating func writeNames(_ titles: [StarterTitle]) throws {
        var rows = RowBatch("INSERT INTO people (id, name, created_at) VALUES ", in: transaction)
        for name in titles.flatMap({ $0.makers + $0.cast }) where people[name] == nil {
            let id = ids.next(CataloguePerson.self)
            people[name] = id
            try rows.add("(\(id), \(name), \(now))")
        }
        try rows.finish()
        rows = RowBatch("INSERT INTO keywords (id, name) VALUES ", in: transaction)
        for name in titles.flatMap(\.keywords) where keywords[name] == nil {
            let id = ids.next(AnyEntity.self)
            keywords[name] = id
            try rows.add("(\(id), \(name))")
        }
        try rows.finish()
        rows = RowBatch("INSERT INTO collections (id, name) VALUES ", in: transaction)
        for name in titles.compactMap(\.collection) where collections[name] == nil {
            let id = ids.next(AnyEntity.self)
            collections[name] = id
            try rows.add("(\(id), \(name))")
        }
        try rows.finish()
    }

    private func writeTexts(_ titles: [(title: StarterTitle, id: MediaID)]) throws {
        var texts = RowBatch("INSERT INTO media_texts (media_id, lang, title, overview) VALUES ", in: transaction)
        var others = RowBatch("INSERT INTO media_external (source, kind, external_id, media_id) VALUES ", in: transaction)
        var releases = RowBatch("INSERT INTO releases (media_id, country, certificate) VALUES ", in: transaction)
        for (title, id) in titles {
            for (language, text) in title.titles { try texts.add("(\(id), \(language), \(text), \(title.overviews[language] ?? ""))") }
            if let imdb = title.imdb { try others.add("('imdb', \(title.kind.rawValue), \(imdb), \(id))") }
            for (country, certificate) in title.certificates { try releases.add("(\(id), \(country), \(certificate))") }
        }
        try texts.finish()
        try others.finish()
        try releases.finish()
    }

    private func writeCredits(_ titles: [(title: StarterTitle, id: MediaID)]) throws {
        var genres = RowBatch("INSERT INTO media_genres (media_id, genre_id, place) VALUES ", in: transaction)
        var credits = RowBatch("INSERT INTO credits (media_id, part, place, person_id, role) VALUES ", in: transaction)
        var words = RowBatch("INSERT INTO media_keywords (media_id, keyword_id) VALUES ", in: transaction)
        for (title, id) in titles {
            for (place, genre) in title.genres.enumerated() { try genres.add("(\(id), \(genre), \(place))") }
            for (place, name) in title.makers.enumerated() { try credits.add("(\(id), 'crew', \(place), \(people[name]), \(title.job))") }
            for (place, name) in title.cast.enumerated() { try credits.add("(\(id), 'cast', \(place), \(people[name]), '')") }
            for name in Set(title.keywords).sorted() { try words.add("(\(id), \(keywords[name]))") }
        }
        try genres.finish()
        try credits.finish()
        try words.finish()
    }

    /// Seasons with their episodes. Of an episode, the file has nothing but its number.
    private func writeSeasons(_ titles: [(title: StarterTitle, id: MediaID)]) throws {
        var seasons = RowBatch("INSERT INTO seasons (media_id, number, episode_count) VALUES ", in: transaction)
        for (title, id) in titles {
            for season in title.seasons { try seasons.add("(\(id), \(season.number), \(season.episodes))") }
        }
        try seasons.finish()
        var episodes = RowBatch("INSERT INTO episodes (id, media_id, season, number) VALUES ", in: transaction)
        for (title, id) in titles {
            for season in title.seasons {
                for number in 0..<season.episodes {
                    try episodes.add("(\(ids.next(CatalogueEpisode.self)), \(id), \(season.number), \(number + 1))")
                }
            }
        }
        try episodes.finish()
    }

    /// The file has no popularity. A title comes first when its people have many other titles in the file; of two such titles, the later one.
    private static func popularity(_ titles: [StarterTitle]) -> [Double] {
        let names = titles.map { Set($0.makers + $0.cast) }
        let counts = Dictionary(names.flatMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +)
        return zip(titles, names).map { title, people in
            let known = people.reduce(0) { $0 + min(6, (counts[$1] ?? 1) - 1) }
            return Double(known) + Double(max(0, min(104, title.year - 1920))) / 104
        }
    }
}
