internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Runtime
internal import Storage
internal import Web

/// The bytes that one request asks for: of a file, or of its preview.
private struct FileContent: Sendable {
    let file: FileRecord
    let isPreview: Bool
    let size: Int64

    /// - Throws: 404 for a preview of a file that has none.
    init(_ file: FileRecord, isPreview: Bool) throws(Problem) {
        guard let size = isPreview ? file.previewSize : file.size else { throw .notFound }
        (self.file, self.isPreview, self.size) = (file, isPreview, size)
    }

    /// In the folder of the file.
    var name: String { isPreview ? "preview" : "data" }
    /// The bytes of an id never change.
    var tag: String { "\"\(file.id.uuid)\(isPreview ? "-preview" : "")\"" }
}

extension FilesFeature {
    /// Bytes that are read at once; longer answers are read while they are sent.
    private static let pieceBytes: Int64 = 256 << 10

    /// `GET /files/{id}`: the file as a message shows it.
    func describeFile(_ call: Call) async throws -> Reply {
        .json(200, .object(try view(try await readable(call))))
    }

    /// `GET //files/{id}/{name}` and its preview. The right to read is checked each time, so browsers must ask again before they use what they kept.
    func serveFile(_ call: Call, isPreview: Bool) async throws -> Reply {
        let content = try FileContent(try await readable(call), isPreview: isPreview)
        let headers = try headers(of: content)
        if Conditional.isFresh(call.request, tag: content.tag) {
            return Reply(status: 200, headers: headers).unlessFresh(for: call.request)
        }
        switch Conditional.part(of: call.request, count: Int(content.size), tag: content.tag) {
        case .whole: return try await send(0..<content.size, of: content, 200, headers, to: call.scope)
        case .range(let range):
            var headers = headers
            headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(content.size)"
            return try await send(Int64(range.lowerBound)..<Int64(range.upperBound), of: content, 206, headers, to: call.scope)
        case .unsatisfiable:
            var reply = Reply(Self.unsatisfiable, language: call.scope.language, requestID: call.scope.requestID)
            reply.headers["Content-Range"] = "bytes */\(content.size)"
            return reply
        }
    }

    /// A file of a message that the caller may read, or the caller's own that is not sent yet.
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

    private func headers(of content: FileContent) throws -> HTTPHeaders {
        let file = content.file
        let isInline = content.isPreview || ContentType.inline.contains(file.mediaType)
        let name = content.isPreview ? "image.webp" : try cipher.name(file.name, of: file.id)
        return [
            "Content-Type": content.isPreview ? "image/webp" : isInline ? file.mediaType : ContentType.unknown.mediaType,
            "Content-Disposition": FileName.disposition(name, isInline: isInline), "Content-Security-Policy": "sandbox; default-src 'none'",
            "ETag": content.tag, "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache",
        ]
    }

    private func send(
        _ range: Range<Int64>, of content: FileContent, _ status: Int, _ headers: HTTPHeaders, to scope: Scope
    ) async throws -> Reply {
        let (store, file) = (store, content.file)
        let (key, origin) = (try cipher.key(file.key, of: file.id), origin(of: scope.userID ?? file.owner))
        // The file is opened for each piece, so that slow readers hold no descriptors.
        let piece = { @Sendable (start: Int64) async throws -> (bytes: [UInt8], next: Int64?) in
            let part = start..<min(range.upperBound, start + Self.pieceBytes)
            let bytes = try await store.run(for: origin) {
                try store.read(content.name, of: file.id.rawValue, size: content.size, key: key).read(part)
            }
            return (bytes, part.upperBound < range.upperBound ? part.upperBound : nil)
        }
        var headers = headers
        headers["Content-Length"] = String(range.count)
        do {
            return .pieces(status: status, headers: headers, first: try await piece(range.lowerBound), piece: piece)
        } catch StorageFailure.missing {
            // The message was deleted since the row was read, or the disk lost the file.
            throw Problem.notFound
        } catch StorageFailure.damaged {
            throw Self.damaged(file)
        }
    }

    private static func damaged(_ file: FileRecord) -> Problem {
        Problem(
            500, "file_damaged",
            LocalizedText(en: "This file is damaged on the server’s disk.", fr: "Ce fichier est endommagé sur le disque du serveur."),
            cause: "the bytes of the file \(file.id.uuid) on the disk are not those that were written")
    }

    private static let unsatisfiable = Problem(
        416, "range_not_satisfiable",
        LocalizedText(
            en: "The requested range begins behind the end of the file.", fr: "La partie demandée commence après la fin du fichier."))
}
