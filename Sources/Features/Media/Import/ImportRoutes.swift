internal import Audit
internal import Database
internal import Directory
internal import FeatureKit
internal import HTTP
internal import Jobs
internal import Kernel
internal import Tabular
internal import Web

/// Imports of titles from a file: the request reads and checks the file, shows a preview, and a job writes the rows.
struct ImportRoutes: Sendable {
    let database: any Database
    let ids: IDGenerator
    let audit: AuditLog
    let jobs: JobQueue
    let index: CatalogueIndex
    private let directory = MemberDirectory()

    /// Rows of one file.
    static let mostRows = 10_000
    static let mostBytes = 16 << 20
    /// Imports of one person in preview or running.
    static let mostOpen = 3
    /// Imports of one person that are done or cancelled, and whose rows can still be read.
    static let mostEnded = 5

    var routes: [Route] {
        [
            Route(
                .post, "/media/import", .may(.mediaManage), ImportShapes.create, action: "media.import", bodyAtMost: Self.mostBytes,
                handler: createImport),
            Route(.get, "/media/import/{id}", .may(.mediaManage), ImportShapes.read, handler: readImport),
            Route(.get, "/media/import/{id}/rows", .may(.mediaManage), ImportShapes.rows, handler: listRows),
            Route(.patch, "/media/import/{id}", .may(.mediaManage), ImportShapes.map, action: "media.import", handler: mapImport),
            Route(
                .post, "/media/import/{id}/commit", .may(.mediaManage), ImportShapes.commit, action: "media.import", handler: commitImport),
            Route(
                .post, "/media/import/{id}/cancel", .may(.mediaManage), ImportShapes.cancel, action: "media.import", handler: cancelImport),
        ]
    }

    static let auditActions = [
        AuditAction(
            "media.import", target: "media_import", en: "{actor} imported films and series", fr: "{actor} a importé des films et des séries"
        )
    ]

    // MARK: Reading a file

    /// `POST /media/import`
    private func createImport(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, call.clock.now())
        let author = try scope.requireUser()
        // Before the file is parsed, which costs far more.
        let table = try await database.read { transaction in
            try Self.requireRoom(for: author, at: now, in: transaction)
            return try index.table(in: transaction)
        }
        let (columns, rows) = try Self.read(call)
        guard !rows.isEmpty else { throw ImportProblems.empty }
        let new = TitleImport(
            id: ids.next(), author: author, state: .preview, columns: columns, mapping: ImportField.mapping(of: columns),
            language: scope.language, total: rows.count, createdAt: now, endedAt: nil)
        let faults = Self.faults(of: rows.enumerated().map { ($0.offset + 1, $0.element) }, in: new)
        return try await database.write { transaction in
            // Two files of one person at once are counted one after the other.
            try directory.lock(author, in: transaction)
            try Self.requireRoom(for: author, at: now, in: transaction)
            try transaction.liftDeadline()
            try ImportTable.deleteOld(of: author, at: now, keeping: Self.mostEnded, in: transaction)
            try ImportTable.insert(new, rows, faults: faults, in: transaction)
            return .json(202, try view(new, table, in: transaction))
        }
    }

    private static func requireRoom(for author: UserID, at now: Timestamp, in transaction: Transaction) throws {
        guard try ImportTable.open(of: author, at: now, in: transaction) < mostOpen else { throw ImportProblems.tooManyOpen }
    }

    private static func read(_ call: Call) throws -> (columns: [String], rows: [ImportRow]) {
        if call.mediaType == "text/csv" { return try readTable(call.request.body) }
        let body = try call.body()
        guard let list = body.array ?? body["items"]?.array else { throw ImportProblems.empty }
        guard list.count <= mostRows else { throw ImportProblems.tooManyRows }
        let rows = list.compactMap(ImportRow.init)
        guard rows.count == list.count else { throw ImportProblems.noObjects }
        return (Set(rows.flatMap { $0.cells.keys }).sorted().prefix(DelimitedText.mostColumns).map { $0 }, rows)
    }

    private static func readTable(_ bytes: [UInt8]) throws -> (columns: [String], rows: [ImportRow]) {
        do {
            var (table, rows) = (try DelimitedText(bytes), [ImportRow]())
            while let row = try table.next() {
                guard rows.count < mostRows else { throw ImportProblems.tooManyRows }
                if let fault = row.faults.values.first { throw ImportProblems.cell(fault, line: row.line) }
                rows.append(ImportRow(Dictionary(zip(table.columns, row.cells.map { [$0] }), uniquingKeysWith: { first, _ in first })))
            }
            return (table.columns, rows)
        } catch let fault as DelimitedText.Fault {
            throw ImportProblems.table(fault)
        }
    }

    /// The faults of the invalid rows, by number.
    private static func faults(of rows: [(number: Int, row: ImportRow)], in each: TitleImport) -> [Int: JSON] {
        var (faults, seen): ([Int: JSON], Set<ByteKey>) = ([:], [])
        for (number, row) in rows {
            let title = ImportedTitle(row, each.mapping, language: each.language)
            var found: [JSON] = title.faults.map { fault in
                ["field": .string(fault.field.rawValue), "code": .string(fault.code), "detail": .string(fault.detail(each.language))]
            }
            if found.isEmpty, !seen.insert(ByteKey(title.key)).inserted {
                let detail = LocalizedText(en: "This title is in the file already.", fr: "Ce titre figure déjà dans le fichier.")
                found = [["field": "title", "code": "duplicate", "detail": .string(detail(each.language))]]
            }
            if !found.isEmpty { faults[number] = .array(found) }
        }
        return faults
    }

    // MARK: Showing it

    private func view(_ each: TitleImport, _ table: CatalogueTable?, in transaction: Transaction) throws -> JSON {
        let counts = try ImportTable.counts(of: each.id, in: transaction)
        let settled = (counts["added"] ?? 0) + (counts["updated"] ?? 0) + (counts["unchanged"] ?? 0)
        return [
            "id": JSON(each.id), "state": .string(each.state.rawValue), "columns": .array(each.columns.map(JSON.string)),
            "mapping": ImportTable.mappingJSON(each.mapping), "total": JSON(each.total), "settled": JSON(settled),
            "added": JSON(counts["added"] ?? 0), "updated": JSON(counts["updated"] ?? 0), "unchanged": JSON(counts["unchanged"] ?? 0),
            "invalid": JSON(counts["invalid"] ?? 0), "created_at": JSON(each.createdAt), "ended_at": JSON(each.endedAt),
            "preview": .array(try views(each, table, after: 0, state: nil, limit: 20, in: transaction).items),
        ]
    }

    /// Rows as the job will write them.
    private func views(
        _ each: TitleImport, _ table: CatalogueTable?, after number: Int, state: String?, limit: Int, in transaction: Transaction
    ) throws -> (items: [JSON], next: String?) {
        let writer = try TitleWriter(ids, in: transaction)
        let rows = try ImportTable.rows(of: each.id, after: number, state: state, limit: limit + 1, in: transaction)
        let items: [JSON] = try rows.prefix(limit).map { row in
            let title = ImportedTitle(row.row, each.mapping, language: each.language)
            var known = row.title
            if known == nil, row.state != "invalid", let table { known = try ImportJob.known(title, table, in: transaction) }
            let unknown = title.genres.filter { writer.genreIDs([$0]).isEmpty }
            return [
                "number": JSON(row.number), "state": .string(row.state), "kind": .string(title.kind.rawValue),
                "title": .string(title.original.cut(to: 300)), "year": JSON(title.year), "media_id": JSON(known),
                "unknown_genres": .array(unknown.map { .string($0.cut(to: 80)) }), "faults": row.faults,
            ]
        }
        return (items, rows.count > limit ? Page.cursor([JSON(rows[limit - 1].number)]) : nil)
    }

    /// `GET /media/import/{id}`
    private func readImport(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        let reference = call.parameter("id")
        return try await database.read { transaction in
            let found = try Self.import(reference, in: transaction)
            return .json(200, try view(found, try index.table(in: transaction), in: transaction))
        }
    }

    /// `GET /media/import/{id}/rows`
    private func listRows(_ call: Call) async throws -> Reply {
        var query = try call.query
        let isInvalid = query.bool("invalid") ?? false
        let page = query.page()
        try query.finish()
        let after = try page.key { $0.integer } ?? 0
        let reference = call.parameter("id")
        return try await database.read { transaction in
            let found = try Self.import(reference, in: transaction)
            let (items, next) = try views(
                found, try index.table(in: transaction), after: Int(clamping: after), state: isInvalid ? "invalid" : nil, limit: page.limit,
                in: transaction)
            let total =
                page.wantsTotal ? isInvalid ? try ImportTable.counts(of: found.id, in: transaction)["invalid"] ?? 0 : found.total : nil
            return .page(items, next: next, total: total)
        }
    }

    private static func `import`(_ reference: String, isLocked: Bool = false, in transaction: Transaction) throws -> TitleImport {
        guard let id = RowID(uuid: reference), let found = try ImportTable.read(id, isLocked: isLocked, in: transaction) else {
            throw Problem.notFound
        }
        return found
    }

    // MARK: Changing and starting it

    /// `PATCH /media/import/{id}`
    private func mapImport(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.raw("mapping")?.object
        try input.finish()
        let reference = call.parameter("id")
        // The rows are checked before the write, which other writes wait for.
        let (table, checked) = try await database.read(.heavy) { transaction in
            (try index.table(in: transaction), try Self.checked(reference, given, in: transaction))
        }
        return try await call.mutate(database) { transaction in
            var found = try Self.import(reference, isLocked: true, in: transaction)
            guard found.state == .preview else { throw ImportProblems.started }
            try Self.apply(given, to: &found)
            try transaction.execute(
                "UPDATE media_imports SET mapping = \(ImportTable.mappingJSON(found.mapping).text) WHERE id = \(found.id)")
            try transaction.liftDeadline()
            let faults =
                if let checked, checked.mapping == found.mapping { checked.faults } else { try Self.faults(of: found, in: transaction) }
            try ImportTable.replaceFaults(of: found.id, by: faults, in: transaction)
            return .json(200, try view(found, table, in: transaction))
        }
    }

    /// - Throws: 422 for a field or a column that does not exist.
    private static func apply(_ mapping: JSONObject?, to each: inout TitleImport) throws {
        for (name, value) in mapping?.members ?? [] {
            guard let field = ImportField(rawValue: name), value.isNull || value.string.map(each.columns.contains) ?? false else {
                throw ImportProblems.mapping(name)
            }
            each.mapping[field] = value.string
        }
    }

    private static func faults(of each: TitleImport, in transaction: Transaction) throws -> [Int: JSON] {
        let rows = try ImportTable.rows(of: each.id, after: 0, state: nil, limit: mostRows, in: transaction)
        return faults(of: rows.map { ($0.number, $0.row) }, in: each)
    }

    /// The mapping after a change, and the faults under it; nil where the change will be refused.
    private static func checked(_ reference: String, _ mapping: JSONObject?, in transaction: Transaction) throws
        -> (mapping: [ImportField: String], faults: [Int: JSON])?
    {
        guard let id = RowID(uuid: reference), var found = try ImportTable.read(id, in: transaction), found.state == .preview else {
            return nil
        }
        do { try apply(mapping, to: &found) } catch is Problem { return nil }
        return (found.mapping, try faults(of: found, in: transaction))
    }

    /// `POST /media/import/{id}/commit`
    private func commitImport(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let skips = input.bool("skip_invalid") ?? false
        try input.finish()
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await call.mutate(database) { [self] transaction in
            var found = try Self.import(reference, isLocked: true, in: transaction)
            guard found.state == .preview else { throw ImportProblems.started }
            let invalid = try ImportTable.counts(of: found.id, in: transaction)["invalid"] ?? 0
            guard skips || invalid == 0 else { throw ImportProblems.invalidRows(invalid) }
            try transaction.execute("UPDATE media_imports SET state = 'running' WHERE id = \(found.id)")
            try transaction.enqueue(ImportJob.name, key: found.id.uuid, payload: ["id": JSON(found.id)], on: jobs)
            try audit.record(
                "media.import", target: ("media_import", found.id.uuid), payload: ["after": ["rows": JSON(found.total - invalid)]],
                result: .success, scope: scope, in: transaction)
            found.state = .running
            return .json(202, try view(found, nil, in: transaction))
        }
    }

    /// `POST /media/import/{id}/cancel`: rows that the job has written stay.
    private func cancelImport(_ call: Call) async throws -> Reply {
        let (reference, now) = (call.parameter("id"), call.clock.now())
        return try await call.mutate(database) { transaction in
            let found = try Self.import(reference, isLocked: true, in: transaction)
            if found.state == .preview || found.state == .running {
                try transaction.execute("UPDATE media_imports SET state = 'cancelled', ended_at = \(now) WHERE id = \(found.id)")
            }
            let after = try ImportTable.read(found.id, in: transaction) ?? found
            return .json(200, try view(after, nil, in: transaction))
        }
    }
}
