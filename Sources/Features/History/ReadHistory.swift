internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Web

/// `GET /users/{id}/history`
extension HistoryFeature {
    /// The reader of a history.
    struct Reader: Sendable {
        let scope: Scope
        let isOwn: Bool

        /// Whether privacy settings do not apply.
        var seesAll: Bool { isOwn || scope.can(.usersRead) }
    }

    func readHistory(_ call: Call) async throws -> Reply {
        var query = try call.query
        let wanted = Self.types(&query)
        let (from, to) = (query.time("from"), query.time("to"))
        let format = query.choice("format", HistoryShapes.Format.self)
        let page = query.page()
        try query.finish()
        let place = try page.keys(2).map { keys throws(Problem) in
            guard let at = keys[0].integer, let id = keys[1].integer else { throw Page.strange }
            return ActionPlace(at: at, id: id)
        }
        let (reference, scope) = (call.parameter("id"), call.scope)
        let (filter, reader) = try await database.read { [self] transaction in
            let (user, reader) = try admit(scope, to: reference, in: transaction)
            return (ActionFilter(user: user, wanted: wanted, from: from, to: to, isPublic: !reader.isOwn), reader)
        }
        if let format { return try await export(filter, for: reader, as: format) }
        return try await database.read { [self] transaction in
            let found = try ActionTable.page(filter, before: place ?? .newest, limit: page.limit + 1, in: transaction)
            let shown = found.prefix(page.limit)
            let next = found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.at.milliseconds), JSON($0.id.rawValue)]) } : nil
            let items = try views(Array(shown), for: reader, in: transaction).map(JSON.object)
            return .page(items, next: next, total: page.wantsTotal && reader.seesAll ? try ActionTable.count(filter, in: transaction) : nil)
        }
    }

    /// The types by family. A family without a type stands for all its types.
    private static func types(_ query: inout Query) -> [String: [String]] {
        var wanted: [String: [String]] = [:]
        for text in query.list("type", maximum: HistoryShapes.maximumTypes) ?? [] {
            guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2E })
            else {
                query.fail(
                    "type", "invalid",
                    LocalizedText(en: "A type such as favorite.added is expected.", fr: "Un type tel que favorite.added est attendu."))
                continue
            }
            let first = UserAction.family(of: text)
            // The web app names the family “session”.
            let family = first == "session" ? "auth" : first
            if text == first || text == "\(first)." {
                wanted[family] = []
            } else if wanted[family]?.isEmpty != true {
                wanted[family, default: []].append(text)
            }
        }
        return wanted
    }

    /// - Throws: 404 for a person who hides from the reader, 403 for a history that is not shown.
    func admit(_ scope: Scope, to reference: String, in transaction: Transaction) throws -> (UserID, Reader) {
        let person = try friendships.personShowingHistory(
            reference, to: scope, orElse: HistoryProblems.notShown, directory: directory, in: transaction)
        return (person, Reader(scope: scope, isOwn: person == scope.userID))
    }

    /// The actions for one reader. Actions with people who hide from the reader are left out.
    func views(_ actions: [StoredAction], for reader: Reader, in transaction: Transaction) throws -> [JSONObject] {
        var names: [String: [Int64: String]] = [:]
        for (kind, some) in Dictionary(grouping: actions.map(\.target), by: \.kind) where kind != "user" {
            names[kind] = try history.names(of: kind, Array(Set(some.compactMap(\.id))), for: reader.scope, in: transaction)
        }
        let people = try people(actions, for: reader, in: transaction)
        return actions.compactMap { action in
            let target = action.target
            var (detail, name) = (action.detail, target.id.flatMap { names[target.kind]?[$0] })
            if target.kind == "user", let id = target.id {
                guard let person = people[UserID(rawValue: id)] else { return nil }
                name = person.displayName
                detail["username"] = .string(person.username)
            }
            // Only the person and readers of roles see who gave a role and why.
            if !reader.isOwn, !reader.scope.can(.rolesRead) { for member in ["by", "reason"] { detail[member] = nil } }
            return [
                "id": JSON(action.id), "type": .string(action.type), "at": JSON(action.at),
                "target": [
                    "kind": .string(target.kind), "id": JSON(target.id.map { RowID(rawValue: $0) }),
                    "name": JSON(name ?? detail["device"]?.string),
                ], "detail": .object(detail),
            ]
        }
    }

    private func people(_ actions: [StoredAction], for reader: Reader, in transaction: Transaction) throws -> [UserID: Member] {
        let ids = Set(actions.filter { $0.target.kind == "user" }.compactMap { $0.target.id.map { UserID(rawValue: $0) } })
        guard !ids.isEmpty else { return [:] }
        let access = reader.seesAll ? [:] : try friendships.profiles(of: Array(ids), for: reader.scope.userID, in: transaction)
        let members = try directory.members(Array(ids), in: transaction).filter { member in
            reader.seesAll || (member.deletedAt == nil && access[member.id] ?? .hidden != .hidden)
        }
        return Dictionary(uniqueKeysWithValues: members.map { ($0.id, $0) })
    }
}

/// Problems of histories.
enum HistoryProblems {
    static let notShown = Problem.forbidden(
        "not_allowed",
        LocalizedText(en: "This person does not show you their history.", fr: "Cette personne ne vous montre pas son historique."))
}
