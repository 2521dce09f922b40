internal import Crypto
internal import Database
package import Kernel

/// The tag of the ids of uploads. The file that an upload becomes keeps the id.
package enum StoredFile {}
package typealias FileID = ID<StoredFile>

/// Seals names and keys of files.
struct FileCipher: Sendable {
    let keyring: Keyring

    func seal(name: String, of file: FileID) -> [UInt8] { keyring.fields.seal(name, column: "files.name", id: file.rawValue) }

    /// - Throws: `CryptoError`.
    func name(_ sealed: [UInt8], of file: FileID) throws -> String {
        try keyring.fields.openText(sealed, column: "files.name", id: file.rawValue)
    }

    /// A new key for one file, sealed under the site’s current one, which the sealed value names.
    func newKey(of file: FileID) -> [UInt8] {
        keyring.fields.seal(Random.bytes(AEADKey.keyCount), column: "files.key", id: file.rawValue)
    }

    /// - Throws: `CryptoError`.
    func key(_ sealed: [UInt8], of file: FileID) throws -> AEADKey {
        try AEADKey(try keyring.fields.open(sealed, column: "files.key", id: file.rawValue))
    }
}

/// One row of `files`.
struct FileRecord: Sendable {
    let id: FileID
    let owner: UserID
    var name: [UInt8]
    var key: [UInt8]
    var mediaType: String
    var size: Int64
    /// Pixels of an upright picture.
    var width: Int?
    var height: Int?
    /// Bytes of its preview.
    var previewSize: Int64?
    var createdAt: Timestamp
    var sentAt: Timestamp?

    static let columns: SQL = """
        files.id, files.owner_id, files.name_cipher, files.key_cipher, files.media_type, files.size, files.width, files.height,
        files.preview_size, files.created_at, files.sent_at
        """
    static let columnCount = 11

    init(_ row: Row) {
        (id, owner, name, key) = (row.id(0), row.id(1), row.blob(2), row.blob(3))
        (mediaType, size) = (row.text(4), row.int64(5))
        (width, height) = (row.optionalInt64(6).map { Int($0) }, row.optionalInt64(7).map { Int($0) })
        (previewSize, createdAt, sentAt) = (row.optionalInt64(8), row.time(9), row.optionalTime(10))
    }

    init(_ upload: UploadRecord, mediaType: String, size: Int64, at now: Timestamp) {
        (id, owner, name, key) = (upload.id, upload.owner, upload.name, upload.key)
        (self.mediaType, self.size, createdAt) = (mediaType, size, now)
    }
}

/// One row of `uploads`.
struct UploadRecord: Sendable {
    /// The bytes that one request brought; they lie in a file of their own.
    struct Part: Sendable {
        let number: Int64
        let bytes: Int64
    }

    let id: FileID
    let owner: UserID
    let name: [UInt8]
    let key: [UInt8]
    let length: Int64
    var received: Int64
    var expiresAt: Timestamp

    static let columns: SQL = """
        uploads.id, uploads.owner_id, uploads.name_cipher, uploads.key_cipher, uploads.length, uploads.received, uploads.expires_at
        """

    init(_ row: Row) {
        (id, owner, name, key) = (row.id(0), row.id(1), row.blob(2), row.blob(3))
        (length, received, expiresAt) = (row.int64(4), row.int64(5), row.time(6))
    }

    var isComplete: Bool { received == length }
}

/// The SQL of files and uploads.
enum FileTable {
    static func file(_ id: FileID, in transaction: Transaction) throws -> FileRecord? {
        try transaction.row("SELECT \(sql: FileRecord.columns) FROM files WHERE id = \(id)").map { FileRecord($0) }
    }

    static func upload(_ id: FileID, in transaction: Transaction) throws -> UploadRecord? {
        try transaction.row("SELECT \(sql: UploadRecord.columns) FROM uploads WHERE id = \(id)").map { UploadRecord($0) }
    }

    static func parts(of id: FileID, in transaction: Transaction) throws -> [UploadRecord.Part] {
        try transaction.rows("SELECT part, bytes FROM upload_parts WHERE upload_id = \(id) ORDER BY part").map {
            UploadRecord.Part(number: $0.int64(0), bytes: $0.int64(1))
        }
    }

    /// Adds bytes to a person’s usage, in one statement: of two requests at once, the second sees what the first reserved.
    ///
    /// - Returns: false when they do not fit.
    static func reserve(_ bytes: Int64, of user: UserID, quota: Int64, in transaction: Transaction) throws -> Bool {
        guard bytes <= quota else { return false }
        return try transaction.execute(
            """
            INSERT INTO file_usage (user_id, bytes) VALUES (\(user), \(bytes))
            ON CONFLICT (user_id) DO UPDATE SET bytes = file_usage.bytes + excluded.bytes WHERE file_usage.bytes + excluded.bytes <= \(quota)
            """) == 1
    }

    static func release(_ bytes: Int64, of user: UserID, in transaction: Transaction) throws {
        guard bytes != 0 else { return }
        try transaction.execute("UPDATE file_usage SET bytes = bytes - \(bytes) WHERE user_id = \(user)")
    }

    static func used(by user: UserID, in transaction: Transaction) throws -> Int64 {
        try transaction.row("SELECT bytes FROM file_usage WHERE user_id = \(user)")?.int64(0) ?? 0
    }

    /// Uploads and unsent files of a person.
    static func unsent(of user: UserID, in transaction: Transaction) throws -> Int {
        let uploads: SQL = "SELECT COUNT(*) FROM uploads WHERE owner_id = \(user)"
        let files: SQL = "SELECT COUNT(*) FROM files WHERE owner_id = \(user) AND sent_at IS NULL"
        return try transaction.row("SELECT (\(sql: uploads)) + (\(sql: files))")?.int(0) ?? 0
    }

    static func insert(_ file: FileRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO files (id, owner_id, name_cipher, key_cipher, media_type, size, width, height, preview_size, created_at)
            VALUES (\(file.id), \(file.owner), \(file.name), \(file.key), \(file.mediaType), \(file.size), \(file.width), \(file.height),
                \(file.previewSize), \(file.createdAt))
            """)
    }
}
