internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Runtime
internal import Web

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

    /// - Returns: what the person was before; nil when nothing changed.
    /// - Throws: what the act upon this one person throws.
    func perform(_ order: BulkOrder, on user: UserID, scope: Scope, in transaction: Transaction) throws -> FormerState? {
        let now = clock.now()
        func managed(_ act: AccountStanding.Act) throws -> Member {
            try self.managed(user, for: act, requiring: order.action.permission, scope: scope, in: transaction)
        }
        switch order.action {
        case .giveRole(let role), .takeRole(let role):
            let isGiven = order.action == .giveRole(role)
            let before = try roles.assignments.held(role, by: user, in: transaction)
            let changed = try roles.assignments.set(
                role, of: user, held: isGiven, scope: scope, reason: order.reason, in: transaction)
            return changed ? .role(before.map { FormerState.Held(expiresAt: $0.expiresAt, reason: $0.reason) }) : nil
        case .addTag(let tag):
            let before = try retag(user, scope: scope, at: now, in: transaction) { $0.contains(tag) ? $0 : $0 + [tag] }
            return before.map { _ in .tag(place: nil) }
        case .removeTag(let tag):
            let before = try retag(user, scope: scope, at: now, in: transaction) { $0.filter { $0 != tag } }
            return before.map { .tag(place: $0.firstIndex(of: tag)) }
        case .disable, .enable:
            let member = try managed(order.action == .disable ? .disable : .enable)
            let changed = try setDisabled(
                order.action == .disable, member, reason: order.reason, scope: scope, at: now, in: transaction)
            return changed ? .disabled(member.isDisabled) : nil
        case .ban(let seconds):
            let (member, ban) = (try managed(.ban), Ban(reason: order.reason ?? "", seconds: seconds))
            try self.ban(member, ban, scope: scope, at: now, in: transaction)
            let after = FormerState.Banned(until: seconds.map { now.adding(seconds: $0) }, reason: ban.reason)
            return .ban(before: member.ban, after: after)
        case .unban:
            let member = try managed(.unban)
            guard member.isBanned else { return nil }
            try lift(member, cause: "lifted", scope: scope, at: now, in: transaction)
            return .ban(before: member.ban, after: nil)
        case .delete:
            let member = try managed(.delete)
            try delete(member, isHard: false, scope: scope, at: now, in: transaction)
            return .deletion(deletedAt: member.deletedAt, leftAt: member.leftAt)
        case .restore:
            let member = try managed(.restore)
            guard try restore(member, scope: scope, at: now, in: transaction) else { return nil }
            return .deletion(deletedAt: member.deletedAt, leftAt: member.leftAt)
        }
    }

    /// Changes somebody's tags as a patch of them does.
    ///
    /// - Returns: the tags before; nil when nothing changed.
    func retag(
        _ user: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction, _ change: ([String]) -> [String]
    ) throws -> [String]? {
        let none = UserPatch(tags: [])
        if user != scope.userID { try requireMayChangeOther(user, none, scope: scope, in: transaction) }
        var member = try directory.lockedMember(user, in: transaction)
        try requireMayChange(member, none, scope: scope)
        let tags = change(member.tags)
        let old = member.tags
        guard tags != old else { return nil }
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
        return old
    }

    /// The act of a job upon one person; of one that undoes another, what gives the former state back.
    func perform(_ job: BulkJob, on user: UserID, scope: Scope, in transaction: Transaction) throws -> FormerState? {
        guard let undone = job.undoes, let former = try bulk.former(undone, user, in: transaction) else {
            return try perform(job.order, on: user, scope: scope, in: transaction)
        }
        return try giveBack(former, job.order, to: user, scope: scope, in: transaction)
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
        } catch let refusal as RefusedPerson where Self.isRefusal(refusal.cause) {
            for _ in 0..<Self.batch {
                guard try await one(id) else { return }
            }
        }
    }

    /// Whether it is about the person, and not about the database or the end of the program.
    private static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case is CancellationError, DatabaseError.unavailable, DatabaseError.diskFull, DatabaseError.readOnly, DatabaseError.timedOut,
            DatabaseError.retry:
            false
        default: true
        }
    }

    /// The person at whom the transaction of a job ended.
    private struct RefusedPerson: Error {
        let user: UserID
        let cause: any Error
    }

    /// One person in a transaction of their own, whose refusal is written down.
    ///
    /// - Returns: false when nobody is left.
    private func one(_ id: RowID) async throws -> Bool {
        do {
            return try await run(id, limit: 1)
        } catch let refusal as RefusedPerson where Self.isRefusal(refusal.cause) {
            let (user, error) = (refusal.user, refusal.cause)
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
    private func run(_ id: RowID, limit: Int) async throws -> Bool {
        try await database.write { [self] transaction in
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
            for user in users {
                let former: FormerState?
                do {
                    former = try perform(job, on: user, scope: scope, in: transaction)
                } catch {
                    throw RefusedPerson(user: user, cause: error)
                }
                _ = try bulk.settle(id, user, former == nil ? .unchanged : .changed, former: former, in: transaction)
                if former == nil { job.unchanged += 1 } else { job.changed += 1 }
            }
            try bulk.update(job, in: transaction)
            return true
        }
    }

    func end(_ job: inout BulkJob, _ state: BulkJob.State, in transaction: Transaction) throws {
        (job.state, job.endedAt) = (state, clock.now())
        try bulk.update(job, in: transaction)
    }
}
