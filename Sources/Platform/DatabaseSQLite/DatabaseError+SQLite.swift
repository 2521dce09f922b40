internal import CSQLite
internal import Database

extension DatabaseError {
    static let nulInText = DatabaseError.other(code: Int(SQLITE_MISMATCH), message: "a text holds the character NUL")

    /// - Parameter code: an extended result code of the connection's last call.
    init(_ code: Int32, on connection: OpaquePointer?, statement: String) {
        let message = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? String(cString: sqlite3_errstr(code))
        // "UNIQUE constraint failed: users.username"
        let subject =
            message.firstIndex(of: ":").map { String(message[message.index($0, offsetBy: 2, limitedBy: message.endIndex)!...]) } ?? ""
        switch code {
        case Self.uniqueCode, Self.primaryKeyCode, Self.rowIDCode: self = .unique(constraint: subject)
        case Self.foreignKeyCode: self = .foreignKey
        case Self.checkCode: self = .check(constraint: subject)
        case Self.notNullCode: self = .notNull
        case _ where code & 0xFF == SQLITE_FULL: self = .diskFull
        case _ where code & 0xFF == SQLITE_READONLY: self = .readOnly(message)
        case _ where code & 0xFF == SQLITE_IOERR || code & 0xFF == SQLITE_CANTOPEN: self = .unavailable("the disk failed: \(message)")
        case _ where code & 0xFF == SQLITE_BUSY: self = .unavailable("another process holds the database: \(message)")
        default: self = .other(code: Int(code), message: "\(message) (\(statement))")
        }
    }

    private static let uniqueCode: Int32 = 2067
    private static let primaryKeyCode: Int32 = 1555
    private static let rowIDCode: Int32 = 2579
    private static let foreignKeyCode: Int32 = 787
    private static let checkCode: Int32 = 275
    private static let notNullCode: Int32 = 1299
}
