internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// `GET /media/{id}` and `GET /media/{id}/seasons/{number}`
extension CatalogueRoutes {
    func readTitle(_ call: Call) async throws -> Reply {
        var query = try call.query
        let languages = Self.readLanguages(&query, call.scope)
        try query.finish()
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        return try await database.read { [self] transaction in
            let record = try record(reference, for: scope, languages, in: transaction)
            if let other = record.mergedInto {
                return Reply(status: 301, headers: ["Location": "/api/v1/media/\(other.uuid)"])
            }
            if record.isStub, !record.isGone { wanted.add(record.id) }
            return try .json(200, view(record, for: scope, languages, at: now, in: transaction)).tagged(version: record.version)
        }
    }

    /// The title in full.
    ///
    /// - Parameter isWriting: whether the transaction may have changed titles. Then the index in memory must not read from it.
    func view(
        _ record: TitleRecord, for scope: Scope, _ languages: ReadingLanguages, at now: Timestamp, isWriting: Bool = false,
        in transaction: Transaction
    ) throws -> JSON {
        let standing = try marks.standings(of: [record.id], for: scope, in: transaction)[record.id] ?? TitleStanding()
        let page = try marks.page(of: record.id, record.kind, for: scope, at: now, in: transaction)
        let genres = try GenreTable.names(languages.site, in: transaction)
        let similar = try similar(to: record, isWriting: isWriting, in: transaction)
        let cards = try cards.cards(of: similar, for: scope, language: languages.chain[0], in: transaction)
        var view = TitleCards.card(record, standing, languages, genres)
        let releases = try Self.releases(of: record, in: transaction)
        let parts: [(String, JSON)] = [
            ("original_language", JSON(record.originalLanguage.isEmpty ? nil : record.originalLanguage)),
            ("countries", .array(record.countries.map(JSON.string))), ("ended_year", JSON(record.endedYear)),
            ("season_count", JSON(record.seasonCount)), ("certificate", JSON(Self.certificate(releases, languages.site))),
            ("credits", try Self.credits(of: record.id, in: transaction)), ("keywords", try Self.keywords(of: record.id, in: transaction)),
            ("collection", try Self.collection(record.collection, in: transaction)),
            ("seasons", try seasons(of: record.id, page.seen, languages, in: transaction)),
            (
                "alternative_titles",
                try Self.texts("SELECT title FROM media_titles WHERE media_id = \(record.id) ORDER BY title LIMIT 50", in: transaction)
            ),
            ("external_ids", try Self.externalIDs(of: record.id, in: transaction)),
            ("similar", .array(similar.compactMap { cards[$0] })), ("friends", .array(page.friends)),
            ("rating_histogram", .array(page.histogram.map { JSON($0) })), ("videos", try Self.videos(of: record.id, in: transaction)),
            (
                "releases",
                .array(
                    releases.map {
                        ["country": .string($0.country), "released_on": JSON($0.day), "certificate": JSON($0.certificate)]
                    })
            ), ("providers", try Self.providers(of: record.id, in: transaction)), ("version", JSON(record.version)),
        ]
        for (name, value) in parts { view.append(name, value) }
        return .object(view)
    }

    private static func texts(_ sql: SQL, in transaction: Transaction) throws -> JSON {
        .array(try transaction.rows(sql).map { .string($0.text(0)) })
    }

    // MARK: People

    private static func credits(of title: MediaID, in transaction: Transaction) throws -> JSON {
        func list(_ part: String, _ limit: Int, _ role: String, isRequired: Bool) throws -> JSON {
            let rows = try transaction.rows(
                """
                SELECT people.id, people.name, credits.role FROM credits JOIN people ON people.id = credits.person_id
                WHERE credits.media_id = \(title) AND credits.part = \(part) ORDER BY credits.place LIMIT \(limit)
                """)
            return .array(
                rows.map { row in
                    let told = row.text(2)
                    var credit: JSONObject = ["person": person(row.id(0), row.text(1))]
                    credit.append(role, told.isEmpty && !isRequired ? .null : .string(told))
                    return .object(credit)
                })
        }
        return [
            "cast": try list("cast", 40, "character", isRequired: false), "crew": try list("crew", 30, "job", isRequired: true),
        ]
    }

    static func person(_ id: PersonID, _ name: String) -> JSON {
        ["id": JSON(id), "name": .string(name), "slug": .string(TitleText.slug(name))]
    }

    // MARK: Other facts

    private static func keywords(of title: MediaID, in transaction: Transaction) throws -> JSON {
        let rows = try transaction.rows(
            """
            SELECT keywords.id, keywords.name FROM media_keywords JOIN keywords ON keywords.id = media_keywords.keyword_id
            WHERE media_keywords.media_id = \(title) ORDER BY keywords.name LIMIT 50
            """)
        return .array(rows.map { ["id": JSON($0.id(0, AnyEntity.self)), "name": .string($0.text(1))] })
    }

    private static func collection(_ id: RowID?, in transaction: Transaction) throws -> JSON {
        guard let id, let row = try transaction.row("SELECT name FROM collections WHERE id = \(id)") else { return .null }
        return ["id": JSON(id), "name": .string(row.text(0))]
    }

    private static func externalIDs(of title: MediaID, in transaction: Transaction) throws -> JSON {
        let rows = try transaction.rows("SELECT source, external_id FROM media_external WHERE media_id = \(title) ORDER BY source LIMIT 20")
        var ids = JSONObject()
        for row in rows where ids[row.text(0)] == nil { ids.append(row.text(0), .string(row.text(1))) }
        return .object(ids)
    }

    private static func videos(of title: MediaID, in transaction: Transaction) throws -> JSON {
        let rows = try transaction.rows(
            "SELECT name, kind, site, video_key FROM videos WHERE media_id = \(title) AND site IN ('YouTube', 'Vimeo') ORDER BY kind, name LIMIT 10"
        )
        return .array(
            rows.map { row in
                let address = row.text(2) == "YouTube" ? "https://www.youtube.com/watch?v=" : "https://vimeo.com/"
                return [
                    "name": .string(row.text(0)), "kind": .string(row.text(1)), "site": .string(row.text(2)),
                    "url": .string(address + row.text(3)),
                ]
            })
    }

    private static func providers(of title: MediaID, in transaction: Transaction) throws -> JSON {
        let rows = try transaction.rows(
            "SELECT country, kind, name FROM providers WHERE media_id = \(title) ORDER BY country, kind, name LIMIT 100")
        return .array(rows.map { ["country": .string($0.text(0)), "kind": .string($0.text(1)), "name": .string($0.text(2))] })
    }

    struct Release {
        let country: String
        let day: String?
        var certificate: String?
    }

    static func releases(of record: TitleRecord, in transaction: Transaction) throws -> [Release] {
        let rows = try transaction.rows(
            "SELECT country, released_on, certificate FROM releases WHERE media_id = \(record.id) ORDER BY country LIMIT 100")
        var releases = rows.map {
            Release(country: $0.text(0), day: $0.optionalText(1), certificate: $0.text(2).isEmpty ? nil : $0.text(2))
        }
        for (country, certificate) in record.certificates.sorted(by: { $0.key < $1.key }) {
            let written = certificate.isEmpty ? nil : certificate
            if let known = releases.firstIndex(where: { $0.country == country }) {
                releases[known].certificate = written
            } else {
                releases.append(Release(country: country, day: nil, certificate: written))
            }
        }
        return releases
    }

    /// The certificate of the country that fits the reader’s language best.
    static func certificate(_ releases: [Release], _ language: Language) -> String? {
        let near = language == .french ? ["FR", "BE", "CH", "CA", "US"] : ["US", "GB", "CA", "FR"]
        return near.lazy.compactMap { country in releases.first { $0.country == country }?.certificate }.first
    }

    // MARK: Seasons

    private func seasons(of title: MediaID, _ seen: [Int: Int], _ languages: ReadingLanguages, in transaction: Transaction) throws -> JSON {
        let rows = try transaction.rows(
            "SELECT number, episode_count, aired_on FROM seasons WHERE media_id = \(title) ORDER BY number LIMIT 200")
        let texts = try transaction.rows(
            "SELECT number, lang, title, overview FROM season_texts WHERE media_id = \(title) ORDER BY number, lang")
        let byNumber = Dictionary(grouping: texts) { $0.int(0) }
        return .array(
            rows.map { row in
                let number = row.int(0)
                let text = Self.text(byNumber[number] ?? [], languages)
                return [
                    "number": JSON(number), "title": JSON(text.title), "overview": JSON(text.overview),
                    "aired_on": JSON(row.optionalText(2)),
                    "episode_count": JSON(row.int(1)), "seen_count": JSON(seen[number] ?? 0),
                ]
            })
    }

    /// The title and the overview in the first language that has each, from rows of (…, lang, title, overview).
    private static func text(_ rows: [Row], _ languages: ReadingLanguages) -> (title: String?, overview: String?) {
        func first(_ column: Int) -> String? {
            for tag in languages.chain {
                for row in rows where row.text(1) == tag && !row.text(column).isEmpty { return row.text(column) }
            }
            return rows.first { !$0.text(column).isEmpty }?.text(column)
        }
        return (first(2), first(3))
    }

    func readSeason(_ call: Call) async throws -> Reply {
        var query = try call.query
        let languages = Self.readLanguages(&query, call.scope)
        try query.finish()
        let (reference, scope) = (call.parameter("id"), call.scope)
        guard let number = Int(call.parameter("number")), (0...9999).contains(number) else { throw Problem.notFound }
        return try await database.read { [self] transaction in
            let record = try record(reference, for: scope, languages, in: transaction)
            let id = record.id
            guard try transaction.row("SELECT 1 FROM seasons WHERE media_id = \(id) AND number = \(number)") != nil else {
                throw Problem.notFound
            }
            let texts = try transaction.rows(
                "SELECT number, lang, title, overview FROM season_texts WHERE media_id = \(id) AND number = \(number) ORDER BY lang")
            let season = Self.text(texts, languages)
            let rows = try transaction.rows(
                """
                SELECT id, number, aired_on, runtime_min FROM episodes WHERE media_id = \(id) AND season = \(number) ORDER BY number LIMIT 2000
                """)
            let episodeTexts = try transaction.rows(
                """
                SELECT episode_id, lang, title, overview FROM episode_texts
                WHERE episode_id IN (SELECT id FROM episodes WHERE media_id = \(id) AND season = \(number)) ORDER BY episode_id, lang
                """)
            let byEpisode = Dictionary(grouping: episodeTexts) { $0.int64(0) }
            let seen = try marks.seenEpisodes(of: id, season: number, for: scope, in: transaction)
            let episodes: [JSON] = rows.map { row in
                let text = Self.text(byEpisode[row.int64(0)] ?? [], languages)
                return [
                    "id": JSON(row.id(0, CatalogueEpisode.self)), "number": JSON(row.int(1)), "title": JSON(text.title),
                    "overview": JSON(text.overview), "aired_on": JSON(row.optionalText(2)), "runtime_min": JSON(row.optionalInt64(3)),
                    "seen": .bool(seen.contains(row.int(1))),
                ]
            }
            return .json(
                200,
                [
                    "number": JSON(number), "title": JSON(season.title), "overview": JSON(season.overview), "episodes": .array(episodes),
                ])
        }
    }
}
