internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// A part of the log that can be checked without the site: one JSON object a line.
///
/// The first line names the site's public keys. Then come the entries of each chain without a gap, up to the first signed one at or after the end of
/// the part; those that the filter or the reader's rights leave out are without their content. The last line is a signature over all others.
enum AuditBundle {
    static let format = "foyer-audit-1"
    private static let tag = "foyer.audit.bundle.1"

    static func signedMessage(_ digest: [UInt8]) -> [UInt8] { Array(tag.utf8) + [0] + digest }

    /// Identifies a key: the same in the bundle and at the site.
    static func fingerprint(_ key: Ed25519PublicKey) -> String { Hex.encode(SHA256.digest(key.bytes).prefix(16)) }

    static func line(_ row: AuditRow, isShown: Bool) -> JSON {
        var object: JSONObject = [
            "id": .string(String(row.content.id.rawValue)), "chain_id": .integer(row.chainID), "seq": .integer(row.seq),
            "previous_hash": .string(Hex.encode(row.previousHash)), "hash": .string(Hex.encode(row.hash)),
            "signature": JSON(row.signature.map { Hex.encode($0) }), "key_id": JSON(row.keyID),
        ]
        guard isShown else { return .object(object) }
        object.append("timestamp", JSON(row.timestamp.milliseconds))
        object.append("actor_user_id", JSON(row.content.actor.map { String($0.rawValue) }))
        object.append("action", .string(row.content.action))
        object.append("target_type", JSON(row.content.targetType))
        object.append("target_id", JSON(row.content.targetID))
        // As it was hashed, to the byte.
        object.append("payload", .string(row.content.payload))
        object.append("result", .string(row.result))
        object.append("reason", JSON(row.content.reason))
        object.append("ip", JSON(row.content.ip))
        object.append("user_agent", JSON(row.content.userAgent))
        object.append("request_id", JSON(row.content.requestID))
        return .object(object)
    }
}

extension AuditFeature {
    /// The part of a chain in a bundle.
    private struct Stretch: Sendable {
        let chain: Int64
        let first: Int64
        let last: Int64
    }

    private struct BundlePlace: Sendable {
        let stretches: [Stretch]
        /// Of the stretch that is being written.
        let index: Int
        let seq: Int64
        let digest: RunningDigest
    }

    private static let linesPerPiece = 500

    func bundle(_ filter: AuditFilter, scope: Scope, through newest: Int64) async throws -> Reply {
        let parts = try await database.read(.heavy) { transaction in try stretches(filter, through: newest, transaction) }
        return try await Reply.file("audit.bundle.jsonl", type: "application/x-ndjson") { (place: BundlePlace?) in
            try await piece(place, parts, filter, scope)
        }
    }

    private func piece(_ place: BundlePlace?, _ parts: [Stretch], _ filter: AuditFilter, _ scope: Scope) async throws
        -> (bytes: [UInt8], next: BundlePlace?)
    {
        let now = place ?? BundlePlace(stretches: parts, index: 0, seq: parts.first?.first ?? 0, digest: RunningDigest(.sha256))
        var bytes = place == nil ? heading(filter) : []
        // An empty log has keys and a signature.
        guard now.index < now.stretches.count else {
            now.digest.append(bytes)
            return (bytes + ending(now.digest), nil)
        }
        let stretch = now.stretches[now.index]
        let rows = try await database.read(.heavy) { transaction in try lines(stretch, from: now.seq, filter, scope, transaction) }
        for row in rows { bytes += row.line }
        now.digest.append(bytes)
        let next = (rows.last?.seq ?? stretch.last) + 1
        if next <= stretch.last {
            return (bytes, BundlePlace(stretches: now.stretches, index: now.index, seq: next, digest: now.digest))
        }
        guard now.index + 1 < now.stretches.count else { return (bytes + ending(now.digest), nil) }
        let following = now.stretches[now.index + 1].first
        return (bytes, BundlePlace(stretches: now.stretches, index: now.index + 1, seq: following, digest: now.digest))
    }

    /// The part of each chain between the times of the filter, extended to the next signature.
    private func stretches(_ filter: AuditFilter, through newest: Int64, _ transaction: Transaction) throws -> [Stretch] {
        let from = filter.from.map { Snowflake.first(at: $0) } ?? 0
        let to = min(filter.to.map { Snowflake.first(at: $0.adding(milliseconds: 1)) - 1 } ?? newest, newest)
        let found = try transaction.rows(
            "SELECT chain_id, MIN(seq), MAX(seq) FROM audit_log WHERE id >= \(from) AND id <= \(to) GROUP BY chain_id ORDER BY chain_id")
        return try found.map { row in
            let (chain, last) = (row.int64(0), row.int64(2))
            let signed = try transaction.row(
                """
                SELECT seq FROM audit_log WHERE chain_id = \(chain) AND seq >= \(last) AND signature IS NOT NULL ORDER BY seq LIMIT 1
                """)?.int64(0)
            return Stretch(chain: chain, first: row.int64(1), last: signed ?? last)
        }
    }

    private func lines(_ stretch: Stretch, from seq: Int64, _ filter: AuditFilter, _ scope: Scope, _ transaction: Transaction) throws -> [(
        seq: Int64, line: [UInt8]
    )] {
        let rows = try transaction.rows(
            """
            SELECT \(sql: AuditRow.columns) FROM audit_log
            WHERE chain_id = \(stretch.chain) AND seq >= \(seq) AND seq <= \(stretch.last) ORDER BY seq LIMIT \(Self.linesPerPiece)
            """
        ).map(AuditRow.init)
        var shown: Set<AuditEntryID> = []
        if let conditions = try filter.conditions(scope, roleID: audit.roleID, in: transaction) {
            let all = conditions + ["id IN (SELECT value FROM json_each(\(ids: rows.map(\.content.id))))"]
            shown = Set(try transaction.rows("SELECT id FROM audit_log WHERE \(sql: all.all)").map { $0.id(0) })
        }
        return rows.map { row in
            let isShown = shown.contains(row.content.id) && filter.admits(row.content)
            return (row.seq, AuditBundle.line(row, isShown: isShown).bytes + [UInt8(ascii: "\n")])
        }
    }

    private func heading(_ filter: AuditFilter) -> [UInt8] {
        var keys = JSONObject()
        for (name, key) in audit.publicKeys.sorted(by: { $0.key < $1.key }) { keys.append(name, .string(Hex.encode(key.bytes))) }
        let object: JSON = [
            "format": .string(AuditBundle.format), "from": JSON(filter.from), "to": JSON(filter.to), "made_at": JSON(clockNow),
            "public_keys": .object(keys),
        ]
        return object.bytes + [UInt8(ascii: "\n")]
    }

    private func ending(_ digest: RunningDigest) -> [UInt8] {
        let hash = digest.finish()
        let object: JSON = [
            "digest": .string(Hex.encode(hash)), "signature": .string(Hex.encode(audit.chain.key.sign(AuditBundle.signedMessage(hash)))),
            "key_id": .string(audit.chain.keyID),
        ]
        return object.bytes + [UInt8(ascii: "\n")]
    }
}
