internal import Database
internal import Kernel
internal import Web

/// `GET /saved-filters` and `PUT /saved-filters`: the filters of the list of members that a person keeps, on every device the same.
extension AccountsFeature {
    private static let most = 50

    /// The whole list; its `ETag` guards it against what another device saved meanwhile.
    func readSavedFilters(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        return try await database.read { try Self.savedFilters(of: user, in: $0) }
    }

    /// Replaces the whole list.
    func writeSavedFilters(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        let filters = try Self.filters(try call.body())
        return try await call.mutate(database) { [self] transaction in
            try lockUser(user, in: transaction)
            let version = try Self.version(of: user, in: transaction)
            try call.checkIfMatch(version: version)
            try transaction.execute(
                """
                INSERT INTO saved_filters (user_id, filters, version) VALUES (\(user), \(JSON.array(filters).text), \(version + 1))
                ON CONFLICT (user_id) DO UPDATE SET filters = excluded.filters, version = excluded.version
                """)
            return try Self.savedFilters(of: user, in: transaction)
        }
    }

    private static func version(of user: UserID, in transaction: Transaction) throws -> Int64 {
        try transaction.row("SELECT version FROM saved_filters WHERE user_id = \(user)")?.int64(0) ?? 0
    }

    private static func savedFilters(of user: UserID, in transaction: Transaction) throws -> Reply {
        let row = try transaction.row("SELECT filters, version FROM saved_filters WHERE user_id = \(user)")
        let version = row?.int64(1) ?? 0
        let items = try row.map { try JSONParser.parse(own: Array($0.text(0).utf8)) } ?? .array([])
        return Reply.json(200, ["items": items, "version": .integer(version)]).tagged(version: version)
    }

    /// - Throws: 422 for what is no filter of `GET /users`, for two of one name, and for too many.
    private static func filters(_ body: JSON) throws -> [JSON] {
        var input = try Input(body)
        let elements = input.raw("items")?.array
        if elements == nil {
            input.fail("items", "type", LocalizedText(en: "A list is expected.", fr: "Une liste est attendue."))
        }
        if let elements, elements.count > most {
            input.fail("items", "count", LocalizedText(en: "At most \(most) filters.", fr: "\(most) filtres au plus."))
        }
        try input.finish()
        var names: Set<String> = []
        return try (elements ?? []).enumerated().map { index, element -> JSON in
            var filter = try Input(element)
            let (name, text) = (filter.name("name", length: 1...60, required: true), filter.string("query", length: 0...2000) ?? "")
            try filter.finish()
            if let name, !names.insert(name).inserted {
                throw Problem.invalid(
                    "/items/\(index)/name", "taken",
                    LocalizedText(en: "Two filters have this name.", fr: "Deux filtres portent ce nom."))
            }
            _ = try UserFilter(text: text)
            return ["name": JSON(name), "query": .string(text)]
        }
    }
}
