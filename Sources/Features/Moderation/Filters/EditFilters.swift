internal import Audit
internal import Conversations
internal import Database
internal import Friends
internal import Kernel
internal import Roles
internal import Sanctions
internal import Web

/// `GET /moderation/filters`, `PUT` and `DELETE /moderation/filters/{name}`, and its former versions
extension ModerationFeature {
    func listFilters(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            let all = try FilterTable.all(in: transaction)
            return .json(200, ["items": .array(try views(of: all, for: scope, at: now, in: transaction))])
        }
    }

    func views(of filters: [TextFilter], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        let cards = try cards.cards(of: filters.compactMap(\.author), for: scope, at: now, in: transaction)
        return filters.map { filter in
            var view: JSONObject = [
                "id": JSON(filter.id), "name": .string(filter.name), "kind": .string(filter.kind.rawValue),
                "author": filter.author.flatMap { cards[$0] } ?? .null, "version": .integer(filter.version),
            ]
            for (name, value) in filter.stored.object ?? [:] { view.append(name, value) }
            return .object(view)
        }
    }

    /// Creates a filter or replaces it. Who saves it gives it their rights: they need the permission of each of its actions.
    func putFilter(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        let name = try Self.name(call.parameter("name"))
        let order = try FilterOrder(try call.body(), name: name, id: ids.next(), by: user)
        let (scope, now) = (call.scope, clock.now())
        for action in order.filter.actions { if let needed = Self.permission(of: action) { try scope.require(needed) } }
        return try await call.mutate(database) { [self] transaction in
            // The row that every change of rights locks, so that two filters of one name are written one after the other.
            _ = try roles.authorizer.lockAuthorisation(in: transaction)
            let old = try FilterTable.filter(named: name, locked: true, in: transaction)
            try call.checkIfMatch(version: old?.version ?? 0)
            var filter = try complete(order, in: transaction)
            if let old {
                let same = old.stored == filter.stored && old.kind == filter.kind && old.name == filter.name && old.author == user
                if same { return try self.reply(old, scope, at: now, in: transaction) }
                filter = filter.renewed(old)
                try FilterTable.update(filter, at: now, in: transaction)
            } else {
                let count = try FilterTable.all(in: transaction).count
                guard count < TextFilter.Limits.filters else { throw ModerationProblems.tooManyFilters }
                try FilterTable.insert(filter, at: now, in: transaction)
            }
            try record("filter.update", filter, insteadOf: old, scope: scope, in: transaction)
            return try self.reply(filter, scope, at: now, in: transaction)
        }
    }

    private func reply(_ filter: TextFilter, _ scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Reply {
        .json(200, try views(of: [filter], for: scope, at: now, in: transaction)[0]).tagged(version: filter.version)
    }

    /// With the roles that its references name.
    func complete(_ order: FilterOrder, in transaction: Transaction) throws -> TextFilter {
        var order = order
        order.set(
            exemptRoles: try order.exemptRoles.enumerated().map { index, reference in
                guard let role = try roles.assignments.id(of: reference, in: transaction) else {
                    throw Problem.invalid(
                        "/exempt_roles/\(index)", "unknown", LocalizedText(en: "No such role.", fr: "Ce rôle n’existe pas."))
                }
                return RowID(rawValue: role.rawValue)
            })
        return order.filter
    }

    private static func name(_ text: String) throws(Problem) -> String {
        var input = try Input(["name": .string(text)])
        let name = input.name("name", length: 1...TextFilter.Limits.name, required: true)
        if let name, FilterTable.folded(name) == FilterBook.raidName {
            input.fail(
                "name", "reserved",
                LocalizedText(en: "Raid mode reports under this name.", fr: "Le mode anti-raid signale sous ce nom."))
        }
        try input.finish()
        return try input.required(name)
    }

    static func permission(of action: TextFilter.Action) -> Permission? {
        switch action {
        case .block, .report: nil
        case .hide: .chatModerate
        case .warn: .moderationWarn
        case .mute: .moderationMute
        }
    }

    /// Repeating the request changes nothing.
    func deleteFilter(_ call: Call) async throws -> Reply {
        let (scope, name) = (call.scope, call.parameter("name"))
        return try await call.mutate(database) { [self] transaction in
            guard let filter = try FilterTable.filter(named: name, locked: true, in: transaction) else { return .noContent }
            try call.checkIfMatch(version: filter.version)
            try FilterTable.delete(filter, in: transaction)
            try record("filter.delete", filter, insteadOf: filter, scope: scope, in: transaction)
            return .noContent
        }
    }

    func listFilterVersions(_ call: Call) async throws -> Reply {
        let (scope, now, name) = (call.scope, clock.now(), call.parameter("name"))
        return try await database.read { [self] transaction in
            let filter = try FilterTable.filter(named: name, in: transaction)
            let versions = try filter.map { try FilterTable.versions(of: $0.id, in: transaction) } ?? []
            let cards = try cards.cards(of: versions.compactMap(\.author), for: scope, at: now, in: transaction)
            return .json(
                200,
                [
                    "items": .array(
                        versions.map { version in
                            var view: JSONObject = [
                                "version": .integer(version.version), "author": version.author.flatMap { cards[$0] } ?? .null,
                                "at": JSON(version.at),
                            ]
                            for (name, value) in version.body.object ?? [:] { view.append(name, value) }
                            return .object(view)
                        })
                ])
        }
    }

    /// With what changed; of a list, what was added and removed.
    private func record(_ action: String, _ filter: TextFilter, insteadOf old: TextFilter?, scope: Scope, in transaction: Transaction)
        throws
    {
        func settings(_ filter: TextFilter) -> JSON {
            var view = filter.stored.object ?? [:]
            view["list"] = nil
            view.append("kind", .string(filter.kind.rawValue))
            return .object(view)
        }
        let (before, after) = (old?.list ?? [], action == "filter.delete" ? [] : filter.list)
        let (known, wanted) = (Set(before.map { ByteKey($0) }), Set(after.map { ByteKey($0) }))
        func excerpt(_ words: [String]) -> JSON { .array(words.prefix(100).map { .string($0) }) }
        try audit.record(
            action, target: ("filter", filter.id.uuid),
            payload: [
                "name": .string(filter.name), "before": old.map(settings) ?? .null,
                "after": action == "filter.delete" ? .null : settings(filter),
                "added": excerpt(after.filter { !known.contains(ByteKey($0)) }),
                "removed": excerpt(before.filter { !wanted.contains(ByteKey($0)) }), "list_count": JSON(after.count),
            ], result: .success, scope: scope, in: transaction)
    }
}

extension TextFilter {
    /// The next version of a filter.
    fileprivate func renewed(_ old: TextFilter) -> TextFilter {
        var next = TextFilter(id: old.id, name: name, kind: kind, actions: actions, category: category, author: author)
        next.take(stored)
        next.version = old.version + 1
        return next
    }
}

extension ModerationProblems {
    static let tooManyFilters = Problem.conflict(
        "too_many_filters",
        LocalizedText(
            en: "The site has \(TextFilter.Limits.filters) filters, which is the limit.",
            fr: "Le site a \(TextFilter.Limits.filters) filtres, ce qui est la limite."))
}
