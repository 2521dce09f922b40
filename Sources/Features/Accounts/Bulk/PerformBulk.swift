internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Runtime
internal import Web

/// What one person of a job changed, for after COMMIT.
struct BulkEffects: Sendable {
    var revocations: [SessionRevocation] = []
    var rights: [AuthorizationChange] = []
}

/// The work of a job: each person passes what the act upon one passes, with the rights that the author has at that moment.
extension AccountsFeature {
    /// People of one transaction; when one of them is refused, each has a transaction alone.
    private static let batch = 20

    /// The author with the rights of now, from where they began it; nil when they may not even sign in any more.
    func actor(of job: BulkJob, in transaction: Transaction) throws -> Scope? {
        let author = try directory.members([job.author], in: transaction).first
        guard let author, author.deletedAt == nil, !author.isDisabled, !author.isBanned(at: clock.now()) else { return nil }
        let rights = try authorizer.rights(of: author.id, in: transaction)
        return Scope(
            userID: author.id, permissions: rights.permissions, isOwner: rights.isOwner, rank: rights.rank, language: author.locale,
            requestID: job.requestID, address: job.address, userAgent: job.userAgent)
    }

    /// - Throws: what the act upon this one person throws.
    func perform(_ order: BulkOrder, on user: UserID, scope: Scope, in transaction: Transaction) throws -> (
        changed: Bool, effects: BulkEffects
    ) {
        let now = clock.now()
        func managed(includingDeleted: Bool = false) throws -> Member {
            try self.managed(
                user, requiring: order.action.permission, includingDeleted: includingDeleted, scope: scope, in: transaction)
        }
        switch order.action {
        case .giveRole(let role), .takeRole(let role):
            let isGiven = order.action == .giveRole(role)
            let (changed, change) = try roles.assignments.set(
                role, of: user, held: isGiven, scope: scope, reason: order.reason, in: transaction)
            return (changed, BulkEffects(rights: [change]))
        case .addTag(let tag):
            return (try retag(user, scope: scope, at: now, in: transaction) { $0.contains(tag) ? $0 : $0 + [tag] }, BulkEffects())
        case .removeTag(let tag):
            return (try retag(user, scope: scope, at: now, in: transaction) { $0.filter { $0 != tag } }, BulkEffects())
        case .disable, .enable:
            let ended = try setDisabled(
                order.action == .disable, managed(), reason: order.reason, scope: scope, at: now, in: transaction)
            return (ended != nil, BulkEffects(revocations: ended ?? []))
        case .ban(let seconds):
            let ban = Ban(reason: order.reason ?? "", seconds: seconds)
            return (true, BulkEffects(revocations: try self.ban(managed(), ban, scope: scope, at: now, in: transaction)))
        case .unban:
            let member = try managed()
            if member.isBanned { try lift(member, cause: "lifted", scope: scope, at: now, in: transaction) }
            return (member.isBanned, BulkEffects())
        case .delete:
            return (true, BulkEffects(revocations: try delete(managed(), isHard: false, scope: scope, at: now, in: transaction)))
        case .restore:
            return (try restore(managed(includingDeleted: true), scope: scope, at: now, in: transaction), BulkEffects())
        }
    }

    /// Changes somebody's tags as a patch of them does.
    private func retag(
        _ user: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction, _ change: ([String]) -> [String]
    ) throws -> Bool {
        let none = UserPatch(tags: [])
        if user != scope.userID { try requireMayChangeOther(user, none, scope: scope, in: transaction) }
        var member = try directory.lockedMember(user, in: transaction)
        try requireMayChange(member, none, scope: scope)
        let tags = change(member.tags)
        guard tags != member.tags else { return false }
        if tags.count > UserPatch.tagLimit {
            throw Problem.invalid(
                "/tags", "count",
                LocalizedText(
                    en: "At most \(UserPatch.tagLimit) tags a person.", fr: "\(UserPatch.tagLimit) étiquettes au plus par personne."))
        }
        let patch = UserPatch(tags: tags)
        let (before, after) = patch.apply(to: &member)
        try write(&member, patch, at: now, in: transaction)
        try note(member, patch, before, after, scope: scope, at: now, in: transaction)
        return true
    }

    /// Goes on with every job that is under way until none is; a restart loses and repeats nothing.
    package func advanceBulk() async throws {
        while !Task.isCancelled {
            let running = try await database.read { [bulk] in try bulk.running(in: $0) }
            if running.isEmpty { return }
            for id in running { try await step(id) }
        }
    }

    private func step(_ id: RowID) async throws {
        do {
            _ = try await run(id, limit: Self.batch)
        } catch let error where Self.isRefusal(error) {
            for _ in 0..<Self.batch {
                guard try await one(id) else { return }
            }
        }
    }

    /// Whether it is about the person, and not about the database or the end of the program.
    private static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case is CancellationError, DatabaseError.unavailable, DatabaseError.diskFull, DatabaseError.retry: false
        default: true
        }
    }

    /// One person in a transaction of their own, whose refusal is written down.
    ///
    /// - Returns: false when nobody is left.
    private func one(_ id: RowID) async throws -> Bool {
        let tried = Outcome<UserID?>(nil)
        do {
            return try await run(id, limit: 1, trying: tried)
        } catch let error where Self.isRefusal(error) {
            guard let user = tried.value else { throw error }
            let problem = error as? Problem ?? Self.failed
            if problem.status >= 500 { log.error("one of many could not be changed", [("cause", .string("\(error)"))]) }
            try await database.write { [self] transaction in
                guard var job = try bulk.locked(id, in: transaction) else { return }
                // Another node may have come to it meanwhile.
                guard try bulk.settle(id, user, .failed, problem, in: transaction) else { return }
                job.failed += 1
                try bulk.update(job, in: transaction)
            }
            return true
        }
    }

    private static let failed = Problem(
        500, "internal", LocalizedText(en: "Something went wrong with this one.", fr: "Quelque chose s’est mal passé pour celui-ci."))

    /// The next people of a job, all in one transaction with what is written of them.
    ///
    /// - Returns: false when there was nobody left, or nothing may be done any more.
    /// - Throws: the first refusal; then nothing of it was done.
    private func run(_ id: RowID, limit: Int, trying tried: Outcome<UserID?>? = nil) async throws -> Bool {
        let effects = Outcome(BulkEffects())
        let goesOn = try await database.write { [self] transaction in
            effects.set(BulkEffects())
            guard var job = try bulk.locked(id, in: transaction), job.state == .running else { return false }
            let users = try bulk.waiting(id, limit: limit, in: transaction)
            guard !users.isEmpty else {
                try end(&job, .done, in: transaction)
                return false
            }
            guard let scope = try actor(of: job, in: transaction) else {
                try end(&job, .stopped, in: transaction)
                return false
            }
            var made = BulkEffects()
            for user in users {
                tried?.set(user)
                let done = try perform(job.order, on: user, scope: scope, in: transaction)
                made.revocations += done.effects.revocations
                made.rights += done.effects.rights
                _ = try bulk.settle(id, user, done.changed ? .changed : .unchanged, in: transaction)
                if done.changed { job.changed += 1 } else { job.unchanged += 1 }
            }
            try bulk.update(job, in: transaction)
            effects.set(made)
            return true
        }
        feed.apply(effects.value.revocations)
        for change in effects.value.rights { authorizer.committed(change) }
        return goesOn
    }

    func end(_ job: inout BulkJob, _ state: BulkJob.State, in transaction: Transaction) throws {
        (job.state, job.endedAt) = (state, clock.now())
        try bulk.update(job, in: transaction)
    }
}
