internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Runtime
internal import Storage
internal import Web

/// The part of an upload that one request brings.
private struct UploadPart: Sendable {
    let number: Int64
    let upload: UploadRecord
    let key: AEADKey
    let origin: WorkOrigin
    var name: String { "part-\(number)" }
}

extension FilesFeature {
    /// Bytes of a request after which the offset is committed: a crash loses no more.
    private static let step = 8 << 20

    /// `HEAD /files/{id}`: how many bytes the server has. A complete upload that did not become a file, as after a crash, becomes one now.
    func describeUpload(_ call: Call) async throws -> Reply {
        try Tus.require(call)
        let (id, user) = (try fileID(call), try call.scope.requireUser())
        try await requireOwn(id, of: user)
        // An earlier request may still wait for a client that is gone: what it received is kept first.
        await active.interrupt(id)
        let (upload, file) = try await database.read { transaction in
            (try FileTable.upload(id, in: transaction), try FileTable.file(id, in: transaction))
        }
        if let file, file.owner == user {
            return Tus.reply(200, ["Upload-Offset": String(file.size), "Upload-Length": String(file.size)])
        }
        guard let upload, upload.owner == user, upload.expiresAt > call.clock.now() else { throw Problem.notFound }
        if upload.isComplete { try await active.alone(id, reading: HTTPBody()) { try await finish(id) } }
        return Tus.reply(
            200,
            [
                "Upload-Offset": String(upload.received), "Upload-Length": String(upload.length),
                "Upload-Expires": Self.date(upload.expiresAt),
            ])
    }

    /// `PATCH /files/{id}`: the bytes that follow an offset. They are on the disk before the offset is committed, and kept when the request is cut.
    func receiveUpload(_ call: Call) async throws -> Reply {
        try Tus.require(call)
        guard call.mediaType == "application/offset+octet-stream" else {
            throw Problem.unsupportedMediaType(
                LocalizedText(
                    en: "Send application/offset+octet-stream.", fr: "Envoyez application/offset+octet-stream."))
        }
        let (offset, checksum) = (try Tus.bytes("Upload-Offset", call), try Tus.checksum(call))
        let (id, user) = (try fileID(call), try call.scope.requireUser())
        try await requireOwn(id, of: user)
        let stream = call.bodyStream
        return try await active.alone(id, reading: stream) {
            guard let part = try await beginPart(id, of: user, at: offset, call) else {
                // The client repeats a request whose answer was lost.
                return Tus.reply(204, ["Upload-Offset": String(offset)])
            }
            let received = try await receive(stream, part, checksum)
            guard received == part.upload.length else {
                let expires = call.clock.now().adding(milliseconds: FileLimits.patience)
                return Tus.reply(204, ["Upload-Offset": String(received), "Upload-Expires": Self.date(expires)])
            }
            try await finish(id)
            return Tus.reply(204, ["Upload-Offset": String(received)])
        }
    }

    /// Gives the request a part of its own. From then on no earlier request can commit anything.
    ///
    /// - Returns: nil for an upload that is a file already, at its end.
    private func beginPart(_ id: FileID, of user: UserID, at offset: Int64, _ call: Call) async throws -> UploadPart? {
        let now = call.clock.now()
        return try await database.write { [self] transaction in
            let row = try transaction.row(
                """
                UPDATE uploads SET parts = parts + 1, expires_at = \(now.adding(milliseconds: FileLimits.patience))
                WHERE id = \(id) AND owner_id = \(user) AND received = \(offset) AND expires_at > \(now) AND parts < \(FileLimits.parts)
                RETURNING parts
                """)
            if let row, let upload = try FileTable.upload(id, in: transaction) {
                return UploadPart(number: row.int64(0), upload: upload, key: try cipher.key(upload.key, of: id), origin: origin(of: user))
            }
            if let file = try FileTable.file(id, in: transaction), file.owner == user {
                guard offset == file.size else { throw FileLimits.wrongOffset }
                return nil
            }
            guard let upload = try FileTable.upload(id, in: transaction), upload.owner == user, upload.expiresAt > now else {
                throw Problem.notFound
            }
            throw upload.received == offset ? FileLimits.tooManyParts : FileLimits.wrongOffset
        }
    }

    /// Receives the body. What was written and not committed is removed again, so that refused requests leave nothing on the disk.
    ///
    /// - Returns: the upload’s offset.
    private func receive(_ stream: HTTPBody, _ part: UploadPart, _ checksum: Tus.Checksum?) async throws -> Int64 {
        var isKept = false
        do {
            return try await write(stream, part, checksum, isKept: &isKept)
        } catch {
            if !isKept { try await discard(part) }
            throw error
        }
    }

    /// Writes the body, and commits the offset.
    ///
    /// - Parameter isKept: whether bytes of this part may be committed; at most one step of bytes follows those.
    /// - Returns: the upload’s offset.
    /// - Throws: the error that cut the body, after what came was kept. With a checksum nothing is kept of a cut body.
    private func write(_ stream: HTTPBody, _ part: UploadPart, _ checksum: Tus.Checksum?, isKept: inout Bool) async throws -> Int64 {
        let upload = part.upload
        var (writer, waiting, count, kept): (SealedWriter?, [UInt8], Int64, Int64) = (nil, [], 0, 0)
        var cut: HTTPBody.BodyError?
        do {
            for try await piece in stream {
                count += Int64(piece.count)
                guard count <= upload.length - upload.received else { throw Problem.contentTooLarge }
                checksum?.digest.append(piece)
                waiting += piece
                guard waiting.count >= 256 << 10 else { continue }
                writer = try await write(waiting, of: part, writer)
                waiting = []
                guard checksum == nil, let writer, writer.written - kept >= Self.step else { continue }
                try await files(part.origin) { try writer.sync() }
                try await commit(part, from: kept, to: writer.written, &isKept)
                kept = writer.written
            }
        } catch let error as HTTPBody.BodyError {
            cut = error
        }
        if let checksum, cut != nil || checksum.digest.finish() != checksum.expected { throw cut ?? FileLimits.checksumMismatch }
        if count > kept {
            let whole = try await write(waiting, of: part, writer)
            try await files(part.origin) { try whole.finish() }
            try await commit(part, from: kept, to: count, &isKept)
        }
        if let cut { throw cut }
        return upload.received + count
    }

    private func write(_ bytes: [UInt8], of part: UploadPart, _ writer: SealedWriter?) async throws -> SealedWriter {
        let store = store
        return try await files(part.origin) {
            let writer = try writer ?? store.write(part.name, of: part.upload.id.rawValue, key: part.key)
            try writer.append(bytes)
            return writer
        }
    }

    /// - Parameter isKept: becomes true also where the database did not say whether it committed.
    /// - Throws: 409 when a later request has begun its part, or the upload is gone.
    private func commit(_ part: UploadPart, from old: Int64, to new: Int64, _ isKept: inout Bool) async throws {
        let before = isKept
        isKept = true
        do {
            try await commit(part, from: old, to: new)
        } catch let refusal as Problem {
            isKept = before
            throw refusal
        }
    }

    private func commit(_ part: UploadPart, from old: Int64, to new: Int64) async throws {
        let (upload, expiry) = (part.upload, clock.now().adding(milliseconds: FileLimits.patience))
        try await database.write { transaction in
            let changed = try transaction.execute(
                """
                UPDATE uploads SET received = \(upload.received + new), expires_at = \(expiry)
                WHERE id = \(upload.id) AND parts = \(part.number) AND received = \(upload.received + old)
                """)
            guard changed == 1 else { throw FileLimits.wrongOffset }
            try transaction.execute(
                """
                INSERT INTO upload_parts (upload_id, part, bytes) VALUES (\(upload.id), \(part.number), \(new))
                ON CONFLICT (upload_id, part) DO UPDATE SET bytes = excluded.bytes
                """)
        }
    }

    private func discard(_ part: UploadPart) async throws {
        let store = store
        try await files(.server) { try store.remove(from: part.upload.id.rawValue) { $0 == part.name } }
    }

    /// `DELETE /files/{id}`: cancels an upload, or removes an unsent file. Its bytes no longer count from then on.
    func cancelUpload(_ call: Call) async throws -> Reply {
        try Tus.require(call)
        let (id, user) = (try fileID(call), try call.scope.requireUser())
        try await requireOwn(id, of: user)
        await active.interrupt(id)
        try await database.write { [self] transaction in
            if try doomUpload(id, of: user, in: transaction) { return }
            guard let file = try FileTable.file(id, in: transaction), file.owner == user else { throw Problem.notFound }
            guard try doomUnsent(id, in: transaction) else { throw FileLimits.fileSent }
        }
        return Tus.reply(204)
    }

    /// Checked before a request may interrupt another one of the upload.
    ///
    /// - Throws: 404 unless this person owns the upload or file.
    private func requireOwn(_ id: FileID, of user: UserID) async throws {
        let owner = try await database.read { transaction in
            try FileTable.upload(id, in: transaction)?.owner ?? FileTable.file(id, in: transaction)?.owner
        }
        guard owner == user else { throw Problem.notFound }
    }

    func fileID(_ call: Call) throws -> FileID {
        guard let id = FileID(uuid: call.parameter("id")) else { throw Problem.notFound }
        return id
    }

    /// Runs work on the folder, and turns a full disk into a problem.
    func files<Result: Sendable>(_ origin: WorkOrigin, _ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        do {
            return try await store.run(for: origin, body)
        } catch StorageFailure.full {
            throw FileLimits.diskFull
        }
    }

    /// Work for a person, which waits behind other work of the same person.
    func origin(of user: UserID) -> WorkOrigin { WorkOrigin(.known, [WorkOrigin.Share("person \(user.rawValue)", limit: 16)]) }
}
