internal import Bus
internal import Crypto
internal import Database
internal import Kernel

/// What an entry says; its place in the chain comes last.
struct AuditContent: Sendable {
    let id: AuditEntryID
    let actor: UserID?
    let action: String
    let targetType: String?
    let targetID: String?
    /// JSON, kept and hashed as these very bytes.
    let payload: String
    let isSuccess: Bool
    let reason: String?
    let ip: String?
    let userAgent: String?
    let requestID: String?

    /// The entry's time is its id's, so that a range of times is a range of ids.
    var timestamp: Timestamp { id.timestamp }
    var result: String { isSuccess ? "success" : "fail" }
}

/// The chain that a process appends to, and the key that it signs with.
struct AuditChain: Sendable {
    let id: Int64
    let key: Ed25519Key
    let keyID: String
}

/// An entry on its way into the chain: number and hash are given out just before COMMIT, under the lock of the chain's row, so that they have no gap.
struct AuditRecord: DeferredWrite {
    let content: AuditContent
    let chain: AuditChain

    /// Before the outbox, whose events tell of the entries.
    static var order: Int { -1 }

    static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws {
        let records = writes.compactMap { $0 as? AuditRecord }
        guard let chain = records.first?.chain else { return }
        precondition(records.allSatisfy { $0.chain.id == chain.id }, "a process appends to one chain")
        var (seq, hash) = try advance(chain.id, by: records.count, in: transaction)
        for (index, record) in records.enumerated() {
            let previous = hash
            seq += 1
            hash = AuditHash.hash(of: record.content, chainID: chain.id, seq: seq, previous: previous)
            let isLast = index == records.count - 1
            try insert(record, seq: seq, previous: previous, hash: hash, signs: isLast, in: transaction)
            // The feed has no reader of its own for what few may know.
            if record.content.action != AuditLog.privateStatus { transaction.atCommit(record.event(seq: seq)) }
        }
        try transaction.execute("UPDATE audit_chains SET hash = \(hash) WHERE chain_id = \(chain.id)")
    }

    /// Takes the next numbers and locks the chain until COMMIT.
    /// - Returns: the number and the hash of the last entry there is.
    private static func advance(_ chainID: Int64, by count: Int, in transaction: Transaction) throws -> (seq: Int64, hash: [UInt8]) {
        let update: SQL = "UPDATE audit_chains SET seq = seq + \(count) WHERE chain_id = \(chainID) RETURNING seq, hash"
        if let row = try transaction.row(update) { return (row.int64(0) - Int64(count), row.blob(1)) }
        try transaction.execute(
            """
            INSERT INTO audit_chains (chain_id, seq, hash) VALUES (\(chainID), 0, \(AuditHash.genesis(of: chainID))) ON CONFLICT DO NOTHING
            """)
        guard let row = try transaction.row(update) else {
            throw DatabaseError.other(code: 0, message: "the audit chain \(chainID) cannot be made")
        }
        return (row.int64(0) - Int64(count), row.blob(1))
    }

    private static func insert(
        _ record: AuditRecord, seq: Int64, previous: [UInt8], hash: [UInt8], signs: Bool, in transaction: Transaction
    ) throws {
        let (entry, chain) = (record.content, record.chain)
        let signature = signs ? chain.key.sign(AuditHash.signedMessage(chainID: chain.id, seq: seq, hash: hash)) : nil
        try transaction.execute(
            """
            INSERT INTO audit_log (id, chain_id, seq, actor_user_id, action, target_type, target_id, payload, result, reason, timestamp, ip, user_agent,
                request_id, prev_hash, hash, signature, key_id)
            VALUES (\(entry.id), \(chain.id), \(seq), \(entry.actor), \(entry.action), \(entry.targetType), \(entry.targetID), \(entry.payload),
                \(entry.result), \(entry.reason), \(entry.timestamp), \(entry.ip), \(entry.userAgent), \(entry.requestID), \(previous), \(hash),
                \(signature), \(signs ? chain.keyID : nil))
            """)
    }

    /// The live feed's line; what changed is read with the entry.
    private func event(seq: Int64) -> OutboxEvent {
        OutboxEvent(
            "audit.entry", topics: ["audit"],
            members: [
                "id": JSON(content.id), "actor_user_id": JSON(content.actor), "action": .string(content.action),
                "target_type": JSON(content.targetType), "target_id": JSON(content.targetID), "result": .string(content.result),
                "reason": JSON(content.reason), "timestamp": JSON(content.timestamp), "seq": .integer(seq),
            ], requestID: content.requestID ?? "", at: content.timestamp)
    }
}
