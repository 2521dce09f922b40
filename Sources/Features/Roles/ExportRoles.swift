internal import Authorization
internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// `GET /roles/export`: every live role as a file, the highest first.
extension RolesFeature {
    enum ExportFormat: String, CaseIterable, Sendable { case csv, json }

    private static let columns = [
        "id", "name", "description", "priority", "permissions", "denied", "inherits", "color", "icon", "is_system", "member_count",
    ]

    func exportRoles(_ call: Call) async throws -> Reply {
        var query = try call.query
        let format = query.choice("format", ExportFormat.self) ?? .csv
        try query.finish()
        let now = call.clock.now()
        let items = try await database.read(.heavy) { transaction in
            let roles = try transaction.rows(
                "SELECT \(sql: RoleRecord.columns) FROM roles WHERE deleted_at IS NULL ORDER BY priority DESC, id"
            ).map { RoleRecord($0) }
            let counts = try RoleStore.memberCounts(of: roles.map(\.id), at: now, in: transaction)
            let names = Dictionary(roles.map { ($0.id.uuid, $0.definition.name) }) { first, _ in first }
            return roles.map { role -> JSON in
                guard case .object(var object) = role.json(memberCount: counts[role.id] ?? 0) else { return .null }
                if format == .csv {
                    // By their names, which a reader knows.
                    object["inherits"] = .array(
                        (object["inherits"]?.array ?? []).compactMap { $0.string.flatMap { names[$0] } }.map(JSON.string))
                }
                return .object(object)
            }
        }
        let (name, type) = ("roles.\(format.rawValue)", format == .csv ? "text/csv; charset=utf-8" : "application/json")
        return try await Reply.file(name, type: type) { (_: Int?) in
            guard format == .csv else {
                let list: JSON = ["items": .array(items), "next": nil]
                return (list.bytes, nil)
            }
            let head = CSV.byteOrderMark + CSV.row(Self.columns)
            return (items.reduce(into: head) { $0 += CSV.row(Self.cells($1)) }, nil)
        }
    }

    private static func cells(_ item: JSON) -> [String] {
        columns.map { column in
            switch item[column] {
            case .string(let text): text
            case .integer(let number): String(number)
            case .bool(let flag): flag ? "true" : "false"
            case .array(let list): list.compactMap(\.string).joined(separator: "; ")
            default: ""
            }
        }
    }
}
