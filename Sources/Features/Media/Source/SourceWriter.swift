internal import Database
internal import Kernel

/// Writes a title as its source describes it. Lists that the source no longer has are removed; the team's edits and members' marks stay.
struct SourceWriter: Sendable {
    /// The name of the source in `media_external`.
    static let tmdb = "tmdb"

    let ids: IDGenerator

    /// - Parameter guess: a known title without a number of the source that has this title's name, kind and year.
    func write(_ title: SourceTitle, guess: MediaID?, at now: Timestamp, in transaction: Transaction) throws
        -> (id: MediaID, outcome: TitleWriter.Outcome)
    {
        // Two runs may have the same title or person at once. SQLite has one writer anyway.
        if transaction.dialect == .postgres {
            try transaction.execute("SELECT pg_advisory_xact_lock(1, hashtext(current_schema() || ' media_source'))")
        }
        let known = try known(title, guess: guess, in: transaction)
        let id = known ?? ids.next()
        let digest = title.digest
        if known != nil, try transaction.row("SELECT 1 FROM media_fetches WHERE media_id = \(id) AND digest = \(digest)") != nil {
            try transaction.execute(
                "UPDATE media SET fetched_at = \(now), gone_at = NULL, popularity = \(title.popularity) WHERE id = \(id)")
            return (id, .unchanged)
        }
        let collection = try collection(title.collection, in: transaction)
        if known == nil {
            try transaction.execute(
                """
                INSERT INTO media (id, kind, original_title, detail, version, created_at)
                VALUES (\(id), \(title.kind.rawValue), \(title.original), 'full', 0, \(now))
                """)
        }
        try transaction.execute(
            """
            UPDATE media SET original_title = \(title.original), original_language = \(title.language),
                released_on = COALESCE(\(title.releasedOn), released_on), year = COALESCE(\(title.year), year),
                ended_year = COALESCE(\(title.endedYear), ended_year), runtime_min = COALESCE(\(title.runtime), runtime_min),
                countries = \(title.countries.joined(separator: ",")), season_count = COALESCE(\(title.seasonCount), season_count),
                collection_id = COALESCE(\(collection), collection_id), poster_path = \(title.poster), backdrop_path = \(title.backdrop),
                popularity = \(title.popularity), adult = \(title.isAdult), detail = 'full', fetched_at = \(now), gone_at = NULL,
                version = version + 1
            WHERE id = \(id)
            """)
        try writeNumbers(title, id, in: transaction)
        try writeTexts(title, id, in: transaction)
        try writeLists(title, id, at: now, in: transaction)
        try writePeople(title, id, at: now, in: transaction)
        if title.kind == .series { try writeSeasons(title, id, in: transaction) }
        try transaction.execute(
            """
            INSERT INTO media_fetches (media_id, digest) VALUES (\(id), \(digest))
            ON CONFLICT (media_id) DO UPDATE SET digest = excluded.digest
            """)
        MediaChange.note(id, in: transaction)
        return (id, known == nil ? .added : .updated)
    }

    /// The title with the source's number; else one with the same number at a third site, or the guess, unless these have another number of the source.
    private func known(_ title: SourceTitle, guess: MediaID?, in transaction: Transaction) throws -> MediaID? {
        func byNumber(_ source: String, _ number: String) throws -> MediaID? {
            try transaction.row(
                """
                SELECT media_id FROM media_external WHERE source = \(source) AND kind = \(title.kind.rawValue) AND external_id = \(number)
                """)?.id(0)
        }
        if let id = try byNumber(Self.tmdb, title.number) { return try target(of: id, in: transaction) }
        let candidates =
            try title.externals.sorted { $0.key < $1.key }.compactMap { try byNumber($0.key, $0.value) } + [guess].compactMap { $0 }
        for candidate in candidates {
            guard let id = try target(of: candidate, in: transaction) else { continue }
            let other = try transaction.row(
                "SELECT 1 FROM media_external WHERE media_id = \(id) AND source = \(Self.tmdb) AND kind = \(title.kind.rawValue)")
            if other == nil { return id }
        }
        return nil
    }

    /// The title into which this one was merged, else itself.
    private func target(of id: MediaID, in transaction: Transaction) throws -> MediaID? {
        try transaction.row("SELECT COALESCE(merged_into, id) FROM media WHERE id = \(id)")?.id(0)
    }

    private func collection(_ name: String?, in transaction: Transaction) throws -> RowID? {
        guard let name else { return nil }
        try transaction.execute(
            "INSERT INTO collections (id, name) VALUES (\(ids.next(AnyEntity.self)), \(name)) ON CONFLICT (name) DO NOTHING")
        return try transaction.row("SELECT id FROM collections WHERE name = \(name)")?.id(0)
    }

    private func writeNumbers(_ title: SourceTitle, _ id: MediaID, in transaction: Transaction) throws {
        for (source, number) in title.externals.merging([Self.tmdb: title.number], uniquingKeysWith: { one, _ in one }).sorted(by: {
            $0.key < $1.key
        }) {
            try transaction.execute(
                """
                INSERT INTO media_external (source, kind, external_id, media_id) VALUES (\(source), \(title.kind.rawValue), \(number), \(id))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// A language that the source no longer has keeps its text: the site's own catalogue may have it.
    private func writeTexts(_ title: SourceTitle, _ id: MediaID, in transaction: Transaction) throws {
        for language in Set(title.titles.keys).union(title.overviews.keys).sorted() {
            try transaction.execute(
                """
                INSERT INTO media_texts (media_id, lang, title, overview)
                VALUES (\(id), \(language), \(title.titles[language] ?? ""), \(title.overviews[language] ?? ""))
                ON CONFLICT (media_id, lang) DO UPDATE SET
                    title = CASE WHEN excluded.title = '' THEN media_texts.title ELSE excluded.title END,
                    overview = CASE WHEN excluded.overview = '' THEN media_texts.overview ELSE excluded.overview END
                """)
        }
    }

    private func writeLists(_ title: SourceTitle, _ id: MediaID, at now: Timestamp, in transaction: Transaction) throws {
        if !title.genres.isEmpty {
            try transaction.execute("DELETE FROM media_genres WHERE media_id = \(id)")
            for (place, genre) in title.genres.enumerated() {
                try transaction.execute(
                    "INSERT INTO media_genres (media_id, genre_id, place) SELECT \(id), id, \(place) FROM genres WHERE id = \(genre)")
            }
        }
        try transaction.execute("DELETE FROM media_keywords WHERE media_id = \(id)")
        for keyword in title.keywords {
            let fresh: RowID = ids.next()
            try transaction.execute("INSERT INTO keywords (id, name) VALUES (\(fresh), \(keyword)) ON CONFLICT (name) DO NOTHING")
            try transaction.execute(
                """
                INSERT INTO media_keywords (media_id, keyword_id) SELECT \(id), id FROM keywords WHERE name = \(keyword) ON CONFLICT DO NOTHING
                """)
        }
        try transaction.execute("DELETE FROM media_titles WHERE media_id = \(id)")
        var rows = RowBatch("INSERT INTO media_titles (media_id, title) VALUES ", " ON CONFLICT DO NOTHING", in: transaction)
        for name in title.others { try rows.add("(\(id), \(name))") }
        try rows.finish()
        try transaction.execute("DELETE FROM releases WHERE media_id = \(id)")
        rows = RowBatch("INSERT INTO releases (media_id, country, released_on, certificate) VALUES ", in: transaction)
        for each in title.releases { try rows.add("(\(id), \(each.country), \(each.day), \(each.certificate))") }
        try rows.finish()
        try transaction.execute("DELETE FROM providers WHERE media_id = \(id)")
        rows = RowBatch("INSERT INTO providers (media_id, country, kind, name, fetched_at) VALUES ", in: transaction)
        for each in title.providers { try rows.add("(\(id), \(each.country), \(each.kind), \(each.name), \(now))") }
        try rows.finish()
        try transaction.execute("DELETE FROM videos WHERE media_id = \(id)")
        rows = RowBatch("INSERT INTO videos (media_id, site, video_key, name, kind) VALUES ", in: transaction)
        for each in title.videos { try rows.add("(\(id), \(each.site), \(each.key), \(each.name), \(each.kind))") }
        try rows.finish()
    }
}
