package import Database
internal import Jobs
package import Kernel
internal import Runtime
internal import Storage

/// How files go: doomed in a transaction, taken off the disk, forgotten.
extension FilesFeature {
    static let removeJob = "files.remove"
    private static let atOnce = 200

    /// Takes an upload away and gives its bytes back.
    ///
    /// - Returns: whether there was one.
    func doomUpload(_ id: FileID, of user: UserID, in transaction: Transaction) throws -> Bool {
        try doomUploads("id = \(id) AND owner_id = \(user)", in: transaction) == 1
    }

    /// Takes a file away unless it was sent.
    ///
    /// - Returns: whether there was one.
    func doomUnsent(_ id: FileID, in transaction: Transaction) throws -> Bool {
        try doom("id = \(id) AND sent_at IS NULL", in: transaction) == 1
    }

    @discardableResult
    func doom(_ condition: SQL, in transaction: Transaction) throws -> Int {
        try forget(try transaction.rows("DELETE FROM files WHERE \(sql: condition) RETURNING id, owner_id, size"), in: transaction)
    }

    private func doomUploads(_ condition: SQL, in transaction: Transaction) throws -> Int {
        try forget(try transaction.rows("DELETE FROM uploads WHERE \(sql: condition) RETURNING id, owner_id, length"), in: transaction)
    }

    private func forget(_ rows: [Row], in transaction: Transaction) throws -> Int {
        let now = clock.now()
        for row in rows {
            try FileTable.release(row.int64(2), of: row.id(1), in: transaction)
            try remove(row.id(0), "all", at: now, in: transaction)
        }
        return rows.count
    }

    /// Has a job take it off the disk.
    func remove(_ id: FileID, _ what: String, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO file_removals (file_id, what, doomed_at) VALUES (\(id), \(what), \(now)) ON CONFLICT (file_id, what) DO NOTHING
            """)
        try transaction.enqueue(Self.removeJob, key: "doomed", on: queue)
    }

    /// Takes what is doomed off the disk; it is forgotten only then, so that a crash between the two repeats the one that does no harm.
    ///
    /// - Returns: whether there may be more.
    package func removeDoomed() async throws -> Bool {
        let doomed = try await database.read { transaction in
            try transaction.rows("SELECT file_id, what FROM file_removals ORDER BY doomed_at, file_id LIMIT \(Self.atOnce)").map {
                (id: $0.id(0, StoredFile.self), what: $0.text(1))
            }
        }
        for (id, what) in doomed {
            let (store, isAll) = (store, what == "all")
            try await store.run(for: .server) { try store.remove(from: id.rawValue) { isAll || $0.hasPrefix("part-") } }
            _ = try await database.write { transaction in
                try transaction.execute("DELETE FROM file_removals WHERE file_id = \(id) AND what = \(what)")
            }
        }
        return doomed.count == Self.atOnce
    }

    /// Dooms uploads that nobody went on with, and files that nobody sent, for a day.
    ///
    /// - Returns: whether there may be more.
    package func expireUnused() async throws -> Bool {
        let now = clock.now()
        let limit = now.adding(milliseconds: -FileLimits.patience)
        return try await database.write { [self] transaction in
            let uploads = try doomUploads(
                "id IN (SELECT id FROM uploads WHERE expires_at < \(now) ORDER BY expires_at LIMIT \(Self.atOnce)) AND expires_at < \(now)",
                in: transaction)
            let files = try doom(
                """
                id IN (SELECT id FROM files WHERE sent_at IS NULL AND created_at < \(limit) ORDER BY created_at LIMIT \(Self.atOnce))
                AND sent_at IS NULL
                """, in: transaction)
            return uploads == Self.atOnce || files == Self.atOnce
        }
    }

    /// Takes folders off the disk that belong to nothing, as a node that was lost can leave them.
    package func sweepFolders() async throws {
        let (store, before) = (store, Int(clock.now().adding(milliseconds: -2 * FileLimits.patience).milliseconds / 1000))
        let found = try await store.run(for: .server) { try store.folders(untouchedSince: before) }
        for start in stride(from: 0, to: found.count, by: Self.atOnce) {
            let part = found[start..<min(start + Self.atOnce, found.count)].map { FileID(rawValue: $0) }
            let known = try await database.read { transaction in
                var known: Set<FileID> = []
                for (table, column) in [("files", "id"), ("uploads", "id"), ("file_removals", "file_id")] as [(SQL, SQL)] {
                    let rows = try transaction.rows(
                        "SELECT \(sql: column) FROM \(sql: table) WHERE \(sql: column) IN (SELECT value FROM json_each(\(ids: part)))")
                    known.formUnion(rows.map { $0.id(0) })
                }
                return known
            }
            for id in part where !known.contains(id) { try await store.run(for: .server) { try store.remove(from: id.rawValue) } }
        }
    }

    // MARK: People who go

    /// What they sent goes with its messages.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        _ = try doomUploads("owner_id = \(person)", in: transaction)
        try doom("owner_id = \(person) AND sent_at IS NULL", in: transaction)
        try transaction.execute("DELETE FROM file_usage WHERE user_id = \(person)")
    }

    /// Files of an export, at most.
    private static let exportedAtMost = 10_000

    /// What they uploaded, the newest first.
    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let files = try transaction.rows(
            "SELECT \(sql: FileRecord.columns) FROM files WHERE owner_id = \(person) ORDER BY id DESC LIMIT \(Self.exportedAtMost)"
        ).map { row -> JSON in
            let file = FileRecord(row)
            var object = try view(file)
            object.append("created_at", JSON(file.createdAt))
            return .object(object)
        }
        return files.isEmpty ? [:] : ["files": .array(files)]
    }
}
