internal import Database
internal import Kernel

/// Erases a person's marks, and exports them.
extension MediaMarks {
    func erase(_ person: UserID, at now: Timestamp, in transaction: Transaction) throws {
        let rows = try transaction.rows("SELECT media_id, kind, value, at FROM media_marks WHERE user_id = \(person) ORDER BY media_id")
        let since = rows.isEmpty ? now : try Trend.since(at: now, in: transaction)
        // Titles are locked in the order of their ids, so that two erasures at once cannot deadlock.
        for (title, some) in Dictionary(grouping: rows, by: { $0.id(0, CatalogueTitle.self) }).sorted(by: { $0.key < $1.key }) {
            var (counts, trend): ([(column: SQL, by: Int)], Double) = ([], 0)
            for row in some {
                guard let kind = MarkKind(rawValue: row.text(1)) else { continue }
                if let counter = kind.counter(row.optionalInt64(2).map(Int.init)) { counts.append((counter, -1)) }
                trend -= Trend.weight(kind.weight, at: row.time(3), since: since)
            }
            try Trend.add(trend, to: title, in: transaction)
            if let counters = try CounterTable.change(title, counts, in: transaction) {
                try transaction.execute("UPDATE media SET rating = \(counters.standing) WHERE id = \(title)")
            }
            MediaChange.note(title, in: transaction)
        }
        for table: SQL in ["media_marks", "media_states", "plays"] {
            try transaction.execute("DELETE FROM \(sql: table) WHERE user_id = \(person)")
        }
    }

    func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        var part = JSONObject()
        let marks = try transaction.rows(
            "SELECT media_id, kind, value, at FROM media_marks WHERE user_id = \(person) ORDER BY at, media_id")
        let plays = try transaction.rows(
            "SELECT media_id, episode_id, watched_on, watched_at, source FROM plays WHERE user_id = \(person) ORDER BY watched_at, id")
        let named = Set((marks + plays).map { $0.id(0, CatalogueTitle.self) })
        let languages = ReadingLanguages(nil, .english)
        let titles = try TitleTable.records(of: Array(named), languages: languages.chain, in: transaction)
        func name(_ row: Row) -> [(String, JSON)] {
            let id: MediaID = row.id(0)
            return [("media_id", JSON(id)), ("title", JSON(titles[id]?.title(languages)))]
        }
        func object(_ members: [(String, JSON)]) -> JSON {
            .object(members.reduce(into: JSONObject()) { $0.append($1.0, $1.1) })
        }
        if !marks.isEmpty {
            part.append(
                "marks",
                .array(
                    marks.map { row in
                        let value = row.optionalInt64(2).map { MarkKind.stars(Int($0)) } ?? .null
                        return object(name(row) + [("kind", .string(row.text(1))), ("value", value), ("at", JSON(row.time(3)))])
                    }))
        }
        if !plays.isEmpty {
            part.append(
                "plays",
                .array(
                    plays.map { row in
                        object(
                            name(row) + [
                                ("episode_id", JSON(row.optionalID(1, CatalogueEpisode.self))), ("watched_on", JSON(row.optionalText(2))),
                                ("watched_at", JSON(row.time(3))), ("source", .string(row.text(4))),
                            ])
                    }))
        }
        return part
    }
}
