internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Storage
internal import Web

extension FilesFeature {
    /// Bytes of an answer that is made whole; longer ones go out as the reader takes them.
    private static let whole: Int64 = 256 << 10

    /// `GET /files/{id}`: what a message shows of it.
    func describeFile(_ call: Call) async throws -> Reply {
        .json(200, .object(try view(try await readable(call))))
    }

    /// `GET //files/{id}/{name}` and its preview: with the rights of this moment, so that nothing is kept without asking again.
    func serveFile(_ call: Call, isPreview: Bool) async throws -> Reply {
        let file = try await readable(call)
        let size = isPreview ? file.previewSize : file.size
        guard let size else { throw Problem.notFound }
        let headers = try headers(of: file, isPreview: isPreview)
        let tag = headers["ETag"] ?? ""
        if Conditional.isFresh(call.request, tag: tag) { return Reply(status: 200, headers: headers).unlessFresh(for: call.request) }
        switch Conditional.part(of: call.request, count: Int(size), tag: tag) {
        case .whole: return try await send(0..<size, of: file, isPreview, size, 200, headers)
        case .range(let range):
            var headers = headers
            headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            return try await send(Int64(range.lowerBound)..<Int64(range.upperBound), of: file, isPreview, size, 206, headers)
        case .unsatisfiable:
            var reply = Reply(Self.unsatisfiable, language: call.scope.language, requestID: call.scope.requestID)
            reply.headers["Content-Range"] = "bytes */\(size)"
            return reply
        }
    }

    /// A file of a message that the one who asks may read, or their own that is not sent yet.
    ///
    /// - Throws: 404.
    private func readable(_ call: Call) async throws -> FileRecord {
        let (id, user) = (try fileID(call), call.scope.userID)
        let mayRead = try await mayRead(call.scope)
        return try await database.read { transaction in
            guard let file = try FileTable.file(id, in: transaction) else { throw Problem.notFound }
            let row = try transaction.row("SELECT message_id FROM message_files WHERE file_id = \(id)")
            guard let message: MessageID = row?.id(0) else {
                guard file.sentAt == nil, let user, file.owner == user else { throw Problem.notFound }
                return file
            }
            guard try mayRead(message, transaction) else { throw Problem.notFound }
            return file
        }
    }

    private func headers(of file: FileRecord, isPreview: Bool) throws -> HTTPHeaders {
        let isInline = isPreview || ContentType.inline.contains(file.mediaType)
        let name = isPreview ? "image.webp" : try cipher.name(file.name, of: file.id)
        return [
            "Content-Type": isPreview ? "image/webp" : isInline ? file.mediaType : ContentType.unknown.mediaType,
            "Content-Disposition": FileName.disposition(name, isInline: isInline), "Content-Security-Policy": "sandbox; default-src 'none'",
            "ETag": "\"\(file.id.uuid)\(isPreview ? "-preview" : "")\"", "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache",
        ]
    }

    private func send(
        _ range: Range<Int64>, of file: FileRecord, _ isPreview: Bool, _ size: Int64, _ status: Int, _ headers: HTTPHeaders
    ) async throws -> Reply {
        let (store, key, origin) = (store, try cipher.key(file.key, of: file.id), origin(of: file.owner))
        let reader: SealedReader
        let first: [UInt8]
        do {
            let end = range.count <= Self.whole ? range.upperBound : range.lowerBound
            (reader, first) = try await store.run(for: origin) {
                let reader = try store.read(isPreview ? "preview" : "data", of: file.id.rawValue, size: size, key: key)
                return (reader, try reader.read(range.lowerBound..<end))
            }
        } catch StorageFailure.missing {
            // Taken off the disk since its row was read, or lost: there is nothing to show.
            throw Problem.notFound
        } catch StorageFailure.damaged {
            throw Self.damaged(file)
        }
        guard range.count > Self.whole else { return Reply(status: status, headers: headers, body: first) }
        let cursor = ReadCursor(range)
        return .pulled(status: status, headers: headers, count: Int64(range.count)) {
            let part = cursor.next(Self.whole)
            return try await store.run(for: origin) { try reader.read(part) }
        }
    }

    private static func damaged(_ file: FileRecord) -> Problem {
        Problem(
            500, "file_damaged",
            LocalizedText(en: "This file is damaged on the server’s disk.", fr: "Ce fichier est endommagé sur le disque du serveur."),
            cause: "the file \(file.id.uuid) is not what was written")
    }

    private static let unsatisfiable = Problem(
        416, "range_not_satisfiable",
        LocalizedText(en: "The file ends before the part that was asked for.", fr: "Le fichier se termine avant la partie demandée."))
}
