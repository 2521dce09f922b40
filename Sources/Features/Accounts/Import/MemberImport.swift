internal import Database
internal import Kernel

/// One row of `user_imports`: an uploaded file of members, and its progress.
struct MemberImport: Sendable {
    enum State: String, CaseIterable, Sendable {
        /// Its rows are being checked.
        case checking
        case preview
        /// People are prepared; nobody sees them yet.
        case running
        case done
        /// Nobody was added.
        case failed
        case cancelled
    }

    let id: RowID
    let author: UserID
    var state: State
    /// Of the file; may be empty.
    let name: String
    let encoding: String
    /// A character, or empty for JSON.
    let separator: String
    let columns: [String]
    var mapping: [MemberField: String]
    /// The roles that words of the file stand for: a reference, or nil for no role.
    var roleNames: [String: String?]
    /// The number of valid rows that give each role.
    var givenRoles: [RoleID: Int] = [:]
    var total = 0
    var invalid = 0
    /// Checked rows, or prepared people.
    var settled = 0
    /// The number of the last row that was prepared.
    var place = 0
    var skipsInvalid = false
    var invites = false
    var failure: RowFault?
    /// Grows with each change of the mapping.
    var version: Int64 = 1
    let requestID: String
    let address: String
    let userAgent: String
    let createdAt: Timestamp
    var startedAt: Timestamp?
    var endedAt: Timestamp?

    init(
        _ id: RowID, by scope: Scope, author: UserID, name: String, encoding: String, separator: String, columns: [String],
        mapping: [MemberField: String], roleNames: [String: String?], at now: Timestamp
    ) {
        (self.id, self.author, state, self.name, self.encoding, self.separator) = (id, author, .checking, name, encoding, separator)
        (self.columns, self.mapping, self.roleNames, createdAt) = (columns, mapping, roleNames, now)
        (requestID, address, userAgent) = (scope.requestID, scope.address, scope.userAgent)
    }

    /// In the order of `init(_:)`.
    static let columns: SQL = """
        id, author_id, state, name, encoding, separator, columns, mapping, role_names, given_roles, total, invalid, settled, place, skips_invalid,
        invites, failure, version, request_id, address, user_agent, created_at, started_at, ended_at
        """

    init(_ row: Row) throws {
        func json(_ place: Int) throws -> JSON { try JSONParser.parse(own: Array(row.text(place).utf8)) }
        (id, author, state) = (row.id(0), row.id(1), State(rawValue: row.text(2)) ?? .failed)
        (name, encoding, separator) = (row.text(3), row.text(4), row.text(5))
        columns = (try json(6).array ?? []).compactMap(\.string)
        mapping = [:]
        for member in try json(7).object?.members ?? [] {
            if let field = MemberField(rawValue: member.name) { mapping[field] = member.value.string }
        }
        roleNames = [:]
        for member in try json(8).object?.members ?? [] { roleNames.updateValue(member.value.string, forKey: member.name) }
        for member in try json(9).object?.members ?? [] {
            if let role = RoleID(uuid: member.name), let count = member.value.integer { givenRoles[role] = Int(count) }
        }
        (total, invalid, settled, place) = (row.int(10), row.int(11), row.int(12), row.int(13))
        (skipsInvalid, invites) = (row.bool(14), row.bool(15))
        failure = try row.isNull(16) ? nil : RowFault(stored: json(16))
        (version, requestID, address, userAgent) = (row.int64(17), row.text(18), row.text(19), row.text(20))
        (createdAt, startedAt, endedAt) = (row.time(21), row.optionalTime(22), row.optionalTime(23))
    }

    var mappingJSON: JSON {
        var object = JSONObject()
        for field in MemberField.allCases { if let column = mapping[field] { object.append(field.rawValue, .string(column)) } }
        return .object(object)
    }

    var roleNamesJSON: JSON {
        var object = JSONObject()
        for (name, role) in roleNames.sorted(by: { $0.key < $1.key }) { object.append(name, JSON(role)) }
        return .object(object)
    }

    var givenRolesJSON: JSON {
        var object = JSONObject()
        for (role, count) in givenRoles.sorted(by: { $0.key < $1.key }) { object.append(role.uuid, JSON(count)) }
        return .object(object)
    }

    /// The import as its author sees it, without rows.
    func json(in language: Language) -> JSONObject {
        [
            "id": JSON(id), "state": .string(state.rawValue), "name": .string(name), "encoding": .string(encoding),
            "separator": .string(separator), "columns": .array(columns.map(JSON.string)), "mapping": mappingJSON,
            "role_names": roleNamesJSON, "given_roles": givenRolesJSON, "total": JSON(total), "invalid": JSON(invalid),
            "ready": JSON(state == .checking ? 0 : total - invalid), "settled": JSON(settled), "skip_invalid": .bool(skipsInvalid),
            "invite": .bool(invites),
            "failure": failure.map { ["code": .string($0.code), "detail": .string($0.detail(language))] } ?? .null,
            "created_at": JSON(createdAt), "started_at": JSON(startedAt), "ended_at": JSON(endedAt),
        ]
    }

    /// The progress, as events carry it.
    var progress: JSON {
        [
            "id": JSON(id), "state": .string(state.rawValue), "total": JSON(total), "invalid": JSON(invalid), "settled": JSON(settled),
            "skip_invalid": .bool(skipsInvalid),
        ]
    }
}
