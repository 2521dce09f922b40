internal import Database
internal import Kernel

/// Seasons and episodes. Plays belong to an episode's row, so rows are matched by the source's number first, and by season and number after it: numbers move.
extension SourceWriter {
    private struct Known {
        let id: EpisodeID
        let season: Int
        let number: Int
        let externalID: String?
        let airedOn: String?
        let runtime: Int?

        init(_ row: Row) {
            id = row.id(0)
            (season, number, externalID) = (row.int(1), row.int(2), row.optionalText(3))
            (airedOn, runtime) = (row.optionalText(4), row.optionalInt64(5).map { Int($0) })
        }

        func isSame(as target: Target) -> Bool {
            season == target.season && number == target.episode.number && airedOn == target.episode.airedOn
                && runtime == target.episode.runtime
        }
    }

    /// An episode of the source, and its row.
    private struct Target {
        let id: EpisodeID
        /// Nil for a new row.
        let known: Known?
        let season: Int
        let episode: SourceTitle.Episode
    }

    private struct Place: Hashable {
        let season: Int
        let number: Int
    }

    func writeSeasons(_ title: SourceTitle, _ id: MediaID, in transaction: Transaction) throws {
        for season in title.seasons {
            let count = season.episodes.isEmpty ? season.count : season.episodes.count
            try transaction.execute(
                """
                INSERT INTO seasons (media_id, number, episode_count, aired_on) VALUES (\(id), \(season.number), \(count), \(season.airedOn))
                ON CONFLICT (media_id, number) DO UPDATE SET episode_count = excluded.episode_count, aired_on = excluded.aired_on
                """)
            for language in Set(season.titles.keys).union(season.overviews.keys).sorted() {
                try transaction.execute(
                    """
                    INSERT INTO season_texts (media_id, number, lang, title, overview)
                    VALUES (\(id), \(season.number), \(language), \(season.titles[language] ?? ""), \(season.overviews[language] ?? ""))
                    ON CONFLICT (media_id, number, lang) DO UPDATE SET title = excluded.title, overview = excluded.overview
                    """)
            }
        }
        try writeEpisodes(title.seasons.filter { !$0.episodes.isEmpty }, id, in: transaction)
    }

    private func writeEpisodes(_ seasons: [SourceTitle.Season], _ id: MediaID, in transaction: Transaction) throws {
        guard !seasons.isEmpty else { return }
        let known = try transaction.rows(
            """
            SELECT episodes.id, season, number, external_id, aired_on, runtime_min FROM episodes
            LEFT JOIN episode_external ON episode_external.episode_id = episodes.id AND episode_external.source = \(Self.tmdb)
            WHERE media_id = \(id) ORDER BY season, number
            """
        ).map(Known.init)
        let incoming = Set(seasons.flatMap { $0.episodes.map(\.externalID) })
        let byNumber = Dictionary(known.compactMap { one in one.externalID.map { ($0, one) } }, uniquingKeysWith: { first, _ in first })
        // A row whose number at the source is still in use stays with that number.
        let byPlace = Dictionary(
            known.filter { $0.externalID.map { !incoming.contains($0) } ?? true }.map { (Place(season: $0.season, number: $0.number), $0) },
            uniquingKeysWith: { first, _ in first })
        var (taken, targets): (Set<EpisodeID>, [Target]) = ([], [])
        for season in seasons {
            for episode in season.episodes {
                let match = byNumber[episode.externalID] ?? byPlace[Place(season: season.number, number: episode.number)]
                let free = match.flatMap { taken.insert($0.id).inserted ? $0 : nil }
                targets.append(Target(id: free?.id ?? ids.next(), known: free, season: season.number, episode: episode))
            }
        }
        try remove(known.filter { !taken.contains($0.id) }, seasons, of: id, in: transaction)
        // Rows that move go out of the way first: two may change places.
        for (place, target) in targets.enumerated() {
            guard let row = target.known, (row.season, row.number) != (target.season, target.episode.number) else { continue }
            try transaction.execute("UPDATE episodes SET number = \(-1_000_000 - place) WHERE id = \(row.id)")
        }
        try writeRows(targets, of: id, in: transaction)
        try writeNumbers(targets, in: transaction)
        try writeTexts(targets, in: transaction)
    }

    /// Removes episodes that the source's seasons do not have. One that somebody has seen stays, unless its place is taken.
    private func remove(_ rows: [Known], _ seasons: [SourceTitle.Season], of id: MediaID, in transaction: Transaction) throws {
        let places = Set(seasons.flatMap { season in season.episodes.map { Place(season: season.number, number: $0.number) } })
        let told = Set(seasons.map(\.number))
        for row in rows where told.contains(row.season) || places.contains(Place(season: row.season, number: row.number)) {
            let isSeen = try transaction.row("SELECT 1 FROM plays WHERE media_id = \(id) AND episode_id = \(row.id) LIMIT 1") != nil
            if isSeen {
                guard places.contains(Place(season: row.season, number: row.number)) else { continue }
                // Its number is another episode's now: it goes behind the last one.
                try transaction.execute(
                    """
                    UPDATE episodes SET number = (SELECT MAX(others.number) + 1000 FROM episodes others
                        WHERE others.media_id = episodes.media_id AND others.season = episodes.season) WHERE id = \(row.id)
                    """)
                continue
            }
            try transaction.execute("DELETE FROM episode_external WHERE episode_id = \(row.id)")
            try transaction.execute("DELETE FROM episode_texts WHERE episode_id = \(row.id)")
            try transaction.execute("DELETE FROM episodes WHERE id = \(row.id)")
        }
    }

    /// Many rows with each statement: a daily series has thousands of episodes.
    private func writeRows(_ targets: [Target], of id: MediaID, in transaction: Transaction) throws {
        var rows = RowBatch("INSERT INTO episodes (id, media_id, season, number, aired_on, runtime_min) VALUES ", in: transaction)
        for target in targets {
            let episode = target.episode
            guard let known = target.known else {
                try rows.add("(\(target.id), \(id), \(target.season), \(episode.number), \(episode.airedOn), \(episode.runtime))")
                continue
            }
            if known.isSame(as: target) { continue }
            try transaction.execute(
                """
                UPDATE episodes SET season = \(target.season), number = \(episode.number), aired_on = \(episode.airedOn),
                    runtime_min = \(episode.runtime) WHERE id = \(target.id)
                """)
        }
        try rows.finish()
    }

    private func writeNumbers(_ targets: [Target], in transaction: Transaction) throws {
        var rows = RowBatch(
            "INSERT INTO episode_external (source, external_id, episode_id) VALUES ", " ON CONFLICT DO NOTHING", in: transaction)
        for target in targets where target.known?.externalID != target.episode.externalID {
            if target.known?.externalID != nil {
                try transaction.execute("DELETE FROM episode_external WHERE episode_id = \(target.id) AND source = \(Self.tmdb)")
            }
            try rows.add("(\(Self.tmdb), \(target.episode.externalID), \(target.id))")
        }
        try rows.finish()
    }

    private func writeTexts(_ targets: [Target], in transaction: Transaction) throws {
        var rows = RowBatch(
            "INSERT INTO episode_texts (episode_id, lang, title, overview) VALUES ",
            " ON CONFLICT (episode_id, lang) DO UPDATE SET title = excluded.title, overview = excluded.overview", in: transaction)
        for target in targets {
            let (titles, overviews) = (target.episode.titles, target.episode.overviews)
            for language in Set(titles.keys).union(overviews.keys).sorted() {
                try rows.add("(\(target.id), \(language), \(titles[language] ?? ""), \(overviews[language] ?? ""))")
            }
        }
        try rows.finish()
    }
}
