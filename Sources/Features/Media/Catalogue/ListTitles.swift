internal import Database
internal import Kernel
internal import Web

/// `GET /media`
extension CatalogueRoutes {
    private struct Question: Sendable {
        var filter = TitleFilter()
        let search: String?
        let order: OrderName?
        let languages: ReadingLanguages
        let page: Page
        let wantsFacets: Bool
    }

    /// The most titles of a search: the nearest ones.
    static let mostFound = 1000

    func listTitles(_ call: Call) async throws -> Reply {
        let (question, scope) = (try Self.question(call), call.scope)
        return try await database.read { [self] transaction in
            let table = try index.table(in: transaction)
            let found = question.search.map { table.find($0) }
            let test = table.test(question.filter)
            let (places, next) =
                try found.map { try Self.nearest($0, table, test, question) } ?? Self.along(table, test, question)
            let ids = places.map { table.ids[$0] }
            let cards = try cards.cards(of: ids, for: scope, language: question.languages.chain[0], in: transaction)
            var answer: JSONObject = ["items": .array(ids.compactMap { cards[$0] }), "next": JSON(next)]
            guard question.page.wantsTotal || question.wantsFacets else {
                return Reply.json(200, .object(answer)).compressible()
            }
            let facets = table.facets(question.filter, among: found.map { $0.prefix(Self.mostFound).map(\.place) })
            if question.page.wantsTotal { answer.append("total", JSON(facets.total)) }
            if question.wantsFacets {
                answer.append("facets", Self.view(facets, try GenreTable.names(question.languages.site, in: transaction)))
            }
            return Reply.json(200, .object(answer)).compressible()
        }
    }

    private static func question(_ call: Call) throws -> Question {
        var query = try call.query
        var filter = TitleFilter()
        filter.kind = query.choice("type", TitleKind.self)
        filter.genre = query.string("genre", maximum: 80)
        if let text = query.string("year", maximum: 5) {
            filter.years = TitleFilter.years(text)
            if filter.years == nil {
                query.fail(
                    "year", "year",
                    LocalizedText(
                        en: "A year or a decade is expected: 1994, 1990s.", fr: "Une année ou une décennie est attendue : 1994, 1990s.")
                )
            }
        }
        filter.showsAdult = (query.bool("adult") ?? false) && call.scope.userID != nil
        let (search, sort) = (query.string("search"), query.choice("sort", TitleSort.self))
        let (facets, languages) = (query.bool("facets") ?? false, readLanguages(&query, call.scope))
        let page = query.page()
        try query.finish()
        let order = (sort ?? (search == nil ? .popularity : nil)).map { OrderName($0, languages.site) }
        return Question(filter: filter, search: search, order: order, languages: languages, page: page, wantsFacets: facets)
    }

    /// The page of an order after the cursor.
    private static func along(_ table: CatalogueTable, _ test: CatalogueTable.Test, _ question: Question) throws -> ([Int], String?) {
        let order = question.order ?? .popularity
        let all = table.order(order)
        let start = try cursor(question, order).map { table.position(after: $0, in: order) } ?? 0
        var places: [Int] = []
        for place in all[start...] where table.passes(Int(place), test) {
            if places.count == question.page.limit {
                return (places, places.last.map { Page.cursor(table.key($0, order).json) })
            }
            places.append(Int(place))
        }
        return (places, nil)
    }

    private static func cursor(_ question: Question, _ order: OrderName) throws -> OrderKey? {
        guard let keys = try question.page.keys(2) else { return nil }
        guard let key = OrderKey(keys, isText: order == .englishTitle || order == .frenchTitle) else { throw strangeCursor }
        return key
    }

    static let strangeCursor = Problem.invalid(
        "?cursor", "invalid", LocalizedText(en: "This cursor is not one of this list.", fr: "Ce curseur n’appartient pas à cette liste."))

    /// The page of a search: the nearest first, or in the requested order.
    private static func nearest(
        _ found: [(place: Int, distance: Int)], _ table: CatalogueTable, _ test: CatalogueTable.Test, _ question: Question
    ) throws -> ([Int], String?) {
        var keyed = found.prefix(mostFound).filter { table.passes($0.place, test) }.map { hit in
            (place: hit.place, key: question.order.map { table.key(hit.place, $0) } ?? nearness(hit, table))
        }
        if question.order != nil { keyed.sort { $0.key.precedes($1.key) } }
        if let keys = try question.page.keys(2) {
            let isText = question.order == .englishTitle || question.order == .frenchTitle
            guard let after = OrderKey(keys, isText: isText) else { throw strangeCursor }
            keyed = keyed.filter { after.precedes($0.key) }
        }
        let shown = keyed.prefix(question.page.limit)
        let next = keyed.count > shown.count ? shown.last.map { Page.cursor($0.key.json) } : nil
        return (shown.map(\.place), next)
    }

    /// Orders by distance; within one distance by popularity, scaled to a number below 1.
    private static func nearness(_ hit: (place: Int, distance: Int), _ table: CatalogueTable) -> OrderKey {
        let popularity = table.popularity(hit.place)
        return OrderKey(.number(-Double(hit.distance) * 2 + popularity / (popularity + 1)), table.ids[hit.place])
    }

    private static func view(_ facets: Facets, _ names: [String: String]) -> JSON {
        let genres = facets.genres.compactMap { id, count in names[id].map { (id: id, name: $0, count: count) } }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        return [
            "genres": .array(genres.map { ["id": .string($0.id), "name": .string($0.name), "count": JSON($0.count)] }),
            "decades": .array(facets.decades.sorted { $0.key < $1.key }.map { ["value": .string("\($0.key)s"), "count": JSON($0.value)] }),
            "kinds": .array(
                TitleKind.allCases.compactMap { kind in
                    facets.kinds[kind].map { ["value": .string(kind.rawValue), "count": JSON($0)] }
                }),
        ]
    }

    /// The languages of the parameter `lang`, else of the request.
    static func readLanguages(_ query: inout Query, _ scope: Scope) -> ReadingLanguages {
        let wanted = query.string("lang", maximum: 10)
        if let wanted, !ReadingLanguages.isTag(wanted) {
            query.fail("lang", "language", LocalizedText(en: "A language tag is expected: fr.", fr: "Un code de langue est attendu : fr."))
            return ReadingLanguages(nil, scope.language)
        }
        return ReadingLanguages(wanted, scope.language)
    }
}
