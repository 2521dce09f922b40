internal import Crypto
internal import Database
internal import Kernel

/// The end of a chain at one moment, signed: kept outside the database, it tells when the chain's tail was cut.
struct AuditHead: Sendable, Hashable {
    let chainID: Int64
    let seq: Int64
    let entryID: AuditEntryID
    let hash: [UInt8]
    let signature: [UInt8]
    let keyID: String

    /// The heads of all chains.
    static func all(in transaction: Transaction) throws -> [AuditHead] {
        try transaction.rows(
            """
            SELECT l.chain_id, l.seq, l.id, l.hash, l.signature, l.key_id FROM audit_chains c
            JOIN audit_log l ON l.chain_id = c.chain_id AND l.seq = c.seq
            WHERE l.signature IS NOT NULL AND l.key_id IS NOT NULL ORDER BY l.chain_id
            """
        ).map { row in
            AuditHead(
                chainID: row.int64(0), seq: row.int64(1), entryID: row.id(2), hash: row.blob(3), signature: row.blob(4), keyID: row.text(5))
        }
    }

    var signedMessage: [UInt8] { AuditHash.signedMessage(chainID: chainID, seq: seq, hash: hash) }

    var json: JSON {
        [
            "chain_id": .integer(chainID), "seq": .integer(seq), "id": JSON(entryID), "hash": .string(Hex.encode(hash)),
            "signature": .string(Hex.encode(signature)), "key_id": .string(keyID),
        ]
    }

    init(chainID: Int64, seq: Int64, entryID: AuditEntryID, hash: [UInt8], signature: [UInt8], keyID: String) {
        (self.chainID, self.seq, self.entryID) = (chainID, seq, entryID)
        (self.hash, self.signature, self.keyID) = (hash, signature, keyID)
    }

    init?(_ json: JSON) {
        guard let chainID = json["chain_id"]?.integer, let seq = json["seq"]?.integer,
            let entryID = json["id"]?.string.flatMap({ AuditEntryID(uuid: $0) }),
            let hash = json["hash"]?.string.flatMap({ Hex.decode($0) }),
            let signature = json["signature"]?.string.flatMap({ Hex.decode($0) }), let keyID = json["key_id"]?.string
        else { return nil }
        self.init(chainID: chainID, seq: seq, entryID: entryID, hash: hash, signature: signature, keyID: keyID)
    }
}
