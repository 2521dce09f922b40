internal import Database
internal import HTTP
internal import Kernel
internal import Roles
internal import Storage
internal import Web

extension FilesFeature {
    /// `OPTIONS /files`: which parts of tus the server supports.
    func describeTus(_ call: Call) -> Reply {
        Tus.reply(
            204,
            [
                "Tus-Version": Tus.version, "Tus-Extension": Tus.extensions, "Tus-Checksum-Algorithm": Tus.algorithms,
                "Tus-Max-Size": String(options.fileBytes), "Allow": "POST, OPTIONS",
            ])
    }

    /// `POST /files`: reserves the bytes of the file and gives the upload its address.
    func createUpload(_ call: Call) async throws -> Reply {
        try Tus.require(call)
        let user = try call.scope.requireUser()
        let (length, name, now) = (try Tus.bytes("Upload-Length", call), try Tus.fileName(call), call.clock.now())
        // An upload lies on the disk twice while it becomes a file.
        if let free = store.freeBytes, free < 2 * length + FileLimits.spare { throw FileLimits.diskFull }
        let id: FileID = ids.next()
        let upload = try await database.write { [self] transaction in
            let limits = try limits(of: user, at: now, in: transaction)
            guard length <= limits.file else { throw FileLimits.fileTooLarge(limits.file) }
            guard try FileTable.reserve(length, of: user, quota: limits.quota, in: transaction) else {
                throw FileLimits.overQuota(limits.quota)
            }
            // This transaction holds the person’s row of `file_usage`: no other upload of theirs begins before COMMIT.
            guard try FileTable.unsent(of: user, in: transaction) < FileLimits.unsent else { throw FileLimits.tooManyUploads }
            try transaction.execute(
                """
                INSERT INTO uploads (id, owner_id, name_cipher, key_cipher, length, created_at, expires_at)
                VALUES (\(id), \(user), \(cipher.seal(name: name, of: id)), \(cipher.newKey(of: id)), \(length), \(now),
                    \(now.adding(milliseconds: FileLimits.patience)))
                """)
            guard let upload = try FileTable.upload(id, in: transaction) else { throw Problem.notFound }
            return upload
        }
        if upload.isComplete { try await finish(id) }
        return Tus.reply(201, ["Location": "/api/v1/files/\(id.uuid)", "Upload-Expires": Self.date(upload.expiresAt)])
    }

    /// How much a person may upload now: by their roles, else by the settings of the site.
    func limits(of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> (file: Int64, quota: Int64) {
        let limits = try roles.limits(of: user, at: now, in: transaction)
        return (limits.fileBytes ?? options.fileBytes, limits.quotaBytes ?? options.quotaBytes)
    }

    /// `GET /files/limits`
    func readLimits(_ call: Call) async throws -> Reply {
        let (user, now) = (try call.scope.requireUser(), call.clock.now())
        return try await database.read { [self] transaction in
            let limits = try limits(of: user, at: now, in: transaction)
            return .json(
                200,
                [
                    "file_bytes": .integer(limits.file), "quota_bytes": .integer(limits.quota),
                    "used_bytes": .integer(try FileTable.used(by: user, in: transaction)),
                ])
        }
    }

    static func date(_ time: Timestamp) -> String { HTTPDate.format(Int(time.milliseconds / 1000)) }
}
