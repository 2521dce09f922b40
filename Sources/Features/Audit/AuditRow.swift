internal import Database
internal import Kernel

/// An entry as it is stored, with its place in the chain.
struct AuditRow: Sendable {
    let content: AuditContent
    let chainID: Int64
    let seq: Int64
    /// As stored; the hash covers it, and it is the id's time unless somebody changed one of them.
    let timestamp: Timestamp
    /// As stored, for the same reason.
    let result: String
    let previousHash: [UInt8]
    let hash: [UInt8]
    let signature: [UInt8]?
    let keyID: String?

    static let columns: SQL = """
        id, chain_id, seq, actor_user_id, action, target_type, target_id, payload, result, reason, timestamp, ip, user_agent, request_id, prev_hash, hash,
        signature, key_id
        """

    init(_ row: Row) {
        content = AuditContent(
            id: row.id(0), actor: row.optionalID(3), action: row.text(4), targetType: row.optionalText(5), targetID: row.optionalText(6),
            payload: row.text(7), isSuccess: row.text(8) == "success", reason: row.optionalText(9), ip: row.optionalText(11),
            userAgent: row.optionalText(12), requestID: row.optionalText(13))
        (chainID, seq, timestamp, result) = (row.int64(1), row.int64(2), row.time(10), row.text(8))
        (previousHash, hash, signature, keyID) = (row.blob(14), row.blob(15), row.optionalBlob(16), row.optionalText(17))
    }

    /// What the hash has to be for what the columns hold.
    var expectedHash: [UInt8]? {
        // The hash is over the id's time: another one in the column is a change by itself.
        guard timestamp == content.timestamp, result == content.result else { return nil }
        return AuditHash.hash(of: content, chainID: chainID, seq: seq, previous: previousHash)
    }
}
