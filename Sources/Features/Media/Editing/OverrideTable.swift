internal import Database
internal import Kernel

/// The table `media_overrides`: values that the team edited, shown in place of the imported ones.
enum OverrideTable {
    struct Entry: Sendable {
        let field: TitleField
        let lang: String
        let value: String
        let author: UserID?
        let at: Timestamp
    }

    static func all(of title: MediaID, in transaction: Transaction) throws -> [Entry] {
        try transaction.rows(
            "SELECT field, lang, value, author_id, at FROM media_overrides WHERE media_id = \(title) ORDER BY field, lang LIMIT 500"
        ).compactMap { row in
            TitleField(rawValue: row.text(0)).map {
                Entry(field: $0, lang: row.text(1), value: row.text(2), author: row.optionalID(3), at: row.time(4))
            }
        }
    }

    static func value(_ field: TitleField, _ lang: String, of title: MediaID, in transaction: Transaction) throws -> String? {
        try transaction.row(
            "SELECT value FROM media_overrides WHERE media_id = \(title) AND lang = \(lang) AND field = \(field.rawValue)")?.text(0)
    }

    /// The most edits of a title.
    static let most = 200

    static func set(
        _ change: TitleEdit.Change, of title: MediaID, by author: UserID?, at now: Timestamp, in transaction: Transaction
    ) throws {
        guard let value = change.value else {
            try transaction.execute(
                "DELETE FROM media_overrides WHERE media_id = \(title) AND lang = \(change.lang) AND field = \(change.field.rawValue)")
            return
        }
        let others = try transaction.row(
            """
            SELECT COUNT(*) FROM media_overrides
            WHERE media_id = \(title) AND (lang <> \(change.lang) OR field <> \(change.field.rawValue))
            """)?.int(0)
        guard others ?? 0 < most else { throw EditProblems.tooManyOverrides }
        try transaction.execute(
            """
            INSERT INTO media_overrides (media_id, lang, field, value, author_id, at)
            VALUES (\(title), \(change.lang), \(change.field.rawValue), \(value), \(author), \(now))
            ON CONFLICT (media_id, lang, field) DO UPDATE SET value = excluded.value, author_id = excluded.author_id, at = excluded.at
            """)
    }

    /// The imported value behind an edit.
    static func imported(_ entry: (field: TitleField, lang: String), of title: MediaID, in transaction: Transaction) throws -> String? {
        func column(_ name: SQL) throws -> String? {
            guard let row = try transaction.row("SELECT \(sql: name) FROM media WHERE id = \(title)"), !row.isNull(0) else { return nil }
            if case .integer(let number) = row.values[0] { return String(number) }
            return row.text(0)
        }
        switch entry.field {
        case .title, .overview:
            let name: SQL = entry.field == .title ? "title" : "overview"
            return try transaction.row(
                "SELECT \(sql: name) FROM media_texts WHERE media_id = \(title) AND lang = \(entry.lang)")?.text(0)
        case .originalTitle: return try column("original_title")
        case .releasedOn: return try column("released_on")
        case .runtime: return try column("runtime_min")
        case .genres:
            return try transaction.rows("SELECT genre_id FROM media_genres WHERE media_id = \(title) ORDER BY place").map { $0.text(0) }
                .joined(separator: ",")
        case .certificate:
            return try transaction.row("SELECT certificate FROM releases WHERE media_id = \(title) AND country = \(entry.lang)")?.text(0)
        }
    }
}

/// Problems of edits.
enum EditProblems {
    static let tooManyOverrides = Problem.conflict(
        "override_limit",
        LocalizedText(
            en: "This title has \(OverrideTable.most) edits, which is the limit.",
            fr: "Ce titre a \(OverrideTable.most) modifications, ce qui est la limite."))

    static func unknownGenre(_ genre: String) -> Problem {
        .invalid(
            "/genres", "unknown_genre",
            LocalizedText(en: "There is no genre “\(genre.cut(to: 80))”.", fr: "Il n’y a pas de genre « \(genre.cut(to: 80)) »."))
    }

    static let itself = Problem.invalid(
        "/into", "self", LocalizedText(en: "This is the title itself.", fr: "Il s’agit du titre lui-même."))

    static let absentTarget = Problem.invalid(
        "/into", "not_found", LocalizedText(en: "There is no such title.", fr: "Ce titre n’existe pas."))

    static let otherKind = Problem.conflict(
        "other_kind",
        LocalizedText(en: "A film and a series cannot be one title.", fr: "Un film et une série ne peuvent pas être un seul titre."))

    static let merged = Problem.conflict(
        "merged", LocalizedText(en: "This title is merged into another one already.", fr: "Ce titre est déjà fusionné avec un autre."))
}
