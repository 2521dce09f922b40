internal import Crypto
internal import Database
internal import FeatureKit
internal import HTTP
internal import Kernel
internal import Web

/// `GET /audit/export`: the entries that a filter finds as a file, read in pages while it is sent.
extension AuditFeature {
    enum ExportFormat: String, CaseIterable, Sendable {
        case csv, json
        /// With all that `foyer audit verify FILE` needs to check it without the site.
        case bundle
    }

    static let exportAction = AuditAction(
        "audit.export", target: "audit", en: "{actor} exported the audit log", fr: "{actor} a exporté le journal d’audit")

    private static let rowsPerPiece = 500

    private struct Place: Sendable {
        let before: Int64
        let count: Int
    }

    func exportEntries(_ call: Call) async throws -> Reply {
        var query = try call.query
        let format = query.choice("format", ExportFormat.self) ?? .csv
        let filter = AuditFilter(&query)
        try query.finish()
        let (scope, asked) = (call.scope, (call.request.query ?? "").cut(to: 500))
        // First, so that a file never has the entry of its own export.
        let newest = try await database.read { try $0.row("SELECT MAX(id) FROM audit_log")?.optionalInt64(0) ?? 0 }
        try await database.write { [audit] transaction in
            _ = try audit.record(
                Self.exportAction.key, target: nil, payload: ["after": ["format": .string(format.rawValue), "query": .string(asked)]],
                result: .success, scope: scope, in: transaction)
        }
        if format == .bundle { return try await bundle(filter, scope: scope, through: newest) }
        let type = format == .csv ? "text/csv; charset=utf-8" : "application/json"
        return try await Reply.file("audit.\(format.rawValue)", type: type) { (place: Place?) in
            try await database.read(.heavy) { transaction in
                let start = place ?? Place(before: newest + 1, count: 0)
                let (rows, next) = try exported(filter, scope, below: start.before, transaction)
                let entries = try describe(rows, transaction)
                let bytes = format.bytes(entries, after: place?.count, isLast: next == nil)
                return (bytes, next.map { Place(before: $0, count: start.count + entries.count) })
            }
        }
    }

    /// The next entries, the newest first, and where the rest begins; fewer than there is room for where a search has looked at enough.
    private func exported(_ filter: AuditFilter, _ scope: Scope, below before: Int64, _ transaction: Transaction) throws
        -> (rows: [AuditRow], next: Int64?)
    {
        guard let conditions = try filter.conditions(scope, roleID: audit.roleID, in: transaction) else { return ([], nil) }
        let floor = filter.isSearch ? try windowFloor(filter, below: before, transaction) : nil
        var rows: [AuditRow] = []
        try look(filter, conditions + (floor.map { ["id >= \($0)"] } ?? []), below: before, atOnce: Self.rowsPerPiece, transaction) { row in
            rows.append(row)
            return rows.count < Self.rowsPerPiece
        }
        return (rows, rows.count == Self.rowsPerPiece ? rows.last?.content.id.rawValue : floor)
    }
}

extension AuditFeature.ExportFormat {
    private static let columns = [
        "id", "timestamp", "actor", "actor_user_id", "action", "target_type", "target_id", "target", "result", "reason", "ip", "user_agent",
        "request_id", "payload", "chain_id", "seq", "hash",
    ]

    /// - Parameter count: of entries written before; nil for the beginning of the file.
    fileprivate func bytes(_ entries: [JSON], after count: Int?, isLast: Bool) -> [UInt8] {
        guard self == .csv else {
            return Reply.listPiece(entries, after: count, isLast: isLast)
        }
        let head = count == nil ? CSV.byteOrderMark + CSV.row(Self.columns) : []
        return entries.reduce(into: head) { bytes, entry in
            bytes += CSV.row(
                Self.columns.map { column in
                    switch column {
                    case "actor", "target": entry[column]?["username"]?.string ?? ""
                    case "payload": entry[column]?.text ?? ""
                    default: entry[column]?.string ?? entry[column]?.integer.map { String($0) } ?? ""
                    }
                })
        }
    }
}
