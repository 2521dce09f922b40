internal import Database
internal import Kernel
internal import Web

/// `GET /media/home` and `GET /media/genres`
extension CatalogueRoutes {
    private static let perRow = 20

    func readHome(_ call: Call) async throws -> Reply {
        var query = try call.query
        let languages = Self.readLanguages(&query, call.scope)
        try query.finish()
        let (scope, today) = (call.scope, CalendarDate.key(of: clock.now()))
        return try await database.read { [self] transaction in
            let table = try index.table(in: transaction)
            let own = try marks.rows(for: scope, limit: Self.perRow, in: transaction)
            let rows =
                own.filter { $0.key == "continue" } + table.rows(limit: Self.perRow, today: today) + own.filter { $0.key != "continue" }
            let cards = try cards.cards(
                of: Array(Set(rows.flatMap(\.titles))), for: scope, language: languages.chain[0], in: transaction)
            let views: [JSON] = rows.compactMap { row in
                // Titles that the member hid from suggestions.
                let items = row.titles.compactMap { cards[$0] }.filter { $0["state"]?["hidden"] != true }
                return items.isEmpty ? nil : ["key": .string(row.key), "items": .array(items)]
            }
            return Reply.json(200, ["rows": .array(views)]).compressible()
        }
    }

    func listGenres(_ call: Call) async throws -> Reply {
        var query = try call.query
        let languages = Self.readLanguages(&query, call.scope)
        try query.finish()
        return try await database.read { [self] transaction in
            let counts = try index.table(in: transaction).facets(TitleFilter(), among: nil).genres
            let names = try GenreTable.names(languages.site, in: transaction)
            let items = names.sorted { TitleText.fold($0.value) < TitleText.fold($1.value) }.map { id, name -> JSON in
                ["id": .string(id), "name": .string(name), "count": JSON(counts[id] ?? 0)]
            }
            return Reply.page(items, next: nil).compressible()
        }
    }
}

extension CatalogueTable {
    /// The rows without personal content.
    fileprivate func rows(limit: Int, today: Int) -> [(key: String, titles: [MediaID])] {
        let test = test(TitleFilter())
        func first(_ order: OrderName, while holds: (Int) -> Bool) -> [MediaID] {
            var titles: [MediaID] = []
            for place in self.order(order) {
                guard titles.count < limit, holds(Int(place)) else { break }
                if passes(Int(place), test) { titles.append(ids[Int(place)]) }
            }
            return titles
        }
        // The order starts with the latest date: the next releases are the last ones after today.
        let coming = order(.released).prefix { released(Int($0)) > today }.filter { passes(Int($0), test) }.suffix(limit).reversed()
        return [
            ("trending", first(.trending, while: { trend($0) > 0 })), ("popular", first(.popularity, while: { _ in true })),
            ("top_rated", first(.rating, while: { rating($0) > 0 })), ("upcoming", coming.map { ids[Int($0)] }),
        ]
    }
}
