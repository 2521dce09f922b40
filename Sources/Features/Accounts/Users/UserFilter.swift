internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Presence
internal import Web

/// What `GET /users` is asked for, as read from the query string.
struct UserFilter: Sendable {
    enum Sort: String, Sendable, CaseIterable {
        case username = "username"
        case usernameDown = "-username"
        case created = "created_at"
        case createdDown = "-created_at"
        case seen = "last_seen_at"
        case seenDown = "-last_seen_at"
    }

    var search: String?
    var role: String?
    var permission: Permission?
    var status: ShownStatus?
    var activity: String?
    var isBanned: Bool?
    var isDisabled: Bool?
    var isDeleted: Bool?
    var tag: String?
    var createdAfter: Timestamp?
    var createdBefore: Timestamp?
    var activeAfter: Timestamp?
    /// At most `idLimit` people by their ids.
    var ids: [UserID]?
    var sort: Sort

    /// As many people as one request may name.
    static let idLimit = 100

    init(_ query: inout Query) {
        search = query.string("search", maximum: 254)?.trimmed
        role = query.string("role")
        if let key = query.string("permission") {
            permission = Permission(key: key)
            if permission == nil {
                query.fail(
                    "permission", "unknown_permission",
                    LocalizedText(en: "There is no permission “\(key)”.", fr: "La permission « \(key) » n’existe pas."))
            }
        }
        status = query.choice("status", ShownStatus.self)
        activity = query.string("activity")
        (isBanned, isDisabled, isDeleted) = (query.bool("banned"), query.bool("disabled"), query.bool("deleted"))
        tag = query.string("tag")
        (createdAfter, createdBefore, activeAfter) = (query.time("created_after"), query.time("created_before"), query.time("active_after"))
        let named = query.list("ids", maximum: Self.idLimit)
        ids = named?.compactMap { UserID(uuid: $0) }
        if let named, let ids, ids.count < named.count {
            query.fail(
                "ids", "invalid", LocalizedText(en: "Ids of members are expected.", fr: "Des identifiants de membres sont attendus."))
        }
        sort = query.choice("sort", Sort.self) ?? .username
    }
}

extension UserFilter {
    /// Without `users.read` one may look up people by their ids, and nothing else.
    ///
    /// - Throws: 403 when it asks about what this reader may not know.
    func requireMayAsk(_ scope: Scope) throws(Problem) {
        if ids == nil || count > 1 { try scope.require(.usersRead) }
        if isDeleted == true { try scope.require(.usersDelete) }
        if permission != nil || role != nil { try scope.require(.rolesRead) }
    }

    /// As it stands in an address after the `?`.
    ///
    /// - Throws: 422 naming what is wrong in it.
    init(text: String) throws(Problem) {
        var query = try Query(text: text)
        self.init(&query)
        try query.finish()
    }

    /// The conditions that the table of users alone can answer, but for the names and whether somebody is deleted.
    func conditions(at now: Timestamp) -> [SQL] {
        var conditions = tag.map { [MemberDirectory.tagged($0)] } ?? []
        if let isBanned {
            let banned: SQL = "(users.is_banned = \(true) AND (users.banned_until IS NULL OR users.banned_until > \(now)))"
            conditions.append(isBanned ? banned : "NOT \(sql: banned)")
        }
        if let isDisabled { conditions.append("users.is_disabled = \(isDisabled)") }
        if let createdAfter { conditions.append("users.created_at >= \(createdAfter)") }
        if let createdBefore { conditions.append("users.created_at < \(createdBefore)") }
        if let activeAfter { conditions.append("users.last_seen_at >= \(activeAfter)") }
        if let ids { conditions.append("users.id IN (SELECT value FROM json_each(\(ids: ids)))") }
        return conditions
    }

    /// How many filters there are.
    var count: Int {
        let isGiven = [
            search != nil, role != nil, permission != nil, status != nil, activity != nil, isBanned != nil, isDisabled != nil,
            isDeleted != nil,
            tag != nil, createdAfter != nil, createdBefore != nil, activeAfter != nil, ids != nil,
        ]
        return isGiven.count { $0 }
    }

    /// Whether a role or a permission is all that is asked for: how many that are is known without a look at anybody.
    var isByRights: Bool { count == 1 && (role != nil || permission != nil) }

    /// A part of the order from one place on.
    struct KeysetRange {
        let condition: SQL
        let order: SQL
    }

    /// What comes after the row that a cursor names: stretches of the order, one after the other.
    ///
    /// Two where many can have the same key: SQLite finds no place in an index by two columns at once, and sorts those with one key again when
    /// it is told to order them by it.
    func after(_ keys: [JSON]) throws(Problem) -> [KeysetRange] {
        let fault = Problem.invalid(
            "?cursor", "invalid",
            LocalizedText(en: "This cursor is not one of this list.", fr: "Ce curseur n’appartient pas à cette liste."))
        guard keys[0].string == sort.rawValue, let id = keys[2].string.flatMap({ UserID(uuid: $0) }) else { throw fault }
        switch sort {
        case .username, .usernameDown:
            guard let name = keys[1].string else { throw fault }
            return [KeysetRange(condition: sort == .username ? "users.username > \(name)" : "users.username < \(name)", order: order)]
        case .created: return [KeysetRange(condition: "users.id > \(id)", order: order)]
        case .createdDown: return [KeysetRange(condition: "users.id < \(id)", order: order)]
        case .seen, .seenDown:
            guard let seen = keys[1].integer else { throw fault }
            let key: SQL = "COALESCE(users.last_seen_at, 0)"
            return sort == .seen
                ? [
                    KeysetRange(condition: "\(sql: key) = \(seen) AND users.id > \(id)", order: "users.id"),
                    KeysetRange(condition: "\(sql: key) > \(seen)", order: order),
                ]
                : [
                    KeysetRange(condition: "\(sql: key) = \(seen) AND users.id < \(id)", order: "users.id DESC"),
                    KeysetRange(condition: "\(sql: key) < \(seen)", order: order),
                ]
        }
    }

    /// The keys of the last row of a page.
    func keys(of member: Member) -> [JSON] {
        let key: JSON =
            switch sort {
            case .username, .usernameDown: .string(member.username)
            case .created, .createdDown: .null
            case .seen, .seenDown: .integer(member.lastSeenAt?.milliseconds ?? 0)
            }
        return [.string(sort.rawValue), key, JSON(member.id)]
    }

    /// Ids grow with the time of creation, so that they stand for it.
    var order: SQL {
        switch sort {
        case .username: "users.username"
        case .usernameDown: "users.username DESC"
        case .created: "users.id"
        case .createdDown: "users.id DESC"
        case .seen: "COALESCE(users.last_seen_at, 0), users.id"
        case .seenDown: "COALESCE(users.last_seen_at, 0) DESC, users.id DESC"
        }
    }
}
