internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// `POST /users/bulk` and `GET /users/bulk/{id}/preview`
extension AccountsFeature {
    /// People in one list of ids; more are chosen by a filter.
    private static let listLimit = 1000
    /// People of whom a preview tells what would come of them.
    private static let rehearsed = 50

    /// Fixes what is to be done and to whom; nothing is done yet.
    func prepareBulk(_ call: Call) async throws -> Reply {
        let (author, scope, now, body) = (try call.scope.requireWithoutAPIKey(), call.scope, clock.now(), try call.body())
        return try await call.mutate(database) { [self] transaction in
            var input = try Input(body)
            let order = try BulkOrder(&input) { try roles.assignments.id(of: $0, in: transaction) }
            let ids = input.strings("users", count: 1...Self.listLimit)
            let filter = input.string("filter", length: 0...2000)
            if (ids == nil) == (filter == nil) {
                input.fail("users", "one_of", LocalizedText(en: "Either users or a filter.", fr: "Soit users, soit filter."))
            }
            try input.finish()
            try scope.require(order.action.permission)
            try scope.require(.usersRead)
            let condition = try selection(ids, filter, order.action, scope: scope, at: now, in: transaction)
            let id = self.ids.next(AnyEntity.self)
            try transaction.execute("DELETE FROM bulk_jobs WHERE author_id = \(author) AND state = 'prepared'")
            let total = try gather(id, condition, in: transaction)
            let job = BulkJob(id, by: scope, author: author, order, total: total, .prepared, at: now)
            try bulk.insert(job, in: transaction)
            return .json(201, job.json)
        }
    }

    private func gather(_ id: RowID, _ condition: SQL, in transaction: Transaction) throws -> Int {
        let total = try bulk.gather(id, where: condition, in: transaction)
        if total == 0 {
            throw Problem.invalid("/filter", "nobody", LocalizedText(en: "This chooses nobody.", fr: "Cela ne désigne personne."))
        }
        if total > BulkStore.limit {
            throw Problem.invalid(
                "/filter", "too_many",
                LocalizedText(en: "At most \(BulkStore.limit) people at once.", fr: "\(BulkStore.limit) personnes au plus à la fois."))
        }
        return total
    }

    /// A condition on `users`.
    private func selection(
        _ ids: [String]?, _ filter: String?, _ action: BulkAction, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> SQL {
        if let filter {
            let filter = try UserFilter(text: filter)
            try filter.requireMayAsk(scope)
            return try conditions(of: filter, scope: scope, at: now, knowing: nil, in: transaction).sql
        }
        let users = (ids ?? []).compactMap { UserID(uuid: $0) }
        guard users.count == ids?.count else {
            throw Problem.invalid("/users", "invalid", LocalizedText(en: "Ids are expected.", fr: "Des identifiants sont attendus."))
        }
        let isThere: SQL = action == .restore ? "1 = 1" : "users.deleted_at IS NULL"
        return "users.id IN (SELECT value FROM json_each(\(ids: users))) AND \(sql: isThere)"
    }

    /// Carries the outcome of a rehearsal out of the transaction that it rolls back.
    private struct DryRunRollback: Error {
        var changed = 0
        var unchanged = 0
        var refused: [(user: UserID, problem: Problem)] = []
    }

    /// Does it to the first people of the job, tells what came of it, and rolls it all back.
    func previewBulk(_ call: Call) async throws -> Reply {
        let (author, scope, reference) = (try call.scope.requireWithoutAPIKey(), call.scope, call.parameter("id"))
        do {
            return try await database.write { [self] transaction -> Reply in
                let job = try bulk.job(reference, of: author, in: transaction)
                guard let actor = try actor(of: job, in: transaction) else { throw Problem.unauthenticated }
                var rehearsal = DryRunRollback()
                for user in try bulk.waiting(job.id, limit: Self.rehearsed, in: transaction) {
                    do {
                        if try perform(job, on: user, scope: actor, in: transaction) != nil {
                            rehearsal.changed += 1
                        } else {
                            rehearsal.unchanged += 1
                        }
                    } catch let problem as Problem {
                        rehearsal.refused.append((user, problem))
                    }
                }
                throw rehearsal
            }
        } catch let rehearsal as DryRunRollback {
            let refusedUsers = rehearsal.refused.map { $0.user }
            let names = try await database.read { [directory] in try directory.members(refusedUsers, in: $0) }
            let byID = Dictionary(names.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            let refused = rehearsal.refused.map { fault in
                Self.failure(byID[fault.user], fault.user, code: fault.problem.code, detail: fault.problem.detail(scope.language))
            }
            return .json(
                200,
                [
                    "checked": JSON(rehearsal.changed + rehearsal.unchanged + refused.count), "changed": JSON(rehearsal.changed),
                    "unchanged": JSON(rehearsal.unchanged), "refused": .array(refused),
                ])
        }
    }

    static func failure(_ member: Member?, _ user: UserID, code: String, detail: String) -> JSON {
        [
            "user": ["id": JSON(user), "username": JSON(member?.username), "display_name": JSON(member?.displayName)],
            "code": .string(code), "detail": .string(detail),
        ]
    }
}
