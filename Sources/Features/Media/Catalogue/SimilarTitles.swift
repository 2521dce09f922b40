internal import Database
internal import Kernel

/// Titles that share people, keywords, the collection or genres with another one.
extension CatalogueRoutes {
    private static let shown = 12

    func similar(to record: TitleRecord, isWriting: Bool, in transaction: Transaction) throws -> [MediaID] {
        guard let table = isWriting ? index.latest : try index.table(in: transaction) else { return [] }
        let test = table.test(TitleFilter())
        guard let own = table.place(of: record.id) else { return [] }
        var weights: [Int: Double] = [:]
        for (id, weight) in try Self.related(to: record, in: transaction) {
            guard let place = table.place(of: id), place != own, table.passes(place, test) else { continue }
            weights[place, default: 0] += weight
        }
        let genres = table.genreSets[own]
        for place in weights.keys {
            weights[place, default: 0] += table.likeness(place, to: own, genres)
        }
        // Too few titles share people or keywords: titles of the same genres fill up.
        if weights.count < Self.shown, genres != 0 {
            for place in table.order(.popularity).lazy.map(Int.init).prefix(5000)
            where place != own && weights[place] == nil && table.genreSets[place] & genres != 0 && table.passes(place, test) {
                weights[place] = table.likeness(place, to: own, genres) / 2
            }
        }
        let best = weights.sorted { one, two in
            if one.value != two.value { return one.value > two.value }
            return table.key(one.key, .popularity).precedes(table.key(two.key, .popularity))
        }
        return best.prefix(Self.shown).map { table.ids[$0.key] }
    }

    /// Titles that share people, keywords or the collection, once for each thing shared. Limits bound what very common keywords add.
    private static func related(to record: TitleRecord, in transaction: Transaction) throws -> [(MediaID, Double)] {
        let people = try transaction.rows(
            """
            SELECT other.media_id, mine.part FROM (SELECT person_id, part FROM credits WHERE media_id = \(record.id) ORDER BY part, place LIMIT 30) AS mine
            JOIN credits AS other ON other.person_id = mine.person_id WHERE other.media_id <> \(record.id) LIMIT 2000
            """)
        let keywords = try transaction.rows(
            """
            SELECT other.media_id FROM (SELECT keyword_id FROM media_keywords WHERE media_id = \(record.id) LIMIT 30) AS mine
            JOIN media_keywords AS other ON other.keyword_id = mine.keyword_id WHERE other.media_id <> \(record.id) LIMIT 4000
            """)
        var related: [(MediaID, Double)] = people.map { ($0.id(0), $0.text(1) == "crew" ? 3 : 2) }
        related += keywords.map { ($0.id(0), 2) }
        if let collection = record.collection {
            let others = try transaction.rows(
                "SELECT id FROM media WHERE collection_id = \(collection) AND id <> \(record.id) LIMIT 100")
            related += others.map { ($0.id(0), 20) }
        }
        return related
    }
}

extension CatalogueTable {
    /// Likeness without people: the share of common genres, the same kind, and near years.
    fileprivate func likeness(_ place: Int, to own: Int, _ genres: UInt64) -> Double {
        let (shared, all) = ((genreSets[place] & genres).nonzeroBitCount, (genreSets[place] | genres).nonzeroBitCount)
        let apart = Double(abs(Int(years[place]) - Int(years[own])))
        return 4 * Double(shared) / Double(max(1, all)) + (kinds[place] == kinds[own] ? 0.5 : 0) + 1 / (1 + apart / 10)
    }
}
