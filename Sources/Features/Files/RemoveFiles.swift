package import Database
internal import Jobs
package import Kernel
internal import Runtime
internal import Storage

/// How files are removed: a transaction deletes their rows and notes their folders, then a job removes the folders from the disk.
extension FilesFeature {
    static let removeJob = "files.remove"
    private static let atOnce = 200

    /// What is removed of a file’s folder.
    enum Removal: String {
        case all
        /// Everything but the finished file and its preview.
        case parts

        func includes(_ name: String) -> Bool { self == .all || name != "data" && name != "preview" }
    }

    /// - Returns: whether the person had such an upload.
    func doomUpload(_ id: FileID, of user: UserID, in transaction: Transaction) throws -> Bool {
        try doomUploads("id = \(id) AND owner_id = \(user)", in: transaction) == 1
    }

    /// - Returns: whether there was such a file that is not sent.
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

    /// Gives the bytes of deleted rows back to their owners.
    private func forget(_ rows: [Row], in transaction: Transaction) throws -> Int {
        for row in rows { try FileTable.release(row.int64(2), of: row.id(1), in: transaction) }
        try remove(rows.map { $0.id(0) }, .all, at: clock.now(), in: transaction)
        return rows.count
    }

    /// Has a job remove files from the disk.
    func remove(_ files: [FileID], _ what: Removal, at now: Timestamp, in transaction: Transaction) throws {
        guard !files.isEmpty else { return }
        for id in files {
            try transaction.execute(
                """
                INSERT INTO file_removals (file_id, what, doomed_at) VALUES (\(id), \(what.rawValue), \(now))
                ON CONFLICT (file_id, what) DO NOTHING
                """)
        }
        try transaction.enqueue(Self.removeJob, key: "doomed", on: queue)
    }

    /// Removes noted files from the disk. The note is deleted last: after a crash in between, the removal is repeated.
    ///
    /// - Returns: whether more may wait.
    /// - Throws: the last failure, after all others of the step were tried.
    package func removeDoomed() async throws -> Bool {
        let doomed = try await database.read { transaction in
            try transaction.rows("SELECT file_id, what FROM file_removals ORDER BY doomed_at, file_id LIMIT \(Self.atOnce)").map {
                (id: $0.id(0, StoredFile.self), what: Removal(rawValue: $0.text(1)) ?? .all)
            }
        }
        let store = store
        var failure: (any Error)?
        for (id, what) in doomed {
            do {
                try await store.run(for: .server) { try store.remove(from: id.rawValue, where: what.includes) }
            } catch {
                failure = error
                continue
            }
            _ = try await database.write { transaction in
                try transaction.execute("DELETE FROM file_removals WHERE file_id = \(id) AND what = \(what.rawValue)")
            }
        }
        if let failure { throw failure }
        return doomed.count == Self.atOnce
    }

    /// Deletes uploads without progress and unsent files after a day.
    ///
    /// - Returns: whether more may wait.
    package func expireUnused() async throws -> Bool {
        let now = clock.now()
        let limit = now.adding(milliseconds: -FileLimits.patience)
        return try await database.write { [self] transaction in
            // PostgreSQL checks a condition again on a row that another transaction has just changed, but not a subquery.
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

    /// Removes folders without any row, which a node can leave when it fails during an upload.
    package func sweepFolders() async throws {
        let (store, before) = (store, Int(clock.now().adding(milliseconds: -2 * FileLimits.patience).milliseconds / 1000))
        for shard in FileStore.shards {
            let found = try await store.run(for: .server) { try store.folders(ofShard: shard, unchangedSince: before) }
            for start in stride(from: 0, to: found.count, by: Self.atOnce) {
                let part = found[start..<min(start + Self.atOnce, found.count)].map { FileID(rawValue: $0) }
                let known = try await known(part)
                for id in part where !known.contains(id) { try await store.run(for: .server) { try store.remove(from: id.rawValue) } }
            }
        }
    }

    private func known(_ ids: [FileID]) async throws -> Set<FileID> {
        try await database.read { transaction in
            var known: Set<FileID> = []
            for (table, column) in [("files", "id"), ("uploads", "id"), ("file_removals", "file_id")] as [(SQL, SQL)] {
                let rows = try transaction.rows(
                    "SELECT \(sql: column) FROM \(sql: table) WHERE \(sql: column) IN (SELECT value FROM json_each(\(ids: ids)))")
                known.formUnion(rows.map { $0.id(0) })
            }
            return known
        }
    }

    // MARK: Erasure and export

    /// Files in messages are removed with the messages, by Conversations.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        _ = try doomUploads("owner_id = \(person)", in: transaction)
        try doom("owner_id = \(person) AND sent_at IS NULL", in: transaction)
        try transaction.execute("DELETE FROM file_usage WHERE user_id = \(person)")
    }

    /// The most files that an export lists.
    private static let exportedAtMost = 10_000

    /// The person’s files, the newest first.
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
