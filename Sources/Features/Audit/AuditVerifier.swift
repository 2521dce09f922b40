package import Crypto
package import Database
internal import Kernel

/// Walks every chain from its first entry to its last and says where it does not hold: an edit, a deletion, an insertion, a move, a cut tail.
///
/// Reads a thousand entries at a time, beside a running server too.
package struct AuditVerifier: Sendable {
    private let database: any Database
    private let keyring: Keyring
    private let file: HeadsFile?
    private static let batch = 1000

    /// - Parameter headsPath: the file of heads; without it a cut of the whole tail, with the chain's own row, cannot be told.
    package init(database: any Database, keyring: Keyring, headsPath: String?) {
        (self.database, self.keyring, file) = (database, keyring, headsPath.map(HeadsFile.init(path:)))
    }

    package func verify() async throws -> AuditReport {
        var report = AuditReport()
        // Read before the chains: what is appended meanwhile is no cut.
        let kept = try keptHeads(&report)
        let known = try await database.read(.heavy) { transaction in
            try transaction.rows("SELECT chain_id FROM audit_chains UNION SELECT DISTINCT chain_id FROM audit_log").map { $0.int64(0) }
        }
        for chainID in Set(known).union(kept.keys).sorted() {
            report.chains += 1
            try await verify(chainID, kept[chainID] ?? [:], &report)
        }
        return report
    }

    private func keptHeads(_ report: inout AuditReport) throws -> [Int64: [Int64: AuditHead]] {
        var kept: [Int64: [Int64: AuditHead]] = [:]
        guard let file else { return kept }
        let (heads, damaged) = try file.read()
        for place in damaged { report.add(.damagedHead(place), chain: 0) }
        for head in heads {
            if keyring.isValidAudit(head.signature, for: head.signedMessage, keyID: head.keyID) {
                kept[head.chainID, default: [:]][head.seq] = head
            } else {
                report.add(.damagedHead(file.path), chain: head.chainID, seq: head.seq, entry: head.entryID)
            }
        }
        return kept
    }

    /// The state of one walk.
    private struct Walk {
        let chainID: Int64
        let kept: [Int64: AuditHead]
        var seq: Int64 = 0
        var hash: [UInt8]
        var lastID: AuditEntryID?
        var lastIsSigned = true
    }

    private func verify(_ chainID: Int64, _ kept: [Int64: AuditHead], _ report: inout AuditReport) async throws {
        var walk = Walk(chainID: chainID, kept: kept, hash: AuditHash.genesis(of: chainID))
        var head: Int64?
        var isAtEnd = false
        while !isAtEnd {
            let from = walk.seq
            // The chain's own row in the same snapshot as the batch: the last batch is compared with it.
            let (rows, said) = try await database.read(.heavy) { transaction in
                let rows = try transaction.rows(
                    """
                    SELECT \(sql: AuditRow.columns) FROM audit_log WHERE chain_id = \(chainID) AND seq > \(from) ORDER BY seq LIMIT \(Self.batch)
                    """)
                let said = try transaction.row("SELECT seq FROM audit_chains WHERE chain_id = \(chainID)")?.int64(0)
                return (rows.map(AuditRow.init), said)
            }
            for row in rows { check(row, &walk, &report) }
            isAtEnd = rows.count < Self.batch
            head = said
        }
        finish(walk, head: head, &report)
    }

    private func check(_ row: AuditRow, _ walk: inout Walk, _ report: inout AuditReport) {
        report.entries += 1
        let id = row.content.id
        if row.seq > walk.seq + 1 {
            report.add(.missing(through: row.seq - 1), chain: walk.chainID, seq: walk.seq + 1)
        } else if row.previousHash != walk.hash {
            report.add(.doesNotFollow, chain: walk.chainID, seq: row.seq, entry: id)
        }
        if row.expectedHash != row.hash { report.add(.altered, chain: walk.chainID, seq: row.seq, entry: id) }
        if let signature = row.signature {
            report.signatures += 1
            let message = AuditHash.signedMessage(chainID: row.chainID, seq: row.seq, hash: row.hash)
            if !keyring.isValidAudit(signature, for: message, keyID: row.keyID ?? "") {
                report.add(.badSignature, chain: walk.chainID, seq: row.seq, entry: id)
            }
        }
        if let head = walk.kept[row.seq] {
            report.heads += 1
            if head.hash != row.hash { report.add(.notTheHeadKept, chain: walk.chainID, seq: row.seq, entry: id) }
        }
        (walk.seq, walk.hash, walk.lastID, walk.lastIsSigned) = (row.seq, row.hash, id, row.signature != nil)
    }

    private func finish(_ walk: Walk, head: Int64?, _ report: inout AuditReport) {
        if !walk.lastIsSigned { report.add(.unsignedEnd, chain: walk.chainID, seq: walk.seq, entry: walk.lastID) }
        let known = max(head ?? 0, walk.kept.keys.max() ?? 0)
        if known > walk.seq { report.add(.cutTail(known: known), chain: walk.chainID, seq: walk.seq, entry: walk.lastID) }
        if let head, head < walk.seq { report.add(.doesNotFollow, chain: walk.chainID, seq: head + 1, entry: walk.lastID) }
    }
}
