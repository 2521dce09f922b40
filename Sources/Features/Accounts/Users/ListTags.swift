internal import Database
internal import Kernel
internal import Web

/// `GET /users/tags`
extension AccountsFeature {
    /// Tags of one answer.
    private static let most = 100
    /// Combinations of tags that are looked at, the most frequent first.
    private static let combinations = 5000

    /// The tags in use, the most used first: suggestions for whoever tags or filters.
    func listTags(_ call: Call) async throws -> Reply {
        var query = try call.query
        let search = query.string("search", maximum: 40)?.searchFold
        try query.finish()
        let rows = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT users.tags, COUNT(*) FROM users WHERE users.tags <> '[]' AND users.deleted_at IS NULL
                GROUP BY users.tags ORDER BY COUNT(*) DESC, users.tags LIMIT \(Self.combinations)
                """)
        }
        var counts: [String: Int] = [:]
        for row in rows {
            for tag in (try JSONParser.parse(own: Array(row.text(0).utf8)).array ?? []).compactMap(\.string) {
                counts[tag, default: 0] += row.int(1)
            }
        }
        let found = counts.filter { tag, _ in search.map { tag.searchFold.contains(bytes: Array($0.utf8)) } ?? true }
        let items = found.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.most)
        return .page(items.map { ["tag": .string($0.key), "count": JSON($0.value)] }, next: nil).compressible()
    }
}
