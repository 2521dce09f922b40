internal import Database
internal import Directory
internal import Kernel
internal import Web

/// The filters of `GET /audit`, and the part of the log that a page looks at.
struct AuditFilter: Sendable {
    enum Actor: Sendable {
        case anybody
        /// Nobody: the program itself.
        case system
        /// A UUID, `me` or `u_<username>`.
        case person(String)
    }

    enum Outcome: String, CaseIterable, Sendable { case success, fail }

    let actor: Actor
    /// Whole actions, or their beginnings with `*`; any of them.
    let actions: [String]?
    /// Whole actions that are left out.
    let excluded: [String]?
    /// Whose entries: by the person or about them.
    let person: String?
    let target: String?
    let targetType: String?
    let result: Outcome?
    let from: Timestamp?
    let to: Timestamp?
    let ip: String?
    /// Folded; looked for in the texts of an entry.
    let text: [UInt8]?

    init(_ query: inout Query) {
        switch query.string("actor") {
        case nil: actor = .anybody
        case "system": actor = .system
        case let name?: actor = .person(name)
        }
        actions = query.list("action", maximum: 20)
        excluded = query.list("exclude", maximum: 20)
        person = query.string("person")
        target = query.string("target") ?? query.string("target_id")
        // Read in any case, so that it is known.
        _ = query.string("target_id")
        targetType = query.string("target_type")
        result = query.choice("result", Outcome.self)
        (from, to) = (query.time("from"), query.time("to"))
        ip = query.string("ip")
        text = query.string("text").map { Array($0.searchFold.utf8) }
    }

    /// Whether no index helps: each page then looks at so many entries at most.
    var isSearch: Bool { text != nil || excluded != nil || actions?.contains { $0.hasSuffix("*") } ?? false }
    static let window = 50_000
    /// Of a search for a text, whose entries are folded one by one.
    static let textWindow = 20_000

    /// - Returns: nil when the filter names somebody who does not exist: nothing matches.
    func conditions(_ scope: Scope, roleID: AuditLog.RoleNames, in transaction: Transaction) throws -> [SQL]? {
        var list: [SQL] = Self.visible(to: scope).map { [$0] } ?? []
        switch actor {
        case .anybody: break
        case .system: list.append("actor_user_id IS NULL")
        case .person(let name):
            guard let id = try Self.person(name, scope, transaction) else { return nil }
            list.append("actor_user_id = \(id)")
        }
        if let actions {
            let each: [SQL] = actions.map { action in
                action.hasSuffix("*") ? Self.beginning("action", String(action.dropLast()), transaction) : "action = \(action)"
            }
            list.append("(\(sql: SQL.joined(each, separator: " OR ")))")
        }
        if let excluded {
            list.append("action NOT IN (\(sql: SQL.joined(excluded.map { "\($0)" as SQL }, separator: ", ")))")
        }
        if let person {
            guard let id = try Self.person(person, scope, transaction) else { return nil }
            list.append("(actor_user_id = \(id) OR target_id = \(id.uuid))")
        }
        if let target {
            guard let id = try Self.targetID(target, scope, roleID, transaction) else { return nil }
            list.append("target_id = \(id)")
        }
        if let targetType { list.append("target_type = \(targetType)") }
        if let result { list.append("result = \(result.rawValue)") }
        if let from { list.append("id >= \(Snowflake.first(at: from))") }
        if let to { list.append("id < \(Snowflake.first(at: to.adding(milliseconds: 1)))") }
        if let ip { list.append("ip = \(ip)") }
        return list
    }

    /// What this reader may not know is not there; nil for an owner, who may know all.
    static func visible(to scope: Scope) -> SQL? {
        scope.isOwner ? nil : "(action <> \(AuditLog.privateStatus) OR actor_user_id = \(scope.userID))"
    }

    /// Whether the text stands in an entry, as `searchFold` compares it.
    func admits(_ entry: AuditContent) -> Bool {
        guard let text else { return true }
        let places = [entry.action, entry.targetType, entry.targetID, entry.payload, entry.reason]
        return places.contains { $0?.searchFold.contains(bytes: text) ?? false }
    }

    /// SQLite's LIKE folds ASCII letters, as ILIKE does.
    private static func beginning(_ column: SQL, _ text: String, _ transaction: Transaction) -> SQL {
        let operation: SQL = transaction.dialect == .sqlite ? "LIKE" : "ILIKE"
        return "\(sql: column) \(sql: operation) \(escaped(text) + "%") ESCAPE '!'"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if character == "%" || character == "_" || character == "!" { result.append("!") }
            result.append(character)
        }
    }

    static func person(_ name: String, _ scope: Scope, _ transaction: Transaction) throws -> UserID? {
        // An id need not be somebody's any more: the entries outlive the account.
        if let id = UserID(uuid: name) { return id }
        do {
            return try MemberDirectory().resolve(name, scope: scope, includingDeleted: true, in: transaction)
        } catch is Problem { return nil }
    }

    private static func targetID(
        _ name: String, _ scope: Scope, _ roleID: AuditLog.RoleNames, _ transaction: Transaction
    ) throws -> String? {
        if name.hasPrefix("role_") { return try roleID(name, transaction)?.uuid ?? name }
        guard name == "me" || name.hasPrefix("u_") else { return name }
        return try person(name, scope, transaction)?.uuid
    }
}

extension [SQL] {
    /// The conditions as one, true when there is none.
    var all: SQL { isEmpty ? "1 = 1" : SQL.joined(self, separator: " AND ") }
}
