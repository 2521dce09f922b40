internal import Crypto
internal import Database
internal import Kernel

/// A private note about another person.
struct PrivateNote: Sendable, Equatable {
    var note: String?
    /// The name that the note's owner sees instead of the person's own.
    var nickname: String?

    var isEmpty: Bool { note == nil && nickname == nil }

    var json: JSONObject { ["note": JSON(note), "nickname": JSON(nickname)] }
}

/// The table `user_notes`. The content of each row is encrypted for that row.
struct NoteTable: Sendable {
    let cipher: FieldCipher
    let ids: IDGenerator

    private static let column = "user_notes.content"

    func note(by owner: UserID, of user: UserID, in transaction: Transaction) throws -> PrivateNote {
        try transaction.row("SELECT id, content_cipher FROM user_notes WHERE owner_id = \(owner) AND user_id = \(user)").map {
            try open($0.blob(1), id: $0.id(0))
        } ?? PrivateNote()
    }

    func all(by owner: UserID, in transaction: Transaction) throws -> [(user: UserID, note: PrivateNote)] {
        try transaction.rows("SELECT id, content_cipher, user_id FROM user_notes WHERE owner_id = \(owner) ORDER BY user_id").map {
            ($0.id(2), try open($0.blob(1), id: $0.id(0)))
        }
    }

    func count(by owner: UserID, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM user_notes WHERE owner_id = \(owner)")?.int(0) ?? 0
    }

    func delete(by owner: UserID, of user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM user_notes WHERE owner_id = \(owner) AND user_id = \(user)")
    }

    /// Gives the row a new id, for which the content is encrypted.
    func put(_ note: PrivateNote, by owner: UserID, of user: UserID, at now: Timestamp, in transaction: Transaction) throws {
        let id = ids.next(AnyEntity.self)
        let sealed = cipher.seal(JSON.object(note.json).bytes, column: Self.column, id: id.rawValue)
        try transaction.execute(
            """
            INSERT INTO user_notes (id, owner_id, user_id, content_cipher, updated_at) VALUES (\(id), \(owner), \(user), \(sealed), \(now))
            ON CONFLICT (owner_id, user_id) DO UPDATE SET id = excluded.id, content_cipher = excluded.content_cipher,
                updated_at = excluded.updated_at
            """)
    }

    func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM user_notes WHERE owner_id = \(person)")
        try transaction.execute("DELETE FROM user_notes WHERE user_id = \(person)")
    }

    private func open(_ sealed: [UInt8], id: RowID) throws -> PrivateNote {
        let content = try JSONParser.parse(own: try cipher.open(sealed, column: Self.column, id: id.rawValue))
        return PrivateNote(note: content["note"]?.string, nickname: content["nickname"]?.string)
    }
}
