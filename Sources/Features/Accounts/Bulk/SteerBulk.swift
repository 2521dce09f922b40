internal import Database
internal import Directory
internal import Jobs
internal import Kernel
internal import Web

/// `GET /users/bulk`, `GET /users/bulk/{id}`, its failures, and what begins, ends and undoes it: each job is its author's alone.
extension AccountsFeature {
    func listBulk(_ call: Call) async throws -> Reply {
        let author = try call.scope.requireWithoutAPIKey()
        return try await database.read { [bulk] in .page(try bulk.recent(of: author, in: $0).map(\.json), next: nil) }
    }

    func readBulk(_ call: Call) async throws -> Reply {
        let (author, reference) = (try call.scope.requireWithoutAPIKey(), call.parameter("id"))
        return try await database.read { [bulk] in .json(200, try bulk.job(reference, of: author, in: $0).json) }
    }

    /// Those with whom it could not be done, and why.
    func listBulkFailures(_ call: Call) async throws -> Reply {
        let (author, scope, reference) = (try call.scope.requireWithoutAPIKey(), call.scope, call.parameter("id"))
        var query = try call.query
        let page = query.page()
        try query.finish()
        let after = try page.key { $0.string.flatMap { UserID(uuid: $0) } } ?? UserID(rawValue: 0)
        return try await database.read { [bulk] transaction in
            let job = try bulk.job(reference, of: author, in: transaction)
            let rows = try transaction.rows(
                """
                SELECT \(sql: Member.columns), bulk_items.fault, bulk_items.user_id FROM bulk_items
                LEFT JOIN users ON users.id = bulk_items.user_id
                WHERE bulk_items.job_id = \(job.id) AND bulk_items.outcome = 'failed' AND bulk_items.user_id > \(after)
                ORDER BY bulk_items.user_id LIMIT \(page.limit + 1)
                """)
            let shown = Array(rows.prefix(page.limit))
            let next = rows.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id(Member.columnCount + 1, User.self))]) } : nil
            return .page(try shown.map { try Self.failure($0, in: scope.language) }, next: next, total: page.wantsTotal ? job.failed : nil)
        }
    }

    private static func failure(_ row: Row, in language: Language) throws -> JSON {
        let fault = try JSONParser.parse(own: Array(row.text(Member.columnCount).utf8))
        return failure(
            row.isNull(0) ? nil : Member(row), row.id(Member.columnCount + 1), code: fault["code"]?.string ?? "",
            detail: fault[language.rawValue]?.string ?? "")
    }

    /// Begins what was prepared; a second time changes nothing.
    func runBulk(_ call: Call) async throws -> Reply {
        try await steer(call) { [self] job, transaction in
            guard job.state == .prepared else { return }
            job.state = .running
            try bulk.update(job, in: transaction)
            try note(job, call.scope, in: transaction)
        }
    }

    /// Ends it where it is; what was done stays done.
    func cancelBulk(_ call: Call) async throws -> Reply {
        try await steer(call) { [self] job, transaction in
            guard !job.isOver else { return }
            try end(&job, .cancelled, in: transaction)
        }
    }

    private func steer(
        _ call: Call, _ body: @escaping @Sendable (inout BulkJob, Transaction) throws -> Void
    ) async throws -> Reply {
        let (author, reference) = (try call.scope.requireWithoutAPIKey(), call.parameter("id"))
        return try await call.mutate(database) { [bulk] transaction in
            let found = try bulk.job(reference, of: author, in: transaction)
            guard var job = try bulk.locked(found.id, in: transaction) else { throw Problem.notFound }
            try body(&job, transaction)
            return .json(job.state == .running ? 202 : 200, job.json)
        }
    }

    /// A new job, begun at once, that takes it back from precisely those whom it changed.
    func undoBulk(_ call: Call) async throws -> Reply {
        let (author, scope, now, reference) = (try call.scope.requireWithoutAPIKey(), call.scope, clock.now(), call.parameter("id"))
        return try await call.mutate(database) { [self] transaction in
            let found = try bulk.job(reference, of: author, in: transaction)
            guard var job = try bulk.locked(found.id, in: transaction), job.canBeUndone else {
                throw Problem.conflict(
                    "cannot_undo", LocalizedText(en: "There is nothing to undo here.", fr: "Il n’y a rien à annuler ici."))
            }
            let action = job.order.action.inverse
            let order = BulkOrder(action, reason: job.order.reason ?? (action.name == .ban ? "undone" : nil))
            try scope.require(order.action.permission)
            let id = ids.next(AnyEntity.self)
            let undo = BulkJob(id, by: scope, author: author, order, total: job.changed, undoes: job.id, .running, at: now)
            try bulk.insert(undo, in: transaction)
            try transaction.execute(
                """
                INSERT INTO bulk_items (job_id, user_id)
                SELECT CAST(\(id) AS BIGINT), user_id FROM bulk_items WHERE job_id = \(job.id) AND outcome = 'changed'
                """)
            job.undoneBy = id
            try bulk.update(job, in: transaction)
            try note(undo, scope, in: transaction)
            return .json(202, undo.json)
        }
    }

    /// Writes down that a job begins, and has it done.
    private func note(_ job: BulkJob, _ scope: Scope, in transaction: Transaction) throws {
        try queue?.enqueue(Self.bulkJob, key: "begun", in: transaction)
        var payload = job.order.json
        payload.append("total", JSON(job.total))
        payload.append("undoes", JSON(job.undoes))
        try record("user.bulk", target: ("bulk_job", job.id.uuid), payload: .object(payload), scope: scope, in: transaction)
    }
}
