package import Audit
package import Bus
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Kernel
package import Realtime
package import Roles
package import Runtime
package import Sanctions
internal import Synchronization
package import Web

/// How presence behaves; times in milliseconds.
package struct PresenceOptions: Sendable {
    /// How long a lost connection still counts, so that a reload does not show.
    package var grace: Int64 = 20_000
    /// How long a connection counts without a sign of life: a little over the gateway's two heartbeats.
    package var lease: Int64 = 65_000
    /// After how long without input a client should say that it is idle.
    package var idleAfter: Int64 = 5 * 60 * 1000
    package var historyRetention: Int64 = 90 * 24 * 3600 * 1000
    /// How often somebody may choose another status for themselves, each choice being an entry of the audit log; nil for no limit.
    package var choices: RateLimiter.Budget? = .steady("status", burst: 120, perSecond: 0.2)

    package init() {}
}

/// Who is there, and what they show: the snapshot, the live topics, the chosen statuses and the history.
package struct PresenceFeature: Feature {
    package let reader: PresenceReader
    package let choices: StatusChoices
    let service: PresenceService
    let gateway: Gateway
    let assignments: RoleAssignments
    let known: MemberCache
    let database: any Database
    let directory: MemberDirectory
    let clock: WallClock
    let options: PresenceOptions
    private let visibility = PresenceVisibility()

    /// - Parameter store: what the nodes of the site share; nil for a site of one.
    package init(
        database: any Database, broker: any Broker, relay: OutboxRelay, gateway: Gateway, audit: AuditLog, roles: RolesFeature,
        ids: IDGenerator, clock: WallClock = .system, log: Log, directory: MemberDirectory = MemberDirectory(),
        options: PresenceOptions = PresenceOptions(), store: (any PresenceStore)? = nil, sanctions: SanctionBook = SanctionBook()
    ) {
        let service = PresenceService(
            source: DatabasePresence(database: database, assignments: roles.assignments), broker: broker,
            journal: PresenceJournal(database: database, ids: ids, clock: clock, log: log, retention: options.historyRetention),
            clock: clock, log: log, options: options,
            // What was shown in the last seconds is not stored: versions go on behind it even when the clock was set back over a restart.
            start: max(clock.now(), ids.next(AnyEntity.self).timestamp), store: store,
            delivering: { [weak gateway] in gateway?.deliveryMilliseconds ?? 0 })
        relay.observe { [weak service] record in service?.observe(record) }
        roles.authorizer.onChange { [weak service] change in service?.rolesChanged(change) }
        (self.service, self.gateway, self.directory, self.clock, self.options) = (service, gateway, directory, clock, options)
        (assignments, known, self.database) = (roles.assignments, roles.known, database)
        reader = PresenceReader(service: service)
        choices = StatusChoices(
            directory: directory, audit: audit, authorizer: roles.authorizer, limiter: RateLimiter(clock: clock), budget: options.choices,
            sanctions: sanctions)
    }

    /// Hears of the gateway's connections.
    package var observer: any ConnectionObserver { service }

    package static let declaration = FeatureDeclaration(
        "presence", title: LocalizedText(en: "Presence", fr: "Présence"), module: .core, migrations: presenceMigrations,
        auditActions: presenceAuditActions)

    package var routes: [Route] {
        ["//presence", "/presence"].map { path in Route(.get, path, .anyone, PresenceShapes.read) { try await readPresence($0) } } + [
            Route(.post, "/users/{id}/status", .ownOr(.presenceManage), PresenceShapes.choose, action: "status.update") {
                try await chooseStatus($0)
            },
            Route(.get, "/users/{id}/presence/history", .may(.presenceHistory), PresenceShapes.history) { try await readHistory($0) },
        ]
    }

    package var commands: [Command] { [Command("presence.set") { try await setPresence($0) }] }

    package var topics: [TopicRule] {
        Self.topics.map { rule in
            guard rule.part == nil else { return rule }
            // Those who follow everybody follow those who hide, too.
            return rule.showing { [visibility] scope, people in
                scope.can(.presenceRead) ? people : visibility.rule.withLock { $0 }(scope.userID, people)
            }
        }
    }

    /// Sets of whom somebody hears who names the people to follow; once, before the first socket. Until then of everybody.
    package func onVisible(_ rule: @escaping @Sendable (_ reader: UserID?, _ people: [UserID]) -> [UserID]) {
        visibility.rule.withLock { $0 = rule }
    }

    /// Half a minute of 1,000 changes of status a second.
    static let volatile = VolatileTopics("presence", budget: MemoryBudget(events: 100_000, bytes: 48 << 20))

    static var topics: [TopicRule] {
        [
            TopicRule(
                "presence", filterFields: ["status", "user_id", "role"], wordFields: ["text"],
                // Whoever is found by a role or a name is known by it; those who may only follow the people they name learn neither.
                fieldPermissions: ["role": .presenceRead, "text": .presenceRead],
                durability: .volatile(volatile.budget)
            ) { scope, _, filter throws(Problem) in
                // A list of people on screen is open to everybody who is signed in; the whole site is not.
                _ = try scope.requireUser()
                if !filter.namesPeople { try scope.require(.presenceRead) }
            },
            TopicRule(
                "presence:role:", filterFields: ["status", "user_id"], wordFields: ["text"],
                part: TopicRule.Part(of: "presence", by: "role")
            ) { scope, argument, _ throws(Problem) in
                try scope.require(.presenceRead)
                guard RoleID(uuid: argument) != nil else { throw .notFound }
            },
        ]
    }

    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] {
        guard let user = scope.userID else { return [] }
        let now = clock.now()
        let member = try await known.member(user).member
        return [("presence", ["me": .object(presence(of: member, for: scope, at: now)), "idle_after_ms": .integer(options.idleAfter)])]
    }

    package func run() async throws { try await service.run() }
}
