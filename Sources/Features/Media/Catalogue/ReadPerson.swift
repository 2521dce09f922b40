internal import Database
internal import Kernel
internal import Web

/// `GET /people/{id}`
extension CatalogueRoutes {
    func readPerson(_ call: Call) async throws -> Reply {
        var query = try call.query
        let languages = Self.readLanguages(&query, call.scope)
        try query.finish()
        let (reference, scope) = (call.parameter("id"), call.scope)
        guard let id = PersonID(uuid: reference) else { throw Problem.notFound }
        return try await database.read { [self] transaction in
            guard let row = try transaction.row("SELECT name, born_on, died_on FROM people WHERE id = \(id)") else {
                throw Problem.notFound
            }
            let texts = try transaction.rows("SELECT lang, biography FROM people_texts WHERE person_id = \(id)")
            let biography = languages.chain.lazy.compactMap { tag in texts.first { $0.text(0) == tag }?.text(1) }.first
            return .json(
                200,
                [
                    "id": JSON(id), "name": .string(row.text(0)), "slug": .string(TitleText.slug(row.text(0))),
                    "biography": JSON(biography), "born_on": JSON(row.optionalText(1)), "died_on": JSON(row.optionalText(2)),
                    "credits": .array(try credits(of: id, for: scope, languages, in: transaction)),
                ])
        }
    }

    /// Their titles, the latest first.
    private func credits(of person: PersonID, for scope: Scope, _ languages: ReadingLanguages, in transaction: Transaction) throws -> [JSON]
    {
        let shown: SQL = scope.userID == nil ? "AND media.adult = FALSE" : ""
        let rows = try transaction.rows(
            """
            SELECT credits.media_id, credits.part, credits.role FROM credits JOIN media ON media.id = credits.media_id
            WHERE credits.person_id = \(person) \(sql: shown)
            ORDER BY COALESCE(media.year, 0) DESC, media.id DESC, credits.part, credits.place LIMIT 500
            """)
        let cards = try cards.cards(
            of: Array(Set(rows.map { $0.id(0) })), for: scope, language: languages.chain[0], in: transaction)
        return rows.compactMap { row in
            guard let card = cards[row.id(0)] else { return nil }
            let (isCast, role) = (row.text(1) == "cast", row.text(2).isEmpty ? nil : row.text(2))
            return ["media": card, "character": JSON(isCast ? role : nil), "job": JSON(isCast ? nil : role)]
        }
    }
}
