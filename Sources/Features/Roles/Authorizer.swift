package import Authorization
package import Database
package import Kernel
package import Runtime
internal import Synchronization

/// Answers who may do what: from memory for requests and sockets, from the transaction for decisions.
///
/// What is in memory belongs to one version of `authz_state`. A change in this process drops it right after its COMMIT, before the answer; a change on
/// another node is seen by the poll, within 500 ms. When the version has been unknown for 5 s nothing is answered from memory: 503. Where this process alone
/// changes the database nobody polls: the version is read after commits, and what is in memory is good however busy the database is.
package final class Authorizer: Sendable {
    static let pollInterval = Duration.milliseconds(500)
    static let trustNanoseconds: UInt64 = 5_000_000_000
    static let maximumCount = 50_000

    private struct Memory {
        /// The version that the rest belongs to; 0 before the first look.
        var version: Int64 = 0
        var confirmedAt: UInt64 = 0
        /// Read from committed data only: the number of a change that was rolled back is given out again.
        var catalog: RoleCatalog?
        var rights: [UserID: EffectivePermissions] = [:]
        var guest: EffectivePermissions?
    }

    private let database: any Database
    private let clock: WallClock
    private let log: Log
    private let memory = Mutex(Memory())
    private let listeners = Mutex<[@Sendable (AuthorizationChange) -> Void]>([])

    package init(database: any Database, clock: WallClock = .system, log: Log = .silent) {
        (self.database, self.clock, self.log) = (database, clock, log)
    }

    /// The rights at this moment; nil asks for those of a guest.
    ///
    /// - Throws: 503 when the database cannot say which version of the rights is in force.
    package func rights(of user: UserID?) async throws -> EffectivePermissions {
        if let known = remembered(user) { return known }
        let now = clock.now()
        let known = memory.withLock { $0.catalog }
        let asked = monotonicNanoseconds()
        let loaded = try await reading { transaction in
            let state = try AuthorizationState.read(in: transaction)
            let catalog =
                if let known, known.version == state.rolesVersion { known } else {
                    try RoleCatalog(version: state.rolesVersion, in: transaction)
                }
            return (state.version, catalog, try Self.rights(of: user, catalog.graph, at: now, in: transaction))
        }
        seen(version: loaded.0, asked: asked)
        memory.withLock { memory in
            if memory.catalog.map({ $0.version < loaded.1.version }) ?? true { memory.catalog = loaded.1 }
            // A change may have been told of meanwhile: rights that were read before it are not kept.
            guard memory.version == loaded.0 else { return }
            if memory.rights.count >= Self.maximumCount { memory.rights = [:] }
            if let user { memory.rights[user] = loaded.2 } else { memory.guest = loaded.2 }
        }
        return loaded.2
    }

    /// The rights as the transaction sees them, from no cache: what decisions are made on.
    package func rights(of user: UserID?, in transaction: Transaction) throws -> EffectivePermissions {
        try Self.rights(of: user, graph(in: transaction), at: clock.now(), in: transaction)
    }

    /// The roles as the transaction sees them: those in memory when the row of `authz_state` says that they are the same.
    func catalog(_ rolesVersion: Int64, in transaction: Transaction) throws -> RoleCatalog {
        if let known = memory.withLock({ $0.catalog }), known.version == rolesVersion { return known }
        return try RoleCatalog(version: rolesVersion, in: transaction)
    }

    func graph(in transaction: Transaction) throws -> RoleGraph {
        try catalog(AuthorizationState.read(in: transaction).rolesVersion, in: transaction).graph
    }

    /// The first statement of every change of rights: whoever has it decides alone until COMMIT.
    ///
    /// - Returns: the version that the change makes.
    package func lockAuthorisation(in transaction: Transaction) throws -> Int64 {
        let version = try AuthorizationState.lock(in: transaction).version
        transaction.afterCommit { [self] in committed(AuthorizationChange(version: version, concerned: .users([]))) }
        return version
    }

    /// Asks again, of the transaction, what the route asked of memory; until COMMIT nobody's rights change.
    ///
    /// Before other rows are locked, so that it waits for nobody who waits for them.
    /// - Parameter permissions: what the act needs beside the rank.
    /// - Throws: 403 unless the person's highest role is strictly below that of who asks.
    package func requireMayManage(
        _ scope: Scope, target: UserID, requiring permissions: [Permission] = [], in transaction: Transaction
    ) throws {
        // SQLite has one writer anyway.
        if transaction.dialect == .postgres { _ = try transaction.rows("SELECT 1 FROM authz_state WHERE id = 1 FOR SHARE") }
        let graph = try graph(in: transaction)
        let now = clock.now()
        let actor = try Self.rights(of: scope, graph, at: now, in: transaction)
        if let missing = permissions.first(where: { !actor.can($0) }) { throw Problem.forbidden(missing) }
        let person = try Self.rights(of: target, graph, at: now, in: transaction)
        do {
            try RoleRules(actor: actor, graph: graph).manage(person)
        } catch {
            throw error.problem
        }
    }

    /// The people among `users` whom the caller may manage: those whose highest role is strictly below the caller’s at this moment.
    package func manageable(_ users: [UserID], by scope: Scope, in transaction: Transaction) throws -> Set<UserID> {
        guard !users.isEmpty else { return [] }
        let (graph, now) = (try graph(in: transaction), clock.now())
        let rules = RoleRules(actor: try Self.rights(of: scope, graph, at: now, in: transaction), graph: graph)
        return Set(
            try AssignmentStore.holdings(of: users, in: transaction).compactMap { user, grants in
                do {
                    try rules.manage(graph.rights(of: grants, at: now))
                    return user
                } catch {
                    return nil
                }
            })
    }

    /// Asked before an owner goes, and before their row is locked: until COMMIT no other owner goes either.
    ///
    /// - Throws: 409 `last_owner` when nobody else could act as owner.
    package func requireNotLastOwner(_ user: UserID, in transaction: Transaction) throws {
        guard try AssignmentStore.active(user, .owner, in: transaction) != nil else { return }
        try AssignmentStore.lockOwners(in: transaction)
        guard try AssignmentStore.ownerCount(besides: user, in: transaction) > 0 else { throw Refusal.lastOwner.problem }
    }

    /// Called after each change that this process committed, before it is answered, and after each that the poll found.
    package func onChange(_ body: @escaping @Sendable (AuthorizationChange) -> Void) { listeners.withLock { $0.append(body) } }

    /// Drops what the change made old. The next version touches only those it concerns; a gap means that others' changes are not told of yet.
    package func committed(_ change: AuthorizationChange) {
        let effective: AuthorizationChange? = memory.withLock { memory in
            guard change.version > memory.version else { return nil }
            let isNext = change.version == memory.version + 1
            let concerned = isNext ? change.concerned : .everybody
            memory.version = change.version
            switch concerned {
            case .everybody: (memory.rights, memory.guest) = ([:], nil)
            case .users(let users): for user in users { memory.rights[user] = nil }
            }
            return AuthorizationChange(version: change.version, concerned: concerned)
        }
        guard let effective else { return }
        for listener in listeners.withLock({ $0 }) { listener(effective) }
    }

    /// Asks the database which version is in force.
    package func poll() async throws {
        let asked = monotonicNanoseconds()
        seen(version: try await database.read(.system) { try AuthorizationState.read(in: $0).version }, asked: asked)
    }

    /// Follows the version until cancelled. A failing database is not an error here: after 5 s of it, guarded requests are.
    package func run() async throws {
        guard database.isShared else { return try await followCommits() }
        while !Task.isCancelled {
            try await pollOrLog()
            try await Task.sleep(for: Self.pollInterval)
        }
    }

    private func followCommits() async throws {
        let (commits, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        database.onCommit { continuation.yield() }
        // What was committed before.
        continuation.yield()
        for await _ in commits { try await pollOrLog() }
    }

    private func pollOrLog() async throws {
        do {
            try await poll()
        } catch let error where !(error is CancellationError) {
            log.warning("the version of the rights cannot be read", [("cause", .string("\(error)"))])
        }
    }

    /// A database that does not answer leaves the rights unknown, which is 503 whatever its reason.
    private func reading<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
        do {
            return try await database.read(body)
        } catch let error as DatabaseError {
            throw Problem.unavailable(retryAfter: 1, cause: "the rights are unknown: \(error)")
        }
    }

    private func remembered(_ user: UserID?) -> EffectivePermissions? {
        let ticks = monotonicNanoseconds()
        let rights: EffectivePermissions? = memory.withLock { memory in
            guard memory.version > 0, !database.isShared || ticks &- memory.confirmedAt < Self.trustNanoseconds else { return nil }
            guard let user else { return memory.guest }
            return memory.rights[user]
        }
        guard let rights, rights.validUntil.map({ clock.now() < $0 }) ?? true else { return nil }
        return rights
    }

    private func seen(version: Int64, asked: UInt64) {
        let isNew = memory.withLock { memory in
            memory.confirmedAt = max(memory.confirmedAt, asked)
            if memory.version == 0 { memory.version = version }
            return version > memory.version
        }
        if isNew { committed(AuthorizationChange(version: version, concerned: .everybody)) }
    }

    /// The rights of who asks: a key's are those of its person, within what it was given.
    static func rights(of scope: Scope, _ graph: RoleGraph, at now: Timestamp, in transaction: Transaction) throws -> EffectivePermissions {
        let rights = try rights(of: scope.userID, graph, at: now, in: transaction)
        guard let key = scope.key else { return rights }
        return rights.narrowed(to: key.patterns.compactMap(PermissionPattern.init))
    }

    static func rights(of user: UserID?, _ graph: RoleGraph, at now: Timestamp, in transaction: Transaction) throws -> EffectivePermissions
    {
        guard let user else { return graph.guestRights(at: now) }
        return graph.rights(of: try AssignmentStore.holdings(of: user, in: transaction), at: now)
    }
}
