internal import Database
internal import Directory
internal import Kernel
internal import Sanctions
internal import Web

/// `GET /sanctions`, `GET /sanctions/{id}`, `GET /users/me/sanctions` and `POST /sanctions/{id}/acknowledge`
extension ModerationFeature {
    func listSanctions(_ call: Call) async throws -> Reply {
        var query = try call.query
        let reference = query.string("user")
        let kind = query.choice("kind", SanctionKind.self)
        let active = query.bool("active")
        let source = query.choice("source", SanctionSource.self)
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { SanctionID(uuid: $0) } } ?? SanctionID(rawValue: .max)
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            var conditions: [SQL] = []
            if let reference {
                conditions.append("user_id = \(try directory.resolve(reference, scope: scope, includingDeleted: true, in: transaction))")
            }
            if let kind { conditions.append("kind = \(kind.rawValue)") }
            if let active { conditions.append(Self.inForce(active, at: now)) }
            if let source { conditions.append("source = \(source.rawValue)") }
            let (shown, next, total) = try Self.page(page, before, conditions, in: transaction)
            return .page(try views(shown, for: scope, at: now, in: transaction).map { .object($0) }, next: next, total: total)
        }
    }

    func readSanction(_ call: Call) async throws -> Reply {
        let (scope, now, id) = (call.scope, clock.now(), SanctionID(uuid: call.parameter("id")))
        return try await database.read { [self] transaction in
            guard let id, let sanction = try SanctionTable.sanction(id, in: transaction) else { throw Problem.notFound }
            let view = try views([sanction], for: scope, at: now, in: transaction)[0]
            return .json(200, .object(view)).tagged(version: sanction.version)
        }
    }

    func listOwnSanctions(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var query = try call.query
        let active = query.bool("active")
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { SanctionID(uuid: $0) } } ?? SanctionID(rawValue: .max)
        let now = clock.now()
        return try await database.read { [self] transaction in
            var conditions: [SQL] = ["user_id = \(user)"]
            if let active { conditions.append(Self.inForce(active, at: now)) }
            let (shown, next, total) = try Self.page(page, before, conditions, in: transaction)
            return .page(try ownViews(shown, at: now, in: transaction), next: next, total: total)
        }
    }

    /// By the sanctioned person; a second time changes nothing.
    func acknowledgeSanction(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        let (now, id) = (clock.now(), SanctionID(uuid: call.parameter("id")))
        return try await call.mutate(database) { [self] transaction in
            guard let id, let sanction = try SanctionTable.sanction(id, locked: true, in: transaction), sanction.user == user else {
                throw Problem.notFound
            }
            try transaction.execute(
                "UPDATE sanctions SET acknowledged_at = \(now), version = version + 1 WHERE id = \(id) AND acknowledged_at IS NULL")
            guard let read = try SanctionTable.sanction(id, in: transaction) else { throw Problem.notFound }
            return .json(200, try ownViews([read], at: now, in: transaction)[0])
        }
    }

    /// `Sanction.isInForce` as SQL, or its opposite.
    static func inForce(_ isMeant: Bool, at now: Timestamp) -> SQL {
        let holds: SQL = "(ended_at IS NULL AND starts_at <= \(now) AND (expires_at IS NULL OR expires_at > \(now)))"
        return isMeant ? holds : "NOT \(sql: holds)"
    }

    private static func page(_ page: Page, _ before: SanctionID, _ conditions: [SQL], in transaction: Transaction) throws
        -> (shown: [Sanction], next: String?, total: Int?)
    {
        let all: SQL = conditions.isEmpty ? "1 = 1" : .joined(conditions, separator: " AND ")
        let found = try transaction.rows(
            """
            SELECT \(sql: Sanction.columns) FROM sanctions WHERE id < \(before) AND \(sql: all)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """
        ).map(Sanction.init)
        let shown = Array(found.prefix(page.limit))
        let next = found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil
        let total = page.wantsTotal ? try transaction.row("SELECT COUNT(*) FROM sanctions WHERE \(sql: all)")?.int(0) : nil
        return (shown, next, total)
    }
}
