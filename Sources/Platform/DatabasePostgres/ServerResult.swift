internal import CPostgres
internal import Database
internal import Kernel

/// One answer of the server; frees it.
struct ServerResult: ~Copyable {
    let handle: OpaquePointer?

    deinit { PQclear(handle) }

    var isSuccess: Bool {
        let status = PQresultStatus(handle)
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
    }

    var error: DatabaseError { DatabaseError(result: handle) }

    /// How many rows an INSERT, UPDATE or DELETE touched.
    var affected: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// `COMMIT`, or `ROLLBACK` where a COMMIT found a transaction that had failed.
    var tag: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    var rows: [Row] {
        let columns = PQnfields(handle)
        let types = (0..<columns).map { PQftype(handle, $0) }
        return (0..<PQntuples(handle)).map { row in
            Row(values: (0..<columns).map { value(row, $0, type: types[Int($0)]) })
        }
    }

    private func value(_ row: Int32, _ column: Int32, type: Oid) -> SQLValue {
        guard PQgetisnull(handle, row, column) == 0, let start = PQgetvalue(handle, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(handle, row, column)))
        switch type {
        case TypeOID.boolean: return .boolean(bytes.first == UInt8(ascii: "t"))
        case TypeOID.bytes: return .blob(Self.decodeHex(bytes))
        case TypeOID.int2, TypeOID.int4, TypeOID.int8, TypeOID.numeric, TypeOID.float4, TypeOID.float8:
            let text = String(own: bytes)
            // SUM of BIGINT is a numeric, which is whole here as it is in SQLite.
            if type != TypeOID.float4, type != TypeOID.float8, let number = Int64(text) { return .integer(number) }
            return Double(text).map(SQLValue.real) ?? .text(text)
        default: return .text(String(own: bytes))
        }
    }

    /// `\x0aff`, the server's only form since 9.0.
    private static func decodeHex(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 2)
        var index = 2
        while index + 1 < bytes.count {
            result.append(digit(bytes[index]) << 4 | digit(bytes[index + 1]))
            index += 2
        }
        return result
    }

    private static func digit(_ character: UInt8) -> UInt8 {
        character <= UInt8(ascii: "9") ? character - UInt8(ascii: "0") : character - UInt8(ascii: "a") + 10
    }
}

/// `pg_type.oid` of the types that are not read as text; fixed in the server's sources (`pg_type.dat`).
private enum TypeOID {
    static let boolean: Oid = 16
    static let bytes: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let numeric: Oid = 1700
}

extension DatabaseError {
    init(result: OpaquePointer?) {
        let state = Self.field(UInt8(ascii: "C"), of: result)
        let message = Self.field(UInt8(ascii: "M"), of: result)
        let constraint = Self.field(UInt8(ascii: "n"), of: result)
        switch state {
        case "23505": self = .unique(constraint: constraint)
        case "23503": self = .foreignKey
        case "23514": self = .check(constraint: constraint)
        case "23502": self = .notNull
        case "40001", "40P01": self = .retry
        // A plan made before a migration of another process: the statement cache is dropped before the next try.
        case "0A000" where message.hasPrefix("cached plan"): self = .retry
        case "53100": self = .diskFull
        case "25006": self = .readOnly("PostgreSQL: \(message)")
        case "57014": self = .timedOut("PostgreSQL: \(message)")
        case "55P03", "53300", "57P01", "57P02", "57P03": self = .unavailable("PostgreSQL: \(message)")
        case _ where state.hasPrefix("08"): self = .unavailable("PostgreSQL: \(message)")
        case "": self = .unavailable("PostgreSQL gave no answer")
        default: self = .other(code: Int(state, radix: 36) ?? 0, message: "\(state) \(message)")
        }
    }

    private static func field(_ code: UInt8, of result: OpaquePointer?) -> String {
        PQresultErrorField(result, Int32(code)).map { String(cString: $0) } ?? ""
    }
}
