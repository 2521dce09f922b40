internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// `GET /users` and `GET /users/{id}`
extension AccountsFeature {
    func listUsers(_ call: Call) async throws -> Reply {
        var query = try call.query
        let filter = UserFilter(&query)
        let page = query.page()
        try query.finish()
        try filter.requireMayAsk(call.scope)
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            var conditions = try conditions(of: filter, scope: scope, at: now, in: transaction)
            let few = filter.count == 0 || filter.isByRights ? nil : try self.few(conditions, in: transaction)
            if let few { conditions = ["users.id IN (SELECT value FROM json_each(\(ids: few)))"] }
            let total = page.wantsTotal ? try few?.count ?? count(filter, conditions, in: transaction) : nil
            let stretches = try page.keys(3).map { try filter.after($0) } ?? ["1 = 1"]
            var members: [Member] = []
            for stretch in stretches where members.count <= page.limit {
                members += try transaction.rows(
                    """
                    SELECT \(sql: Member.columns) FROM users WHERE \(sql: SQL.joined(conditions + [stretch], separator: " AND "))
                    ORDER BY \(sql: filter.order) LIMIT \(page.limit + 1 - members.count)
                    """
                ).map(Member.init)
            }
            let shown = Array(members.prefix(page.limit))
            let next = members.count > page.limit ? shown.last.map { Page.cursor(filter.keys(of: $0)) } : nil
            return .page(try views(shown, scope: scope, knowing: Self.ownPermissions(scope), in: transaction), next: next, total: total)
        }
    }

    /// Those whom the conditions name, when they are few: then they are looked up and sorted. Many are met soon enough in the order that is asked for.
    private func few(_ conditions: [SQL], in transaction: Transaction) throws -> [UserID]? {
        let rows = try transaction.rows("SELECT users.id FROM users WHERE \(sql: SQL.joined(conditions, separator: " AND ")) LIMIT 1001")
        return rows.count <= 1000 ? rows.map { $0.id(0) } : nil
    }

    private func count(_ filter: UserFilter, _ conditions: [SQL], in transaction: Transaction) throws -> Int {
        if filter.isByRights, let role = filter.role { return try roles.assignments.count(role: role, in: transaction) }
        if filter.isByRights, let permission = filter.permission {
            return try roles.assignments.count(permission: permission, in: transaction)
        }
        return try transaction.row("SELECT COUNT(*) FROM users WHERE \(sql: SQL.joined(conditions, separator: " AND "))")?.int(0) ?? 0
    }

    func readUser(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await database.read { [self] transaction in
            let member = try visibleMember(reference, scope: scope, in: transaction)
            let view = try views([member], scope: scope, knowing: Self.ownPermissions(scope), in: transaction)[0]
            return Reply.json(200, view).tagged(version: member.version)
        }
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
    func conditions(of filter: UserFilter, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [SQL] {
        // Whoever may not see addresses cannot find out whose one is either.
        let emailBlind = scope.can(.usersEmail) ? filter.search.flatMap(EmailAddress.init).map(blind) : nil
        var conditions = filter.conditions(emailBlind: emailBlind, at: now)
        if let role = filter.role {
            conditions.append(try roles.assignments.holding(role: role, in: transaction))
            if let few = try roles.assignments.few(role: role, in: transaction) { conditions.append(few) }
        }
        if let permission = filter.permission {
            conditions.append(try roles.assignments.holding(permission: permission, in: transaction))
            if let few = try roles.assignments.few(permission: permission, in: transaction) { conditions.append(few) }
        }
        if let status = filter.status { conditions.append(shown(as: status)) }
        return conditions
    }
}
