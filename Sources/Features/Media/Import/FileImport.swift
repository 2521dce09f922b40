internal import Crypto
internal import Database
internal import Glibc
package import Kernel
internal import Tabular

/// Imports a file of any size from the terminal: rows in chunks of one transaction each, with the place in the file, so that it continues after a crash.
package struct TitleFileImport: Sendable {
    /// How far it is.
    package struct Progress: Sendable {
        package var rows = 0
        package var added = 0
        package var updated = 0
        package var unchanged = 0
        package var invalid = 0
        /// Rows that an interrupted import of this file had written.
        package var continued = 0
    }

    /// Why a file cannot be imported; a sentence.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let index: CatalogueIndex

    private static let rowsPerStep = 200

    /// - Parameters:
    ///   - kind: of titles for which the file says none.
    ///   - language: of texts for which the file says none.
    ///   - report: called after each chunk.
    package func run(
        _ path: String, kind: TitleKind, language: Language, report: @Sendable (Progress) -> Void
    ) async throws -> Progress {
        do {
            return try await read(path, kind, language, report)
        } catch let fault as FileRecords.Fault {
            throw Fault(description: "\(path): \(Self.words(fault))")
        } catch let fault as DelimitedText.Fault {
            throw Fault(description: "\(path): \(Self.words(fault))")
        }
    }

    private func read(
        _ path: String, _ kind: TitleKind, _ language: Language, _ report: @Sendable (Progress) -> Void
    ) async throws -> Progress {
        let digest = try Self.digest(path, kind)
        var progress = try await database.read { try Self.progress(digest, in: $0) }
        var records = try FileRecords(path: path)
        defer { records.close() }
        var left = progress.rows
        while left > 0 {
            let skipped = try records.next(min(left, 1000)).count
            guard skipped > 0 else { break }
            left -= skipped
        }
        var mapping = records.columns.map(ImportField.mapping(of:))
        while true {
            let chunk = try records.next(Self.rowsPerStep)
            if chunk.isEmpty { break }
            if mapping == nil {
                let names = chunk.flatMap { record -> [String] in if case .row(let row) = record { Array(row.cells.keys) } else { [] } }
                if !names.isEmpty { mapping = ImportField.mapping(of: Set(names).sorted()) }
            }
            progress = try await write(chunk, mapping ?? [:], kind, language, progress, digest)
            report(progress)
        }
        _ = try await database.write { try $0.execute("DELETE FROM media_file_imports WHERE digest = \(digest)") }
        return progress
    }

    private func write(
        _ chunk: [FileRecords.Record], _ mapping: [ImportField: String], _ kind: TitleKind, _ language: Language, _ before: Progress,
        _ digest: String
    ) async throws -> Progress {
        let titles = chunk.map { record -> ImportedTitle? in
            guard case .row(let row) = record else { return nil }
            var title = ImportedTitle(row, mapping, language: language)
            if mapping[.kind] == nil { title.kind = kind }
            return title.faults.isEmpty ? title : nil
        }
        let known = try await database.read { transaction -> [Int: MediaID] in
            guard titles.contains(where: { $0 != nil }) else { return [:] }
            let table = try index.table(in: transaction)
            var known: [Int: MediaID] = [:]
            for (place, title) in titles.enumerated() {
                if let title { known[place] = try ImportJob.known(title, table, in: transaction) }
            }
            return known
        }
        let now = clock.now()
        return try await database.write { transaction in
            var progress = before
            progress.rows += chunk.count
            var fresh: [String: MediaID] = [:]
            let writer = try TitleWriter(ids, in: transaction)
            var stubs: [TitleStub] = []
            for (place, record) in chunk.enumerated() {
                if case .stub(let stub) = record {
                    stubs.append(stub)
                } else if let title = titles[place] {
                    // The same title twice in one chunk is one title.
                    let (id, outcome) = try writer.write(title, as: known[place] ?? fresh[title.key], at: now, in: transaction)
                    fresh[title.key] = id
                    switch outcome {
                    case .added: progress.added += 1
                    case .updated: progress.updated += 1
                    case .unchanged: progress.unchanged += 1
                    }
                } else {
                    progress.invalid += 1
                }
            }
            try write(stubs, kind, at: now, &progress, in: transaction)
            try transaction.execute(
                """
                INSERT INTO media_file_imports (digest, done, added, updated, unchanged, invalid, at)
                VALUES (\(digest), \(progress.rows), \(progress.added), \(progress.updated), \(progress.unchanged), \(progress.invalid), \(now))
                ON CONFLICT (digest) DO UPDATE SET done = excluded.done, added = excluded.added, updated = excluded.updated,
                    unchanged = excluded.unchanged, invalid = excluded.invalid, at = excluded.at
                """)
            return progress
        }
    }

    /// Adds the titles whose number is new; of the others only the popularity follows.
    private func write(
        _ stubs: [TitleStub], _ kind: TitleKind, at now: Timestamp, _ progress: inout Progress, in transaction: Transaction
    ) throws {
        guard !stubs.isEmpty else { return }
        let numbers = SQL.joined(stubs.map { "\($0.number)" }, separator: ", ")
        var known: [ByteKey: MediaID] = [:]
        for row in try transaction.rows(
            """
            SELECT external_id, media_id FROM media_external
            WHERE source = \(SourceWriter.tmdb) AND kind = \(kind.rawValue) AND external_id IN (\(sql: numbers))
            """)
        { known[ByteKey(row.text(0))] = row.id(1) }
        var media = RowBatch(
            "INSERT INTO media (id, kind, original_title, popularity, adult, detail, version, created_at) VALUES ", in: transaction)
        var external = RowBatch("INSERT INTO media_external (source, kind, external_id, media_id) VALUES ", in: transaction)
        var fresh: [(TitleStub, MediaID)] = []
        for stub in stubs {
            if let id = known[ByteKey(stub.number)] {
                try transaction.execute(
                    "UPDATE media SET popularity = \(stub.popularity) WHERE id = \(id) AND popularity <> \(stub.popularity)")
                progress.unchanged += 1
                continue
            }
            let id = ids.next(CatalogueTitle.self)
            known[ByteKey(stub.number)] = id
            fresh.append((stub, id))
            progress.added += 1
            try media.add("(\(id), \(kind.rawValue), \(stub.title), \(stub.popularity), \(stub.isAdult), 'stub', 1, \(now))")
        }
        try media.finish()
        for (stub, id) in fresh { try external.add("(\(SourceWriter.tmdb), \(kind.rawValue), \(stub.number), \(id))") }
        try external.finish()
        if !fresh.isEmpty { try MediaChange.noteAll(in: transaction) }
    }

    // MARK: The place in the file

    private static func progress(_ digest: String, in transaction: Transaction) throws -> Progress {
        guard
            let row = try transaction.row(
                "SELECT done, added, updated, unchanged, invalid FROM media_file_imports WHERE digest = \(digest)")
        else { return Progress() }
        return Progress(
            rows: row.int(0), added: row.int(1), updated: row.int(2), unchanged: row.int(3), invalid: row.int(4), continued: row.int(0))
    }

    /// Tells a file from another: its size, and its beginning.
    private static func digest(_ path: String, _ kind: TitleKind) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileRecords.Fault.unreadable }
        defer { Glibc.close(descriptor) }
        var (status, head) = (stat(), [UInt8](repeating: 0, count: 64 << 10))
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw FileRecords.Fault.unreadable }
        let count = pread(descriptor, &head, head.count, 0)
        guard count >= 0 else { throw FileRecords.Fault.unreadable }
        return Hex.encode(SHA256.digest(Array("\(status.st_size) \(kind.rawValue) ".utf8) + head[..<count]).prefix(16))
    }

    /// Of the first line; other rows that cannot be read are counted.
    private static func words(_ fault: DelimitedText.Fault) -> String {
        switch fault {
        case .empty: "this file contains no titles."
        case .openQuote: "a quote in the first line has no end."
        case .tooManyColumns: "this file has more than \(DelimitedText.mostColumns) columns."
        }
    }

    private static func words(_ fault: FileRecords.Fault) -> String {
        switch fault {
        case .unreadable: "this file cannot be read."
        case .notGzip: "this file is damaged: it cannot be expanded."
        case .cut: "this file is cut off. What was read before is imported."
        case .rowTooLong: "a row is longer than 1 MiB."
        case .empty: "this file contains no titles."
        case .encoding: "this file is in UTF-16. Save it as UTF-8."
        }
    }
}
