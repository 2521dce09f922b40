internal import Database
internal import Directory
package import Jobs
internal import Kernel
internal import Runtime
internal import Sanctions
internal import Web

/// What goes on in the background: news of other nodes' revocations, bans that run out and sessions' last use, in loops; acts upon many, mails that were
/// asked for and what is forgotten, as jobs.
extension AccountsFeature {
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in await readNames() }
            group.addTask { [self] in try await watchRevocations() }
            group.addTask { [self] in try await every(1000) { try await endExpiredSanctions() } }
            group.addTask { [self] in try await every(15_000) { try await writeUses() } }
            try await group.waitForAll()
        }
    }

    /// Takes in revocations: of other nodes by asking again and again; where this process alone changes the database, after its own commits.
    private func watchRevocations() async throws {
        guard database.isShared else {
            let (commits, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            database.onCommit { continuation.yield() }
            // What was committed before.
            continuation.yield()
            for await _ in commits { try await attempt { try await feed.catchUp(database, now: clock.now()) } }
            return
        }
        try await every(RevocationFeed.pollMilliseconds) { try await feed.poll(database, now: clock.now()) }
    }

    /// The names of its jobs.
    static let (bulkJob, mailRequestJob) = ("accounts.bulk", "accounts.mail_requests")

    package var jobs: [JobKind] {
        [
            // Each minute, too: for what an older version began.
            job(Self.bulkJob, every: 60_000) { try await $0.advanceBulk() },
            importKind,
            job(Self.mailRequestJob, every: 60_000) { try await $0.grantWishes() },
            job("accounts.registration_sweep", every: 60_000) { accounts in
                try await accounts.sweepRegistrations()
                try await accounts.eraseLeft()
            },
            job("accounts.session_sweep", every: 600_000) { accounts in
                let now = accounts.clock.now()
                try await accounts.database.write { [sessions = accounts.sessions, bulk = accounts.bulk] in
                    try sessions.sweep(at: now, in: $0)
                    try bulk.sweep(at: now, in: $0)
                    try RequestNonces.sweep(at: now, in: $0)
                }
                try await accounts.sweepImports(at: now)
            },
        ]
    }

    private func job(_ name: String, every milliseconds: Int64, _ body: @escaping @Sendable (AccountsFeature) async throws -> Void)
        -> JobKind
    {
        JobKind(name, schedule: .every(milliseconds)) { [self] _ in
            try await body(self)
            return .done
        }
    }

    /// Repeats until cancelled; what fails is logged and tried again.
    private func every(_ milliseconds: Int, _ body: () async throws -> Void) async throws {
        while !Task.isCancelled {
            try await attempt(body)
            try await Task.sleep(for: .milliseconds(milliseconds))
        }
    }

    private func attempt(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error where !(error is CancellationError) {
            log.warning("background work on accounts failed", [("cause", .string("\(error)"))])
        }
    }

    /// So that the first search does not wait for it; a search reads them itself where this failed.
    private func readNames() async {
        do {
            _ = try await database.read(.heavy) { [names] in try names.count(in: $0) }
        } catch {
            log.warning("the names of members could not be read", [("cause", .string("\(error)"))])
        }
    }

    /// Takes in what other nodes revoked since the last time.
    package func pollRevocations() async throws { try await feed.catchUp(database, now: clock.now()) }

    /// Ends the rows of expired mutes and bans, in the order of their ends. Rights do not depend on it: requests compare with the clock.
    ///
    /// Each row has its own transaction, so that one failure does not delay the others.
    package func endExpiredSanctions() async throws {
        let now = clock.now()
        let expired = try await database.read(.system) { try SanctionTable.expired(at: now, limit: 100, in: $0) }
        for sanction in expired {
            try await attempt {
                try await database.write { [self] transaction in try expire(sanction, at: now, in: transaction) }
            }
        }
    }

    private func expire(_ sanction: Sanction, at now: Timestamp, in transaction: Transaction) throws {
        let scope = Scope(requestID: "sanction-expiry")
        try lockUser(sanction.user, in: transaction)
        // Another node may have ended it, and a newer sanction may be open: end this row only.
        guard let open = try SanctionTable.open(sanction.kind, of: sanction.user, in: sanction.conversation, transaction),
            open.id == sanction.id
        else { return }
        guard sanction.kind == .ban else {
            try sanctions.end(open, .expired, by: nil, at: now, scope: scope, in: transaction)
            return
        }
        let member = try directory.member(sanction.user, includingDeleted: true, in: transaction)
        try lift(member, cause: "expired", scope: scope, at: now, in: transaction)
    }

    /// Writes down when sessions and keys were last used, at most a thousand of each at a time.
    package func writeUses() async throws {
        let (batch, keyBatch) = (uses.take(1000), keyUses.take(1000, at: clock.now()))
        guard !batch.isEmpty || !keyBatch.isEmpty else { return }
        try await database.write { [sessions, keys] transaction in
            try sessions.touch(batch, in: transaction)
            try keys.touch(keyBatch, in: transaction)
        }
    }
}
