internal import Authorization
internal import Crypto
internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Roles
internal import Web

/// `GET /users/export`: the members whom a filter finds as a file, read in pages while it is sent. The file can be imported.
extension AccountsFeature {
    private static let rowsPerPiece = 500

    private struct Place: Sendable {
        let keys: [JSON]
        let count: Int
    }

    func exportUsers(_ call: Call) async throws -> Reply {
        var query = try call.query
        let given = query.choice("format", MemberExportShapes.Format.self)
        let filter = UserFilter(&query)
        try query.finish()
        try filter.requireMayAsk(call.scope)
        let (format, scope, now) = (given ?? .csv, call.scope, clock.now())
        // The audit log is kept for good: no e-mail address is written to it.
        let isAddress = filter.search?.utf8.contains(UInt8(ascii: "@")) ?? false
        let asked: JSON = isAddress ? "an e-mail address" : .string((call.request.query ?? "").cut(to: 500))
        try await database.write { [self] transaction in
            try record(
                "user.export", target: ("user", ""),
                payload: ["after": ["format": .string(format.rawValue), "query": asked]],
                scope: scope, in: transaction)
        }
        return try await Reply.file("members.\(format.rawValue)", type: format.type) { [self] (place: Place?) in
            try await database.read(.heavy) { [self] transaction in
                let (members, next) = try exported(filter, after: place?.keys, scope: scope, at: now, in: transaction)
                let held = try roles.assignments.roles(of: members.map(\.id), in: transaction)
                let records = members.map { record($0, roles: (held[$0.id] ?? []).map(\.name), scope: scope, at: now) }
                let bytes = format.bytes(records, after: place?.count, isLast: next == nil)
                return (bytes, next.map { Place(keys: $0, count: (place?.count ?? 0) + records.count) })
            }
        }
    }

    /// The next members in the order of the list.
    private func exported(_ filter: UserFilter, after keys: [JSON]?, scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> (members: [Member], next: [JSON]?)
    {
        let conditions = try conditions(of: filter, scope: scope, at: now, knowing: names, in: transaction)
        let ranges = try keys.map { try filter.after($0) } ?? [UserFilter.KeysetRange(condition: "1 = 1", order: filter.order)]
        var found: [UserID] = []
        for stretch in ranges where found.count < Self.rowsPerPiece {
            found += try transaction.rows(
                """
                SELECT users.id FROM users WHERE \(sql: conditions.sql) AND \(sql: stretch.condition)
                ORDER BY \(sql: stretch.order) LIMIT \(Self.rowsPerPiece - found.count)
                """
            ).map { $0.id(0) }
        }
        let members = try directory.members(inOrder: found, in: transaction)
        return (members, found.count == Self.rowsPerPiece ? members.last.map { filter.keys(of: $0) } : nil)
    }

    private func record(_ member: Member, roles: [String], scope: Scope, at now: Timestamp) -> JSONObject {
        [
            "id": JSON(member.id), "username": .string(member.username), "display_name": .string(member.displayName),
            "email": scope.can(.usersEmail) ? JSON(email(of: member)) : .null,
            "roles": .array(roles.filter { $0 != SystemRole.member.rawValue }.map(JSON.string)),
            "tags": .array(member.tags.map(JSON.string)),
            "locale": .string(member.locale.rawValue), "bio": JSON(member.bio), "is_banned": .bool(member.isBanned(at: now)),
            "is_disabled": .bool(member.isDisabled), "created_at": JSON(member.createdAt), "last_seen_at": JSON(member.lastSeenAt),
        ]
    }
}

/// What the export of members takes and answers.
enum MemberExportShapes {
    enum Format: String, CaseIterable, Sendable {
        case csv, json

        var type: String { self == .csv ? "text/csv; charset=utf-8" : "application/json" }
    }

    static let columns = [
        "id", "username", "display_name", "email", "roles", "tags", "locale", "bio", "is_banned", "is_disabled", "created_at",
        "last_seen_at",
    ]

    private static let member = Shape.object([
        "id": .id, "username": .text, "display_name": .text, "email": Shape.text.orNull.described("For those who see addresses."),
        "roles": Shape.list(of: .text).described("Their names, without `member`."), "tags": .list(of: .text), "locale": .text,
        "bio": .text.orNull, "is_banned": .bool, "is_disabled": .bool, "created_at": .timestamp, "last_seen_at": .timestamp.orNull,
    ])

    static let export = RouteShape.file(
        "Download the members whom a filter finds, as CSV or JSON; the file can be imported.", of: UserShapes.list,
        format: .choice(Format.self),
        answers: [.bytes("text/csv"), .ok(.object(["items": .list(of: member), "next": .nullable(.text)]))])
}

extension MemberExportShapes.Format {
    /// - Parameter count: of members written before; nil for the beginning of the file.
    fileprivate func bytes(_ records: [JSONObject], after count: Int?, isLast: Bool) -> [UInt8] {
        switch self {
        case .csv:
            let head = count == nil ? CSV.byteOrderMark + CSV.row(MemberExportShapes.columns) : []
            return records.reduce(into: head) { $0 += Self.row($1) }
        case .json:
            return Reply.listPiece(records.map(JSON.object), after: count, isLast: isLast)
        }
    }

    private static func row(_ record: JSONObject) -> [UInt8] {
        CSV.row(
            MemberExportShapes.columns.map { column in
                switch record[column] {
                case .string(let text): text
                case .bool(let flag): flag ? "true" : "false"
                case .array(let list): list.compactMap(\.string).joined(separator: "; ")
                default: ""
                }
            })
    }
}
