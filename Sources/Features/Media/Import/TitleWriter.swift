internal import Database
internal import Kernel

/// Writes an imported title: inserts a new one, or updates a known one. The team's edits stay.
struct TitleWriter: Sendable {
    enum Outcome: Sendable {
        case added, updated, unchanged
    }

    let ids: IDGenerator
    /// The ids of genres by their folded names in all languages.
    let genres: [String: String]

    init(_ ids: IDGenerator, in transaction: Transaction) throws {
        self.ids = ids
        var genres: [String: String] = [:]
        for row in try transaction.rows("SELECT id, name_en, name_fr FROM genres") {
            for name in [row.text(0), row.text(1), row.text(2)] { genres[TitleText.fold(name)] = row.text(0) }
        }
        for (name, id) in [
            "sci fi": "science-fiction", "scifi": "science-fiction", "musical": "music", "suspense": "thriller", "kids": "family",
            "policier": "crime",
        ]
        where genres[name] == nil { genres[name] = id }
        self.genres = genres
    }

    func genreIDs(_ names: [String]) -> [String] {
        names.compactMap { genres[TitleText.fold($0)] }.reduce(into: []) { list, id in if !list.contains(id) { list.append(id) } }
    }

    /// - Parameter known: the title to update; nil to insert a new one.
    func write(_ title: ImportedTitle, as known: MediaID?, at now: Timestamp, in transaction: Transaction) throws -> (MediaID, Outcome) {
        let id = known ?? ids.next()
        var changes = known == nil ? try insert(title, id, at: now, in: transaction) : try update(title, id, in: transaction)
        changes += try writeTexts(title, id, in: transaction)
        changes += try writeLists(title, id, at: now, in: transaction)
        for (source, number) in title.numbers.sorted(by: { $0.key < $1.key }) {
            changes += try transaction.execute(
                """
                INSERT INTO media_external (source, kind, external_id, media_id) VALUES (\(source), \(title.kind.rawValue), \(number), \(id))
                ON CONFLICT DO NOTHING
                """)
        }
        guard changes > 0 else { return (id, .unchanged) }
        if known != nil { try transaction.execute("UPDATE media SET version = version + 1 WHERE id = \(id)") }
        MediaChange.note(id, in: transaction)
        return (id, known == nil ? .added : .updated)
    }

    private func insert(_ title: ImportedTitle, _ id: MediaID, at now: Timestamp, in transaction: Transaction) throws -> Int {
        try transaction.execute(
            """
            INSERT INTO media (id, kind, original_title, original_language, released_on, year, runtime_min, countries, detail, version, created_at)
            VALUES (\(id), \(title.kind.rawValue), \(title.original), \(title.language ?? ""), \(title.releasedOn), \(title.year),
            \(title.runtime), \(title.countries.joined(separator: ",")), 'full', 1, \(now))
            """)
    }

    /// Updates the facts that the row has and that differ.
    private func update(_ title: ImportedTitle, _ id: MediaID, in transaction: Transaction) throws -> Int {
        guard let row = try transaction.row("SELECT released_on, year, runtime_min, original_language FROM media WHERE id = \(id)") else {
            return 0
        }
        let released = title.releasedOn ?? row.optionalText(0)
        let year = title.year ?? row.optionalInt64(1).map(Int.init)
        let runtime = title.runtime ?? row.optionalInt64(2).map(Int.init)
        let language = title.language ?? row.text(3)
        let isSame =
            released == row.optionalText(0) && year == row.optionalInt64(1).map(Int.init) && runtime == row.optionalInt64(2).map(Int.init)
            && language == row.text(3)
        if isSame { return 0 }
        return try transaction.execute(
            """
            UPDATE media SET released_on = \(released), year = \(year), runtime_min = \(runtime), original_language = \(language)
            WHERE id = \(id)
            """)
    }

    private func writeTexts(_ title: ImportedTitle, _ id: MediaID, in transaction: Transaction) throws -> Int {
        var changes = 0
        for language in Set(title.titles.keys).union(title.overviews.keys).sorted() {
            let (name, overview) = (title.titles[language] ?? "", title.overviews[language] ?? "")
            changes += try transaction.execute(
                """
                INSERT INTO media_texts (media_id, lang, title, overview) VALUES (\(id), \(language), \(name), \(overview))
                ON CONFLICT (media_id, lang) DO UPDATE SET
                    title = CASE WHEN excluded.title = '' THEN media_texts.title ELSE excluded.title END,
                    overview = CASE WHEN excluded.overview = '' THEN media_texts.overview ELSE excluded.overview END
                WHERE (excluded.title <> '' AND excluded.title <> media_texts.title)
                    OR (excluded.overview <> '' AND excluded.overview <> media_texts.overview)
                """)
        }
        return changes
    }

    /// Adds keywords; adds genres, crew and cast where the title has none of them yet.
    private func writeLists(_ title: ImportedTitle, _ id: MediaID, at now: Timestamp, in transaction: Transaction) throws -> Int {
        func isFree(_ sql: SQL) throws -> Bool { try transaction.row(sql) == nil }
        var changes = 0
        if try isFree("SELECT 1 FROM media_genres WHERE media_id = \(id) LIMIT 1") {
            for (place, genre) in genreIDs(title.genres).enumerated() {
                changes += try transaction.execute(
                    "INSERT INTO media_genres (media_id, genre_id, place) VALUES (\(id), \(genre), \(place))")
            }
        }
        let job = title.kind == .film ? "director" : "creator"
        for (part, names, role) in [("crew", title.directors, job), ("cast", title.cast, "")]
        where try isFree("SELECT 1 FROM credits WHERE media_id = \(id) AND part = \(part) LIMIT 1") {
            for (place, name) in names.enumerated() {
                let person = try person(name, at: now, in: transaction)
                changes += try transaction.execute(
                    """
                    INSERT INTO credits (media_id, part, place, person_id, role) VALUES (\(id), \(part), \(place), \(person), \(role))
                    """)
            }
        }
        for keyword in title.keywords {
            let fresh: RowID = ids.next()
            try transaction.execute("INSERT INTO keywords (id, name) VALUES (\(fresh), \(keyword)) ON CONFLICT (name) DO NOTHING")
            changes += try transaction.execute(
                """
                INSERT INTO media_keywords (media_id, keyword_id) SELECT \(id), id FROM keywords WHERE name = \(keyword) ON CONFLICT DO NOTHING
                """)
        }
        return changes
    }

    /// The first person with the name, else a new one.
    private func person(_ name: String, at now: Timestamp, in transaction: Transaction) throws -> PersonID {
        if let row = try transaction.row("SELECT id FROM people WHERE name = \(name) ORDER BY id LIMIT 1") { return row.id(0) }
        let id: PersonID = ids.next()
        try transaction.execute("INSERT INTO people (id, name, created_at) VALUES (\(id), \(name), \(now))")
        return id
    }
}
