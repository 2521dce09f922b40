internal import Audit
internal import Authorization
internal import Bus
internal import Database
internal import Directory
internal import Kernel
internal import Runtime
internal import Web

/// What changes of roles are made with; the same for all of them.
struct RolesTools: Sendable {
    let audit: AuditLog
    let directory: MemberDirectory
    let ids: IDGenerator
    let clock: WallClock
    let authorizer: Authorizer
    let log: Log
}

/// The roles while a change is decided: everything here was read after the lock was taken, and stays true until COMMIT.
struct RoleTransaction {
    let tools: RolesTools
    let transaction: Transaction
    let scope: Scope
    /// What `authz_state` becomes.
    let version: Int64
    let now: Timestamp
    let records: [RoleID: RoleRecord]
    let graph: RoleGraph
    /// Who asks, with the rights that they have now; nil is the server itself, which no rule binds.
    let actor: EffectivePermissions?

    init(_ tools: RolesTools, _ scope: Scope, asServer: Bool = false, in transaction: Transaction) throws {
        try self.init(tools, scope, try AuthorizationState.lock(in: transaction), asServer: asServer, transaction)
    }

    /// For a preview: the same view without the lock, in a consistent read, good for nothing that is written.
    init(_ tools: RolesTools, _ scope: Scope, readingIn transaction: Transaction) throws {
        try self.init(tools, scope, try AuthorizationState.read(in: transaction), asServer: false, transaction)
    }

    private init(_ tools: RolesTools, _ scope: Scope, _ state: AuthorizationState, asServer: Bool, _ transaction: Transaction) throws {
        (self.tools, self.transaction, self.scope, version) = (tools, transaction, scope, state.version)
        now = tools.clock.now()
        let catalog = try tools.authorizer.catalog(state.rolesVersion, in: transaction)
        (records, graph) = (catalog.records, catalog.graph)
        actor = asServer ? nil : try Authorizer.rights(of: scope, graph, at: now, in: transaction)
    }

    /// Says whose rights this changes: what memory holds of them is dropped after COMMIT, before the answer goes out. Once a transaction of roles.
    func changed(_ concerned: AuthorizationChange.Concerned) {
        let change = AuthorizationChange(version: version, concerned: concerned)
        transaction.afterCommit { [authorizer = tools.authorizer] in authorizer.committed(change) }
    }

    /// Asks the rules, unless it is the server that acts.
    func check(_ body: (RoleRules) throws(Refusal) -> Void) throws(Problem) {
        guard let actor else { return }
        do {
            try body(RoleRules(actor: actor, graph: graph))
        } catch {
            throw error.problem
        }
    }

    /// The permission of the route, again, with the rights of now.
    func require(_ permission: Permission) throws(Problem) {
        guard let actor, !actor.can(permission) else { return }
        throw scope.userID == nil ? .unauthenticated : .forbidden(permission)
    }

    /// The live role behind a UUID or `role_<name>`.
    func role(_ reference: String) -> RoleRecord? {
        if let id = RoleID(uuid: reference) { return records[id] }
        guard reference.hasPrefix("role_") else { return nil }
        let name = RoleName.fold(String(reference.dropFirst(5)))
        return records.values.first { RoleName.fold($0.definition.name) == name }
    }

    func rights(of user: UserID) throws -> EffectivePermissions { try Authorizer.rights(of: user, graph, at: now, in: transaction) }

    /// Writes the audit entry of a change.
    func record(_ action: String, target: (type: String, id: String), before: JSON, after: JSON, reason: String? = nil) throws {
        var payload: JSONObject = ["before": before, "after": after]
        if let reason { payload.append("reason", .string(reason)) }
        try tools.audit.record(action, target: target, payload: .object(payload), result: .success, scope: scope, in: transaction)
    }

    /// - Parameter invalidates: whose names, rights or roles it changes.
    func emit(_ event: String, topics: [String], invalidates: Invalidation, _ members: JSONObject) throws {
        var members = members
        members.append("actor_user_id", JSON(scope.userID))
        members.append("actor", try tools.directory.actor(scope.userID, in: transaction))
        transaction.atCommit(
            OutboxEvent(event, topics: topics, members: members, invalidates: invalidates, requestID: scope.requestID, at: now))
    }

    /// Saves a changed or new role with its version, its audit entry and its event.
    ///
    /// - Parameter before: nil for a new role; a deleted one when it is restored.
    func save(_ role: RoleRecord, from before: RoleRecord?, action: String) throws -> RoleRecord {
        var saved = role
        saved.version = (before?.version ?? 0) + 1
        saved.updatedAt = now
        var diff = (before?.snapshot ?? [:]).difference(to: saved.snapshot)
        if before?.deletedAt != saved.deletedAt {
            diff["deleted"] = ["from": .bool(before?.deletedAt != nil), "to": .bool(saved.deletedAt != nil)]
        }
        if before == nil { try RoleStore.insert(saved, in: transaction) } else { try RoleStore.update(saved, in: transaction) }
        try AuthorizationState.markRolesChanged(in: transaction)
        try RoleStore.insertVersion(saved, diff: diff, actor: scope.userID, at: now, in: transaction)
        try record(
            action, target: ("role", saved.id.uuid), before: before.map { .object($0.snapshot) } ?? .null,
            after: saved.deletedAt == nil ? .object(saved.snapshot) : .null)
        var members = saved.eventMembers
        members.append("diff", .object(diff))
        let wasLive = before.map { $0.deletedAt == nil } ?? false
        let event = saved.deletedAt != nil ? "role.deleted" : wasLive ? "role.updated" : "role.created"
        // Its name and colour may be anybody's.
        try emit(event, topics: ["roles"], invalidates: .everybody, members)
        return saved
    }

    /// - Throws: 409 when the name is another live role's, 422 for a new one that looks like a system role's.
    func requireFreeName(_ role: RoleRecord) throws(Problem) {
        let folded = RoleName.fold(role.definition.name)
        guard records.values.contains(where: { $0.id != role.id && RoleName.fold($0.definition.name) == folded }) else {
            let isNew = records[role.id]?.definition.name != role.definition.name
            guard isNew, role.definition.system == nil, RoleName.looksLikeSystemRole(role.definition.name) else { return }
            throw .invalid(
                "/name", "confusable",
                LocalizedText(en: "This name looks like that of a system role.", fr: "Ce nom ressemble à celui d’un rôle système."))
        }
        let text = LocalizedText(
            en: "There is a role “\(role.definition.name)” already.", fr: "Un rôle « \(role.definition.name) » existe déjà.")
        throw .conflict("name_taken", text, faults: [Problem.Fault("/name", "taken", text)])
    }

    /// Whose rights a change of this role may change: its holders and those of its heirs, or everybody when they are many.
    func concerned(by role: RoleID) throws -> AuthorizationChange.Concerned {
        let roles = [role] + graph.heirs(of: role).map(\.id)
        if roles.contains(.system(.guest)) { return .everybody }
        let holders = try AssignmentStore.holders(of: roles, limit: Self.maximumConcerned + 1, at: now, in: transaction)
        return holders.count > Self.maximumConcerned ? .everybody : .users(Set(holders))
    }

    private static let maximumConcerned = 1000

    /// The highest rank among those whom a deny on this role would reach; nil when it reaches nobody.
    func highestHolder(of role: RoleID) throws -> Int? {
        let concerned = Set([role] + graph.heirs(of: role).map(\.id))
        let sets = try RoleSets(settingApart: [], at: now, in: transaction)
        let apart = sets.apart.values.map { person in Set(person.holdings.assignments.filter { $0.isActive(at: now) }.map(\.role)) }
        let reached = (sets.groups.filter { $0.count > 0 }.map(\.roles) + apart).filter { !$0.isDisjoint(with: concerned) }
        return reached.joined().compactMap { records[$0]?.definition.priority }.max()
    }
}
