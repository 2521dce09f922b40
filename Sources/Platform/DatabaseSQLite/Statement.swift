internal import CSQLite
internal import Database
internal import Kernel

/// A prepared statement of one connection.
final class Statement {
    let handle: OpaquePointer
    /// The value that each slot takes: `$n` is a named parameter in SQLite, numbered by first appearance.
    private let values: [Int]
    /// The connection's count at its last use.
    var lastUse = 0

    /// - Throws: when the text holds no statement, or more than one.
    init(_ text: String, on connection: OpaquePointer) throws(DatabaseError) {
        var handle: OpaquePointer?
        var hasTail = false
        let code = text.withCString { start in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(connection, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
            if var next = tail {
                while next.pointee == 0x20 || next.pointee == 0x0A || next.pointee == 0x3B { next += 1 }
                hasTail = next.pointee != 0
            }
            return code
        }
        guard code == SQLITE_OK else { throw DatabaseError(code, on: connection, statement: text) }
        guard let handle, !hasTail else {
            sqlite3_finalize(handle)
            throw .other(code: Int(SQLITE_MISUSE), message: "one statement is expected: \(text)")
        }
        var values: [Int] = []
        for slot in 0..<sqlite3_bind_parameter_count(handle) {
            let name = sqlite3_bind_parameter_name(handle, slot + 1).map { String(cString: $0) } ?? ""
            // A cast belongs to the name here: "$1::bigint".
            guard name.first == "$", let number = Int(name.dropFirst().prefix { $0.isNumber }), number > 0 else {
                sqlite3_finalize(handle)
                throw .other(code: Int(SQLITE_MISUSE), message: "the parameter \(name) is not of the form $1: \(text)")
            }
            values.append(number - 1)
        }
        self.values = values
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ parameters: [SQLValue], on connection: OpaquePointer) throws(DatabaseError) {
        for (slot, index) in values.enumerated() {
            let code = try Self.bind(parameters[index], to: Int32(slot + 1), of: handle)
            guard code == SQLITE_OK else { throw DatabaseError(code, on: connection, statement: "bind $\(index + 1)") }
        }
    }

    private static func bind(_ value: SQLValue, to slot: Int32, of handle: OpaquePointer) throws(DatabaseError) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, slot)
        case .integer(let number): return sqlite3_bind_int64(handle, slot, number)
        case .boolean(let flag): return sqlite3_bind_int64(handle, slot, flag ? 1 : 0)
        case .real(let number): return sqlite3_bind_double(handle, slot, number)
        case .text(var text):
            // PostgreSQL cannot hold it, so neither does this.
            guard !text.utf8.contains(0) else { throw .nulInText }
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    // An empty text is not NULL: it needs an address.
                    sqlite3_bind_text64(
                        handle, slot, characters.baseAddress ?? emptyText, UInt64(characters.count), transient, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, slot, 0) }
            return bytes.withUnsafeBytes { sqlite3_bind_blob64(handle, slot, $0.baseAddress, UInt64($0.count), transient) }
        }
    }

    /// The row that the statement stands on.
    func row() -> Row {
        let count = sqlite3_column_count(handle)
        var values: [SQLValue] = []
        values.reserveCapacity(Int(count))
        for column in 0..<count { values.append(value(column)) }
        return Row(values: values)
    }

    private func value(_ column: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(handle, column) else { return .text("") }
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
            return .text(String(own: bytes))
        case SQLITE_BLOB:
            guard let start = sqlite3_column_blob(handle, column) else { return .blob([]) }
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))))
        default: return .null
        }
    }

    /// Frees what the statement holds for its next use. Its code repeats the error of the last step, which has been thrown.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}

/// SQLITE_TRANSIENT: SQLite takes a copy.
private let transient = unsafeBitCast(-1 as Int, to: sqlite3_destructor_type.self)
private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
    // SAFETY: one byte, written here and never again.
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
}()
