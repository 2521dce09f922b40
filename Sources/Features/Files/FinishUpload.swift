internal import Crypto
internal import Database
internal import Images
internal import Kernel
internal import Runtime
internal import Storage
internal import Web

/// The bytes of a complete upload, in their order.
private struct UploadContent: Sendable {
    let store: FileStore
    let upload: UploadRecord
    let parts: [UploadRecord.Part]
    let key: AEADKey

    func read(_ range: Range<Int64>) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var start: Int64 = 0
        for part in parts {
            let wanted = range.clamped(to: start..<start + part.bytes)
            if !wanted.isEmpty {
                let reader = try store.read("part-\(part.number)", of: upload.id.rawValue, size: part.bytes, key: key)
                bytes += try reader.read(wanted.lowerBound - start..<wanted.upperBound - start)
            }
            start += part.bytes
        }
        return bytes
    }
}

extension FilesFeature {
    /// Bytes that are processed at once.
    private static let step: Int64 = 1 << 20

    /// Makes a complete upload a file: finds its type, removes its metadata, makes a preview. May be repeated after a crash.
    func finish(_ id: FileID) async throws {
        let found = try await database.read { transaction in
            try FileTable.upload(id, in: transaction).map { ($0, try FileTable.parts(of: id, in: transaction)) }
        }
        guard let (upload, parts) = found, upload.isComplete else { return }
        let content = UploadContent(store: store, upload: upload, parts: parts, key: try cipher.key(upload.key, of: id))
        let origin = origin(of: upload.owner)
        let head = try await files(origin) { try content.read(0..<min(upload.length, Int64(ContentType.looked))) }
        var type = ContentType.of(head)
        let file: FileRecord
        switch type.family {
        case .picture(let format) where upload.length <= FileLimits.picture:
            file = try await turns.take(for: origin) { try await keepPicture(format, type, content, origin) }
        case .picture:
            // Too large to remove its metadata: it is stored unchanged, and offered as a download.
            type = .unknown
            file = try await keepStream(type, content, origin)
        case .heif:
            let front = try await files(origin) { try content.read(0..<min(upload.length, Int64(HEIFMetadata.looked))) }
            let metadata = HEIFMetadata.ranges(in: front)
            file = try await keepStream(metadata == nil ? .unknown : type, content, origin, blanking: metadata ?? [])
        case .movie, .other:
            file = try await keepStream(type, content, origin)
        }
        try await replace(upload, by: file)
    }

    /// Gives back the bytes that were reserved and are not needed. Does nothing when another request has finished the upload.
    private func replace(_ upload: UploadRecord, by file: FileRecord) async throws {
        let now = clock.now()
        try await database.write { [self] transaction in
            guard try transaction.execute("DELETE FROM uploads WHERE id = \(upload.id) AND received = length") == 1 else { return }
            try FileTable.insert(file, in: transaction)
            try FileTable.release(upload.length - file.size, of: file.owner, in: transaction)
            try remove([upload.id], .parts, at: now, in: transaction)
        }
    }

    private func keepPicture(
        _ format: ImageFormat, _ type: ContentType, _ content: UploadContent, _ origin: WorkOrigin
    ) async throws -> FileRecord {
        let (store, upload) = (store, content.upload)
        let (bytes, isPicture) = try await files(origin) {
            let bytes = try content.read(0..<upload.length)
            let bare = PictureMetadata.removed(from: bytes, format)
            try Self.write(bare ?? bytes, "data", of: content, in: store)
            return (bare ?? bytes, bare != nil)
        }
        var file = FileRecord(
            upload, mediaType: isPicture ? type.mediaType : ContentType.unknown.mediaType, size: Int64(bytes.count), at: clock.now())
        guard isPicture else { return file }
        do {
            let preview = try await pictures.preview(of: bytes, side: FileLimits.previewSide, for: origin)
            try await files(origin) { try Self.write(preview.webP, "preview", of: content, in: store) }
            (file.width, file.height, file.previewSize) = (preview.width, preview.height, Int64(preview.webP.count))
        } catch is PictureFailure {
            // Too many pixels, or damaged: a file without a preview.
        }
        return file
    }

    /// Processes a file in pieces, so that other work has its turn in between.
    ///
    /// - Parameter blanked: ranges of bytes that become zero.
    private func keepStream(
        _ type: ContentType, _ content: UploadContent, _ origin: WorkOrigin, blanking blanked: [Range<Int64>] = []
    ) async throws -> FileRecord {
        let (store, upload) = (store, content.upload)
        let writer = try await files(origin) { try store.replace("data", of: upload.id.rawValue, key: content.key) }
        var movie = MovieMetadata()
        var start: Int64 = 0
        while start < upload.length {
            let range = start..<min(upload.length, start + Self.step)
            let filter = movie
            movie = try await files(origin) {
                var filter = filter
                var bytes = try content.read(range)
                HEIFMetadata.blank(blanked, in: &bytes, from: range.lowerBound)
                try writer.append(type.family == .movie ? filter.filter(bytes) : bytes)
                return filter
            }
            start = range.upperBound
        }
        let rest = type.family == .movie ? movie.finish() : []
        try await files(origin) {
            try writer.append(rest)
            try writer.finish()
        }
        let isSound = movie.tracks.contains("soun") && !movie.tracks.contains("vide") && type.mediaType == "video/mp4"
        return FileRecord(upload, mediaType: isSound ? "audio/mp4" : type.mediaType, size: upload.length, at: clock.now())
    }

    private static func write(_ bytes: [UInt8], _ name: String, of content: UploadContent, in store: FileStore) throws {
        let writer = try store.replace(name, of: content.upload.id.rawValue, key: content.key)
        try writer.append(bytes)
        try writer.finish()
    }
}
