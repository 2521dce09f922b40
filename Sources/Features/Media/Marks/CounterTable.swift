internal import Database
internal import Kernel

/// The counters of a title over all members.
struct TitleCounters: Sendable, Hashable {
    var favorites = 0
    var likes = 0
    var watchlists = 0
    /// The number of ratings of half a star, one star … five stars.
    var histogram = [Int](repeating: 0, count: 10)

    var ratings: Int { histogram.reduce(0, +) }
    private var halves: Int { histogram.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element } }

    /// In stars; nil while nobody rated.
    var average: Double? { ratings == 0 ? nil : Double(halves) / Double(ratings) / 2 }

    /// The value of the order `rating`: the average with five further ratings of three stars, so that one rating alone does not put a title first.
    var standing: Double? {
        ratings == 0 ? nil : (Double(halves) / 2 + Self.weight * Self.middle) / (Double(ratings) + Self.weight)
    }

    private static let weight = 5.0
    private static let middle = 3.0

    var json: JSONObject {
        [
            "favorite_count": JSON(favorites), "like_count": JSON(likes), "watchlist_count": JSON(watchlists),
            "rating_average": average.map(JSON.number) ?? .null, "rating_count": JSON(ratings),
        ]
    }
}

/// The table `media_counters`.
enum CounterTable {
    private static let columns: SQL =
        "media_id, favorites, likes, watchlists, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10"

    static func counters(of titles: [MediaID], in transaction: Transaction) throws -> [MediaID: TitleCounters] {
        try transaction.rows("SELECT \(sql: columns) FROM media_counters WHERE media_id IN (SELECT value FROM json_each(\(ids: titles)))")
            .reduce(into: [:]) { $0[$1.id(0)] = read($1) }
    }

    /// Adds to some columns.
    ///
    /// - Returns: the counters afterwards; nil when there is nothing to add.
    static func change(_ title: MediaID, _ changes: [(column: SQL, by: Int)], in transaction: Transaction) throws -> TitleCounters? {
        guard !changes.isEmpty else { return nil }
        try transaction.execute("INSERT INTO media_counters (media_id) VALUES (\(title)) ON CONFLICT DO NOTHING")
        let sets = changes.map { column, change -> SQL in "\(sql: column) = \(sql: column) + \(change)" }
        return try transaction.row(
            """
            UPDATE media_counters SET \(sql: SQL.joined(sets, separator: ", ")) WHERE media_id = \(title) RETURNING \(sql: columns)
            """
        ).map(read)
    }

    static func put(_ counters: TitleCounters, of title: MediaID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM media_counters WHERE media_id = \(title)")
        let ratings = SQL.joined(counters.histogram.map { "\($0)" }, separator: ", ")
        try transaction.execute(
            """
            INSERT INTO media_counters (\(sql: columns))
            VALUES (\(title), \(counters.favorites), \(counters.likes), \(counters.watchlists), \(sql: ratings))
            """)
    }

    /// The counters that follow from the marks.
    static func recount(_ titles: [MediaID], in transaction: Transaction) throws -> [MediaID: TitleCounters] {
        let rows = try transaction.rows(
            """
            SELECT media_id, kind, value, COUNT(*) FROM media_marks WHERE media_id IN (SELECT value FROM json_each(\(ids: titles)))
            GROUP BY media_id, kind, value
            """)
        return rows.reduce(into: [:]) { counters, row in
            let (title, count): (MediaID, Int) = (row.id(0), row.int(3))
            switch MarkKind(rawValue: row.text(1)) {
            case .favorite: counters[title, default: TitleCounters()].favorites += count
            case .like: counters[title, default: TitleCounters()].likes += count
            case .watchlist: counters[title, default: TitleCounters()].watchlists += count
            case .rating: counters[title, default: TitleCounters()].histogram[row.int(2) - 1] += count
            case .hidden, nil: break
            }
        }
    }

    private static func read(_ row: Row) -> TitleCounters {
        TitleCounters(favorites: row.int(1), likes: row.int(2), watchlists: row.int(3), histogram: (4..<14).map { row.int($0) })
    }
}
