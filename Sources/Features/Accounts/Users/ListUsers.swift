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
            let total = page.wantsTotal ? try count(conditions, in: transaction) : nil
            if let keys = try page.keys(3) { conditions.append(try filter.after(keys)) }
            let members = try transaction.rows(
                """
                SELECT \(sql: Member.columns) FROM users WHERE \(sql: SQL.joined(conditions, separator: " AND "))
                ORDER BY \(sql: filter.order) LIMIT \(page.limit + 1)
                """
            ).map(Member.init)
            let shown = Array(members.prefix(page.limit))
            let next = members.count > page.limit ? shown.last.map { Page.cursor(filter.keys(of: $0)) } : nil
            return .page(try views(shown, scope: scope, knowing: Self.ownPermissions(scope), in: transaction), next: next, total: total)
        }
    }

    private func count(_ conditions: [SQL], in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM users WHERE \(sql: SQL.joined(conditions, separator: " AND "))")?.int(0) ?? 0
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
        if let role = filter.role { conditions.append(try roles.assignments.holding(role: role, in: transaction)) }
        if let permission = filter.permission { conditions.append(try roles.assignments.holding(permission: permission, in: transaction)) }
        if let status = filter.status { conditions.append(shown(as: status)) }
        return conditions
    }
}
