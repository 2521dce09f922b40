internal import Database
internal import Directory
internal import Kernel
internal import Presence
internal import Roles
internal import Web

/// `GET /users` and `GET /users/{id}`
extension AccountsFeature {
    func listUsers(_ call: Call) async throws -> Reply {
        var query = try call.query
        let asked = UserFilter(&query)
        let showsPrivate = query.bool("private") ?? true
        let page = query.page()
        try query.finish()
        try asked.requireMayAsk(call.scope)
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            var (filter, access): (UserFilter, [UserID: ProfileAccess]?) = (asked, nil)
            if !scope.can(.usersRead) {
                access = try profileAccess(of: asked.ids ?? [], scope: scope, in: transaction)
                filter.ids = asked.ids?.filter { access?[$0] ?? .hidden != .hidden }
            }
            let conditions = try conditions(of: filter, scope: scope, at: now, knowing: names, in: transaction)
            let smallResult = filter.count == 0 || filter.isByRights ? nil : try conditions.smallResult(in: transaction)
            let total = page.wantsTotal ? try smallResult?.count ?? count(filter, conditions, scope: scope, at: now, in: transaction) : nil
            let wanted: SQL = smallResult.map { "users.id IN (SELECT value FROM json_each(\(ids: $0)))" } ?? conditions.sql
            let ranges = try page.keys(3).map { try filter.after($0) } ?? [UserFilter.KeysetRange(condition: "1 = 1", order: filter.order)]
            // The rest of the rows is read of those alone who are shown: it would be carried through the sort.
            var ids: [UserID] = []
            for stretch in ranges where ids.count <= page.limit {
                ids += try transaction.rows(
                    """
                    SELECT users.id FROM users WHERE \(sql: wanted) AND \(sql: stretch.condition)
                    ORDER BY \(sql: stretch.order) LIMIT \(page.limit + 1 - ids.count)
                    """
                ).map { $0.id(0) }
            }
            let shown = try directory.members(inOrder: Array(ids.prefix(page.limit)), in: transaction)
            let next = ids.count > page.limit ? shown.last.map { Page.cursor(filter.keys(of: $0)) } : nil
            let profiles = try access.map { try profileViews(shown, $0, scope: scope, in: transaction) }
            let items =
                try profiles
                ?? views(shown, scope: scope, knowing: Self.ownPermissions(scope), withPrivate: showsPrivate, in: transaction)
            let reply = Reply.page(items, next: next, total: total)
            // Beside names that their owners choose, the length of a compressed answer would tell of an address or of the reason of a ban.
            return showsPrivate && profiles == nil ? reply : reply.compressible()
        }
    }

    /// Those who are not banned are all but those who are, and those who are away all but those who are here: in both cases the others are fewer.
    private func count(
        _ filter: UserFilter, _ conditions: UserConditions, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> Int {
        func count(_ filter: UserFilter) throws -> Int {
            let conditions = try self.conditions(of: filter, scope: scope, at: now, knowing: names, in: transaction)
            return try self.count(filter, conditions, scope: scope, at: now, in: transaction)
        }
        var anybody = filter
        if filter.isBanned == false {
            var banned = filter
            (anybody.isBanned, banned.isBanned) = (nil, true)
            return try count(anybody) - count(banned)
        }
        if let shown = conditions.shown, !shown.areMeant {
            var here = conditions
            (anybody.status, here.shown) = (nil, nil)
            let all = try count(anybody)
            guard !shown.users.isEmpty else { return all }
            here.shown = UserConditions.Shown(users: shown.users, areMeant: true)
            return try all - here.count(of: names, in: transaction)
        }
        if filter.isByRights, let role = filter.role { return try roles.assignments.count(role: role, in: transaction) }
        if filter.isByRights, let permission = filter.permission {
            return try roles.assignments.count(permission: permission, in: transaction)
        }
        return try conditions.count(of: names, in: transaction)
    }

    func readUser(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await database.read { [self] transaction in
            guard scope.can(.usersRead) else { return try readProfile(reference, scope: scope, in: transaction) }
            let member = try visibleMember(reference, scope: scope, in: transaction)
            return try reply(member, scope: scope, in: transaction)
        }
    }

    /// Oneself, or as much of somebody as they show to all members.
    private func readProfile(_ reference: String, scope: Scope, in transaction: Transaction) throws -> Reply {
        let id = try directory.resolve(reference, scope: scope, in: transaction)
        let member = try directory.member(id, in: transaction)
        guard id != scope.userID else { return try reply(member, scope: scope, in: transaction) }
        let access = try profileAccess(of: [id], scope: scope, in: transaction)
        guard access[id] ?? .hidden != .hidden else { throw Problem.notFound }
        return Reply.json(200, try profileViews([member], access, scope: scope, in: transaction)[0]).tagged(version: member.version)
    }

    private func reply(_ member: Member, scope: Scope, in transaction: Transaction) throws -> Reply {
        let view = try views([member], scope: scope, knowing: Self.ownPermissions(scope), in: transaction)[0]
        return Reply.json(200, view).tagged(version: member.version)
    }

    /// The person behind a reference, whom this reader may see: themselves, anybody with `users.read`, the deleted with `users.delete`.
    ///
    /// - Throws: 404 otherwise, the same for nobody and for somebody hidden.
    func visibleMember(_ reference: String, scope: Scope, in transaction: Transaction) throws -> Member {
        let id = try directory.resolve(reference, scope: scope, includingDeleted: scope.can(.usersDelete), in: transaction)
        guard id == scope.userID || scope.can(.usersRead) else { throw Problem.notFound }
        return try directory.member(id, includingDeleted: scope.can(.usersDelete), in: transaction)
    }

    /// What of `users` the filter lets through.
    ///
    /// - Parameter names: nil in a transaction that writes: what it may yet take back is kept out of memory.
    func conditions(
        of filter: UserFilter, scope: Scope, at now: Timestamp, knowing names: NameIndex?, in transaction: Transaction
    ) throws -> UserConditions {
        // Whoever may not see addresses cannot find out whose one is either.
        let emailBlind = scope.can(.usersEmail) ? filter.search.flatMap(EmailAddress.init).map(blind) : nil
        var conditions = UserConditions(
            areDeleted: filter.isDeleted == true, others: filter.conditions(at: now), shown: filter.status.map(shown))
        if let emailBlind {
            conditions.others.append("users.email_blind = \(emailBlind)")
        } else if let search = filter.search, !search.isEmpty {
            conditions.names = try names?.matches(search, in: transaction) ?? .unknown(search)
        }
        if let activity = filter.activity {
            conditions.others.append("users.id IN (SELECT value FROM json_each(\(ids: presence.present(doing: activity))))")
        }
        if let role = filter.role {
            let smallResult = try roles.assignments.smallResult(role: role, in: transaction)
            conditions.others.append(try smallResult ?? roles.assignments.holding(role: role, in: transaction))
        }
        if let permission = filter.permission {
            let smallResult = try roles.assignments.smallResult(permission: permission, in: transaction)
            conditions.others.append(try smallResult ?? roles.assignments.holding(permission: permission, in: transaction))
        }
        return conditions
    }
}
