package import Database
internal import HTTP
package import Kernel

/// What Conversations does with the files of messages.
extension FilesFeature {
    /// Puts files into a message, in this order. A file can be sent once, by the person who uploaded it.
    ///
    /// - Parameter references: ids as the client sent them.
    /// - Throws: 422 for an id that is not an unsent file of this person.
    package func attach(_ references: [String], to message: MessageID, by user: UserID, in transaction: Transaction) throws {
        let now = clock.now()
        for (place, reference) in references.enumerated() {
            guard let id = FileID(uuid: reference) else { throw FileLimits.unknownFile(place) }
            let taken = try transaction.execute(
                "UPDATE files SET sent_at = \(now) WHERE id = \(id) AND owner_id = \(user) AND sent_at IS NULL")
            guard taken == 1 else { throw FileLimits.unknownFile(place) }
            try transaction.execute("INSERT INTO message_files (message_id, place, file_id) VALUES (\(message), \(place), \(id))")
        }
    }

    /// The names of a person’s unsent files, in the order of the references. Others are left out: a filter shows the names to the caller.
    package func names(of references: [String], by user: UserID, in transaction: Transaction) throws -> [String] {
        let ids = references.compactMap { FileID(uuid: $0) }
        guard !ids.isEmpty else { return [] }
        let rows = try transaction.rows(
            """
            SELECT \(sql: FileRecord.columns) FROM files
            WHERE id IN (SELECT value FROM json_each(\(ids: ids))) AND owner_id = \(user) AND sent_at IS NULL
            """)
        let files = Dictionary(rows.map { FileRecord($0) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return try ids.compactMap { files[$0] }.map { try cipher.name($0.name, of: $0.id) }
    }

    /// The files of messages, as the messages show them.
    package func attachments(of messages: [MessageID], in transaction: Transaction) throws -> [MessageID: [JSON]] {
        guard !messages.isEmpty else { return [:] }
        var shown: [MessageID: [JSON]] = [:]
        let rows = try transaction.rows(
            """
            SELECT \(sql: FileRecord.columns), message_files.message_id FROM message_files JOIN files ON files.id = message_files.file_id
            WHERE message_files.message_id IN (SELECT value FROM json_each(\(ids: messages)))
            ORDER BY message_files.message_id, message_files.place
            """)
        for row in rows { shown[row.id(FileRecord.columnCount), default: []].append(.object(try view(FileRecord(row)))) }
        return shown
    }

    /// Removes the files of a deleted message: after COMMIT nobody can read them, and a job removes them from the disk.
    package func removeFiles(of message: MessageID, in transaction: Transaction) throws {
        for row in try transaction.rows("DELETE FROM message_files WHERE message_id = \(message) RETURNING file_id") {
            try doom("id = \(row.id(0, StoredFile.self))", in: transaction)
        }
    }

    func view(_ file: FileRecord) throws -> JSONObject {
        let name = try cipher.name(file.name, of: file.id)
        var object: JSONObject = [
            "id": JSON(file.id), "name": .string(name), "type": .string(file.mediaType), "size": .integer(file.size),
        ]
        if let width = file.width, let height = file.height {
            object.append("width", JSON(width))
            object.append("height", JSON(height))
        }
        object.append("url", .string("/files/\(file.id.uuid)/\(PercentCoding.encode(name))"))
        if file.previewSize != nil { object.append("thumbnail_url", .string("/files/\(file.id.uuid)/preview/image.webp")) }
        return object
    }
}
