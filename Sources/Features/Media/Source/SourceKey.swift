internal import Crypto
internal import Database
internal import Kernel

/// The row of the source: its encrypted key, and the outcome of the last requests.
struct SourceKey: Sendable {
    let keyring: Keyring

    struct Standing: Sendable {
        let isSet: Bool
        /// The last four characters of the key.
        let end: String
        let fault: String?
        let faultAt: Timestamp?
        let succeededAt: Timestamp?
    }

    private static let column = "media_sources.key"

    /// - Parameter isLocked: whether the key stays the same until the transaction ends.
    func key(isLocked: Bool = false, in transaction: Transaction) throws -> String? {
        let lock: SQL = isLocked && transaction.dialect == .postgres ? "FOR UPDATE" : ""
        let row = try transaction.row("SELECT key_cipher FROM media_sources WHERE id = 1 \(sql: lock)")
        guard let sealed = row?.optionalBlob(0) else { return nil }
        return try keyring.fields.openText(sealed, column: Self.column, id: 1)
    }

    func set(_ key: String?, in transaction: Transaction) throws {
        let sealed = key.map { keyring.fields.seal($0, column: Self.column, id: 1) }
        let end = key.map { String(own: Array($0.utf8.suffix(4))) } ?? ""
        try transaction.execute(
            """
            UPDATE media_sources SET key_cipher = \(sealed), key_end = \(end), fault = NULL, fault_at = NULL, succeeded_at = NULL WHERE id = 1
            """)
    }

    static func standing(in transaction: Transaction) throws -> Standing {
        guard
            let row = try transaction.row(
                "SELECT key_cipher IS NOT NULL, key_end, fault, fault_at, succeeded_at FROM media_sources WHERE id = 1")
        else { return Standing(isSet: false, end: "", fault: nil, faultAt: nil, succeededAt: nil) }
        return Standing(
            isSet: row.bool(0), end: row.text(1), fault: row.optionalText(2), faultAt: row.optionalTime(3), succeededAt: row.optionalTime(4)
        )
    }

    static func note(_ fault: TMDBFault?, at now: Timestamp, in transaction: Transaction) throws {
        if let fault {
            try transaction.execute("UPDATE media_sources SET fault = \(fault.code), fault_at = \(now) WHERE id = 1")
        } else {
            // At most one write a minute.
            try transaction.execute(
                """
                UPDATE media_sources SET fault = NULL, fault_at = NULL, succeeded_at = \(now)
                WHERE id = 1 AND (fault IS NOT NULL OR COALESCE(succeeded_at, 0) < \(now.adding(seconds: -60)))
                """)
        }
    }
}
