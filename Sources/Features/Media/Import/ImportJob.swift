internal import Database
internal import Jobs
internal import Kernel

/// The job that writes the rows of an import. It records the outcome of each row in the row's transaction, so that it continues where it was after a crash.
struct ImportJob: Sendable {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let index: CatalogueIndex

    static let name = "media.import"
    /// Rows of one transaction.
    private static let perStep = 200

    var kind: JobKind {
        JobKind(Self.name) { context in
            guard let id = context.job.payload["id"]?.string.flatMap({ RowID(uuid: $0) }) else {
                throw JobGivenUp("no import is named")
            }
            while try await step(id) {}
            return .done
        }
    }

    /// Writes the next rows.
    ///
    /// - Returns: false when there are no more.
    func step(_ id: RowID) async throws -> Bool {
        let known = try await database.read { transaction -> [Int: MediaID] in
            guard let found = try ImportTable.read(id, in: transaction) else { return [:] }
            let table = try index.table(in: transaction)
            let rows = try ImportTable.rows(of: id, after: 0, state: "waiting", limit: Self.perStep, in: transaction)
            let titles = rows.map { ($0.number, ImportedTitle($0.row, found.mapping, language: found.language)) }
            return try Dictionary(
                titles.compactMap { number, title in try Self.known(title, table, in: transaction).map { (number, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
        let now = clock.now()
        return try await database.write { transaction in
            guard let found = try ImportTable.read(id, isLocked: true, in: transaction), found.state == .running else { return false }
            let rows = try ImportTable.rows(of: id, after: 0, state: "waiting", limit: Self.perStep, in: transaction)
            let writer = try TitleWriter(ids, in: transaction)
            for row in rows {
                let title = ImportedTitle(row.row, found.mapping, language: found.language)
                let (media, outcome) = try writer.write(title, as: known[row.number], at: now, in: transaction)
                try transaction.execute(
                    """
                    UPDATE media_import_rows SET state = \("\(outcome)"), media_id = \(media) WHERE import_id = \(id) AND number = \(row.number)
                    """)
            }
            guard rows.isEmpty else { return true }
            try transaction.execute("UPDATE media_imports SET state = 'done', ended_at = \(now) WHERE id = \(id)")
            return false
        }
    }

    /// The title that a row means: by its external ids, else by its name and year.
    static func known(_ title: ImportedTitle, _ table: CatalogueTable, in transaction: Transaction) throws -> MediaID? {
        for (source, number) in title.numbers.sorted(by: { $0.key < $1.key }) {
            let row = try transaction.row(
                """
                SELECT media_id FROM media_external WHERE source = \(source) AND kind = \(title.kind.rawValue) AND external_id = \(number)
                """)
            if let row { return row.id(0) }
        }
        return try table.known(title.original, title.titles.values, title.kind, year: title.year, in: transaction)
    }
}

extension CatalogueTable {
    /// The only title with one of these names, this kind and year; nil where there is none, or more than one, and without a year.
    func known(
        _ original: String, _ translations: some Sequence<String>, _ kind: TitleKind, year: Int?, in transaction: Transaction
    ) throws -> MediaID? {
        guard let year else { return nil }
        if let id = known([original] + translations, kind, year: year) { return id }
        // A title that the team hid is in no search: without this a second import would add it again.
        let hidden = try transaction.rows(
            """
            SELECT id FROM media WHERE hidden_at IS NOT NULL AND original_title = \(original) AND kind = \(kind.rawValue) AND year = \(year)
            LIMIT 2
            """)
        return hidden.count == 1 ? hidden[0].id(0) : nil
    }

    private func known(_ names: [String], _ kind: TitleKind, year: Int) -> MediaID? {
        var found: Set<MediaID> = []
        for name in names {
            // Distance 0 is the original title, 1 a translated one.
            for hit in find(name) where hit.distance <= 1 && kinds[hit.place] == kind && Int(years[hit.place]) == year {
                found.insert(ids[hit.place])
            }
        }
        return found.count == 1 ? found.first : nil
    }
}
