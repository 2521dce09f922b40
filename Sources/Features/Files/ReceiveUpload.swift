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
    var name: String { "part-\(number)" }
}

extension FilesFeature {
    /// Bytes of a request after which what came is kept, so that a cut loses no more.
    private static let step = 8 << 20

    /// `HEAD /files/{id}`: how many bytes are here. One that is all here and was not made a file yet, as after a crash, is made one now.
    func describeUpload(_ call: Call) async throws -> Reply {
        try Tus.require(call)
        let (id, user) = (try fileID(call), try call.scope.requireUser())
        try await requireOwn(id, of: user)
        // The request before may still be there, though its client is not: what it had is kept first.
        await active.interrupt(id)
        let (upload, file) = try await database.read { transaction in
            (try FileTable.upload(id, in: transaction), try FileTable.file(id, in: transaction))
        }
        if let file, file.owner == user {
            return Tus.reply(200, ["Upload-Offset": String(file.size), "Upload-Length": String(file.size)])
        }
        guard let upload, upload.owner == user, upload.expiresAt > call.clock.now() else { throw Problem.notFound }
        if upload.isComplete { try await active.alone(id, reading: HTTPBody()) { _ = try await finish(id, for: call.scope) } }
        return Tus.reply(
            200,
            [
                "Upload-Offset": String(upload.received), "Upload-Length": String(upload.length),
                "Upload-Expires": Self.date(upload.expiresAt),
            ])
    }

    /// `PATCH /files/{id}`: what follows at an offset. Chunks are on the disk before the offset is committed; what came before a cut is kept.
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
                // Said again by a client that did not hear the answer.
                return Tus.reply(204, ["Upload-Offset": String(offset)])
            }
            let received = try await receive(stream, part, checksum, call.scope)
            guard received == part.upload.length else {
                let expires = call.clock.now().adding(milliseconds: FileLimits.patience)
                return Tus.reply(204, ["Upload-Offset": String(received), "Upload-Expires": Self.date(expires)])
            }
            _ = try await finish(id, for: call.scope)
            return Tus.reply(204, ["Upload-Offset": String(received)])
        }
    }

    /// Gives the request a part of its own, after which no earlier request can commit anything.
    ///
    /// - Returns: nil for a file that is whole already, at its end.
    private func beginPart(_ id: FileID, of user: UserID, at offset: Int64, _ call: Call) async throws -> UploadPart? {
        let now = call.clock.now()
        return try await database.write { transaction in
            let row = try transaction.row(
                """
                UPDATE uploads SET parts = parts + 1, expires_at = \(now.adding(milliseconds: FileLimits.patience))
                WHERE id = \(id) AND owner_id = \(user) AND received = \(offset) AND expires_at > \(now) AND parts < \(FileLimits.parts)
                RETURNING parts
                """)
            if let row, let upload = try FileTable.upload(id, in: transaction) { return UploadPart(number: row.int64(0), upload: upload) }
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

    /// Writes the body, and commits how far it came.
    ///
    /// - Returns: the upload’s offset.
    /// - Throws: what the body ended with, when it was cut; what came is kept all the same, but where a checksum was to hold for all of it.
    private func receive(_ stream: HTTPBody, _ part: UploadPart, _ checksum: Tus.Checksum?, _ scope: Scope) async throws -> Int64 {
        let upload = part.upload
        let origin = origin(of: upload.owner)
        let room = upload.length - upload.received
        var (writer, waiting, count, kept): (SealedWriter?, [UInt8], Int64, Int64) = (nil, [], 0, 0)
        var cut: (any Error)?
        do {
            for try await piece in stream {
                count += Int64(piece.count)
                guard count <= room else { throw Problem.contentTooLarge }
                checksum?.digest.append(piece)
                waiting += piece
                guard waiting.count >= 256 << 10 else { continue }
                writer = try await write(waiting, of: part, writer, origin)
                waiting = []
                guard checksum == nil, let writer, writer.written - kept >= Self.step else { continue }
                try await keep(part, from: kept, to: writer.written, origin, writer)
                kept = writer.written
            }
        } catch let error as HTTPBody.BodyError {
            cut = error
        }
        if let checksum, cut != nil || checksum.digest.finish() != checksum.expected {
            try await discard(part, origin)
            throw cut ?? FileLimits.checksumMismatch
        }
        if count > kept {
            let whole = try await write(waiting, of: part, writer, origin)
            try await files(origin) { try whole.finish() }
            try await commit(part, from: kept, to: count)
        }
        if let cut { throw cut }
        return upload.received + count
    }

    private func write(_ bytes: [UInt8], of part: UploadPart, _ writer: SealedWriter?, _ origin: WorkOrigin) async throws -> SealedWriter {
        let (store, key) = (store, try cipher.key(part.upload.key, of: part.upload.id))
        return try await files(origin) {
            let writer = try writer ?? store.write(part.name, of: part.upload.id.rawValue, key: key)
            try writer.append(bytes)
            return writer
        }
    }

    private func keep(_ part: UploadPart, from old: Int64, to new: Int64, _ origin: WorkOrigin, _ writer: SealedWriter) async throws {
        try await files(origin) { try writer.sync() }
        try await commit(part, from: old, to: new)
    }

    /// - Throws: 409 when another request has taken over.
    private func commit(_ part: UploadPart, from old: Int64, to new: Int64) async throws {
        let upload = part.upload
        try await database.write { transaction in
            let changed = try transaction.execute(
                """
                UPDATE uploads SET received = \(upload.received + new)
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

    private func discard(_ part: UploadPart, _ origin: WorkOrigin) async throws {
        let store = store
        try await files(origin) { try store.remove(from: part.upload.id.rawValue) { $0 == part.name } }
    }

    /// `DELETE /files/{id}`: an upload under way, or a file that was not sent; the quota is free at once.
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

    /// Before anything of somebody’s is ended.
    ///
    /// - Throws: 404 for what is somebody else’s, or not there.
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

    /// What reads or writes the folder, with the disk’s refusals as problems.
    func files<Result: Sendable>(_ origin: WorkOrigin, _ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        do {
            return try await store.run(for: origin, body)
        } catch StorageFailure.full {
            throw FileLimits.diskFull
        }
    }

    func origin(of user: UserID) -> WorkOrigin { WorkOrigin(.known, [WorkOrigin.Share("person \(user.rawValue)", limit: 16)]) }
}
