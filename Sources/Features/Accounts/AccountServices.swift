internal import Database
internal import Directory
internal import Kernel
internal import Runtime

/// What goes on in the background: news of other nodes' revocations, acts upon many, bans that run out, sessions' last use,
/// mails that were asked for, and what is forgotten.
extension AccountsFeature {
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in await readNames() }
            group.addTask { [self] in try await every(RevocationFeed.pollMilliseconds) { try await feed.poll(database, now: clock.now()) } }
            group.addTask { [self] in try await every(1000) { try await liftExpiredBans() } }
            group.addTask { [self] in try await every(15_000) { try await writeUses() } }
            group.addTask { [self] in try await every(500) { try await advanceBulk() } }
            if sendsMail { group.addTask { [self] in try await every(300) { try await grantWishes() } } }
            group.addTask { [self] in
                try await every(60_000) {
                    try await sweepRegistrations()
                    try await eraseLeft()
                }
            }
            group.addTask { [self] in
                try await every(600_000) {
                    let now = clock.now()
                    try await database.write { [sessions, bulk] in
                        try sessions.sweep(at: now, in: $0)
                        try bulk.sweep(at: now, in: $0)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Repeats until cancelled; what fails is logged and tried again.
    private func every(_ milliseconds: Int, _ body: () async throws -> Void) async throws {
        while !Task.isCancelled {
            do {
                try await body()
            } catch is CancellationError {
                return
            } catch {
                log.warning("background work on accounts failed", [("cause", .string("\(error)"))])
            }
            try await Task.sleep(for: .milliseconds(milliseconds))
        }
    }

    /// So that the first search does not wait for it; a search reads them itself where this failed.
    private func readNames() async {
        do {
            _ = try await database.read { [names] in try names.count(in: $0) }
        } catch {
            log.warning("the names of members could not be read", [("cause", .string("\(error)"))])
        }
    }

    /// Takes in what other nodes revoked since the last time.
    package func pollRevocations() async throws { try await feed.catchUp(database, now: clock.now()) }

    /// Clears the bans whose time has come, in small transactions; whoever signs in meanwhile is let in by the clock alone.
    package func liftExpiredBans() async throws {
        let now = clock.now()
        let expired = try await database.read { transaction in
            try transaction.rows(
                "SELECT id FROM users WHERE is_banned = \(true) AND banned_until <= \(now) ORDER BY banned_until LIMIT 100"
            )
            .map { $0.id(0, User.self) }
        }
        for user in expired {
            try await database.write { [self] transaction in
                try lockUser(user, in: transaction)
                let member = try directory.member(user, includingDeleted: true, in: transaction)
                guard member.isBanned, let until = member.bannedUntil, until <= now else { return }
                try lift(member, cause: "expired", scope: Scope(requestID: "ban-expiry"), at: now, in: transaction)
            }
        }
    }

    /// Writes down when sessions and keys were last used, at most a thousand of each at a time.
    package func writeUses() async throws {
        let (batch, keyBatch) = (uses.take(1000), keyUses.take(1000))
        guard !batch.isEmpty || !keyBatch.isEmpty else { return }
        try await database.write { [sessions, keys] transaction in
            try sessions.touch(batch, in: transaction)
            try keys.touch(keyBatch, in: transaction)
        }
    }
}
