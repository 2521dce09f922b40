// Owns the site's statistics: measures of all requests in windows of time, key events, and alerts on them. Refuses to know what a request was about.
package import Audit
package import Bus
package import Crypto
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
package import Mail
package import Notifications
package import Outbound
package import Realtime
package import Roles
package import Runtime
package import Web

extension Permission {
    static let analyticsRead = Permission(known: "analytics.read")
    static let analyticsExport = Permission(known: "analytics.export")
    static let alertsManage = Permission(known: "alerts.manage")
}

/// Live statistics of the whole site.
package struct AnalyticsFeature: Feature {
    let database: any Database
    let broker: any Broker
    let gateway: Gateway
    let directory: MemberDirectory
    let ids: IDGenerator
    let clock: WallClock
    let log: Log
    let collector: MeasureCollector
    let writer: RollupWriter
    let source: WindowSource
    let roles: RolesFeature
    let audit: AuditLog
    let alerts: AlertTable
    let notices: AlertNotices
    let evaluation: AlertService
    let visits: VisitCollector
    private let machine: @Sendable () -> MachineSample

    /// - Parameters:
    ///   - observer: also receives the gateway's connections.
    ///   - node: the number of this process.
    ///   - mail: nil where the site cannot send any.
    ///   - emails: the address of a member in clear.
    ///   - site: its public address.
    ///   - origins: the sites whose pages may report visits, as browsers send them in `Origin`.
    ///   - isLimited: whether the number of these reports is limited.
    ///   - machine: how busy the machine is.
    package init(
        database: any Database, broker: any Broker, gateway: Gateway, roles: RolesFeature, directory: MemberDirectory = MemberDirectory(),
        observer: (any ConnectionObserver)?, ids: IDGenerator, node: Int, audit: AuditLog, keyring: Keyring,
        centre: NotificationCentre, mail: MailOutbox?, emails: @escaping @Sendable (Member) -> String?, jobs: JobQueue, client: HTTPClient,
        site: String, origins: Set<String> = [], isLimited: Bool = true,
        machine: @escaping @Sendable () -> MachineSample = { MachineSample() }, clock: WallClock = .system, log: Log,
        metrics: Metrics
    ) {
        alerts = AlertTable(cipher: keyring.fields)
        notices = AlertNotices(
            cipher: keyring.fields, ids: ids, directory: directory, roles: roles, centre: centre, mail: mail, emails: emails, queue: jobs,
            client: client, site: site)
        (self.audit, self.machine) = (audit, machine)
        (self.database, self.broker, self.gateway, self.roles) = (database, broker, gateway, roles)
        (self.directory, self.ids, self.clock, self.log) = (directory, ids, clock, log)
        collector = MeasureCollector(broker: broker, board: ConnectionBoard(next: observer), clock: clock, metrics: metrics)
        let (ordinals, calendar) = (MemberOrdinals(), SiteCalendar.local)
        writer = RollupWriter(database: database, store: collector.store, ordinals: ordinals, node: node, calendar: calendar)
        source = WindowSource(database: database, store: collector.store, ordinals: ordinals, calendar: calendar)
        evaluation = AlertService(
            database: database, store: collector.store, table: alerts, notices: notices, ids: ids, machine: machine)
        visits = VisitCollector(
            cipher: keyring.fields, ids: ids, calendar: calendar, origins: origins, isLimited: isLimited, clock: clock)
    }

    /// This feature as another process has it: the same database, an empty memory.
    func anew(at now: Timestamp) -> AnalyticsFeature { AnalyticsFeature(self, begin: now) }

    private init(_ other: AnalyticsFeature, begin: Timestamp) {
        (database, broker, gateway, roles, audit) = (other.database, other.broker, other.gateway, other.roles, other.audit)
        (directory, ids, clock, log, machine) = (other.directory, other.ids, other.clock, other.log, other.machine)
        (alerts, notices, visits) = (other.alerts, other.notices, other.visits)
        collector = MeasureCollector(broker: broker, board: ConnectionBoard(next: nil), clock: clock, metrics: Metrics())
        let ordinals = MemberOrdinals()
        writer = RollupWriter(
            database: database, store: collector.store, ordinals: ordinals, node: other.writer.node, calendar: other.writer.calendar)
        source = WindowSource(database: database, store: collector.store, ordinals: ordinals, calendar: other.writer.calendar)
        evaluation = AlertService(
            database: database, store: collector.store, table: alerts, notices: notices, ids: ids, machine: machine)
    }

    /// The kinds of notifications of alerts.
    package static let noticeKinds = AlertWords.kinds

    var store: WindowStore { collector.store }

    /// Takes the measure of every request and command.
    package var meter: any RequestMeter { collector.buffer }

    /// Counts the gateway's connections and passes them on.
    package var observer: any ConnectionObserver { collector.board }

    package static let declaration = FeatureDeclaration(
        "analytics", title: LocalizedText(en: "Analytics", fr: "Statistiques"), migrations: analyticsMigrations,
        auditActions: [
            AuditAction("alert.create", target: "alert", en: "{actor} set up an alert", fr: "{actor} a créé une alerte"),
            AuditAction("alert.update", target: "alert", en: "{actor} changed an alert", fr: "{actor} a modifié une alerte"),
            AuditAction("alert.delete", target: "alert", en: "{actor} deleted an alert", fr: "{actor} a supprimé une alerte"),
            AuditAction("alert.silence", target: "alert", en: "{actor} silenced an alert", fr: "{actor} a mis une alerte en sourdine"),
        ])

    package var routes: [Route] {
        [
            Route(.get, "/analytics", .may(.analyticsRead), AnalyticsShapes.follow) { try await follow($0) },
            Route(.get, "/analytics/live", .may(.analyticsRead), AnalyticsShapes.live) { try await readLive($0) },
            Route(.get, "/analytics/admin", .may(.analyticsRead), AnalyticsShapes.admin) { try await readAdmin($0) },
            Route(.get, "/analytics/events", .may(.analyticsRead), AnalyticsShapes.events) { try await readEvents($0) },
            Route(
                .post, "/analytics/collect", .anyone, VisitShapes.collect, looksAtCredentials: false, bodyAtMost: Self.largestBatch
            ) { try await collectVisits($0) },
            Route(.get, "/analytics/visits", .may(.analyticsRead), VisitShapes.read) { try await readVisits($0) },
            Route(.get, "/alerts", .may(.analyticsRead), AlertShapes.list) { try await listAlerts($0) },
            Route(.post, "/alerts", .may(.alertsManage), AlertShapes.save, action: "alert.create") { try await saveAlert($0) },
            Route(.get, "/alerts/history", .may(.analyticsRead), AlertShapes.history) { try await listAlertHistory($0) },
            Route(.post, "/alerts/preview", .may(.alertsManage), AlertShapes.preview) { try await previewAlert($0) },
            Route(.get, "/alerts/{id}", .may(.analyticsRead), AlertShapes.read) { try await readAlert($0) },
            Route(.patch, "/alerts/{id}", .may(.alertsManage), AlertShapes.edit, action: "alert.update") { try await editAlert($0) },
            Route(.delete, "/alerts/{id}", .may(.alertsManage), AlertShapes.delete, action: "alert.delete") { try await deleteAlert($0) },
            Route(.post, "/alerts/{id}/silence", .may(.alertsManage), AlertShapes.silence, action: "alert.silence") {
                try await silenceAlert($0)
            },
        ]
    }

    package var topics: [TopicRule] {
        [
            TopicRule(
                MeasureCollector.topic, filterFields: ["interval", "type"],
                durability: .volatile(MemoryBudget(events: 600, bytes: 2 << 20))
            ) { scope, _, _ throws(Problem) in try scope.require(.analyticsRead) }
        ]
    }

    package var consumers: [Consumer] {
        [
            Consumer("analytics", types: KeyEvents.types) { records, transaction in
                let events = try records.compactMap { try keep($0, in: transaction) }
                let views = try views(events.filter { $0.type != "message.created" }, in: transaction)
                transaction.afterCommit {
                    for event in events { collector.store.count(event.type, at: event.at) }
                    let published = views.suffix(50).map { Event("analytics.event", members: ["event": $0]) }
                    if !published.isEmpty { broker.publish(published, to: MeasureCollector.topic) }
                }
            }
        ]
    }

    private func keep(_ record: OutboxRecord, in transaction: Transaction) throws -> AnalyticsEvent? {
        guard let (type, user, metadata) = KeyEvents.read(record) else { return nil }
        let event = AnalyticsEvent(id: ids.next(), type: type, user: user, session: nil, metadata: metadata, at: record.at)
        _ = try EventTable.add(event, in: transaction)
        return event
    }

    package var jobs: [JobKind] {
        [
            JobKind("analytics.roll", schedule: .every(300_000)) { _ in
                try await writer.roll(at: clock.now())
                let now = clock.now()
                try await database.write { transaction in
                    try AlertTable.forget(before: now.adding(seconds: -90 * 86_400), in: transaction)
                    try VisitTable.forget(at: now, in: transaction)
                }
                return .done
            },
            // The attempts of about a day.
            JobKind(AlertNotices.job, retries: JobKind.Retries(attempts: 34, first: 5000), parallel: 4) { context in
                try await notices.deliver(context.job.key, database: database, at: clock.now())
                return .done
            },
        ]
    }

    package func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("UPDATE alerts SET author_id = NULL WHERE author_id = \(person)")
        try EventTable.erase(person, in: transaction)
        try writer.ordinals.erase(person.rawValue, in: transaction)
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let events = try EventTable.page("user_id = \(person)", before: RowID(rawValue: .max), limit: 100_000, in: transaction)
        let rules = try alerts.rules("author_id = \(person)", in: transaction)
        var data = JSONObject()
        if !events.isEmpty {
            data.append(
                "events",
                .array(
                    events.map {
                        ["event_type": .string($0.type), "metadata": .object($0.metadata), "timestamp": JSON($0.at)]
                    }))
        }
        if !rules.isEmpty {
            data.append(
                "alerts",
                .array(rules.map { ["name": .string($0.name), "expression": .string($0.expression), "created_at": JSON($0.createdAt)] }))
        }
        return data
    }

    // MARK: Background work

    package func run() async throws {
        try await begin()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await collect() }
                group.addTask { try await save() }
                group.addTask { try await evaluate() }
                try await group.waitForAll()
            }
        } catch {
            // This task is cancelled and could no longer write.
            await Task { await settle() }.value
            throw error
        }
    }

    /// Continues where the previous process stopped.
    func begin() async throws {
        try await learnRoles()
        try await writer.restore(at: clock.now())
    }

    private func collect() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(200))
            collector.tick()
        }
    }

    private func evaluate() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(500))
            do { try await evaluation.evaluate() } catch {
                if !Task.isCancelled { log.warning("alerts could not be evaluated", [("cause", .string("\(error)"))]) }
            }
        }
    }

    private func save() async throws {
        while true {
            try await Task.sleep(for: .seconds(10))
            await settle()
            do { try await learnRoles() } catch { log.warning("the roles could not be read", [("cause", .string("\(error)"))]) }
        }
    }

    /// Stores the measures of this moment.
    func settle() async {
        collector.tick()
        do { try await writer.flush() } catch {
            log.warning("measures could not be stored yet", [("cause", .string("\(error)"))])
        }
    }

    /// Reads the names of roles by their priority, which is what a scope holds.
    private func learnRoles() async throws { collector.store.setRoles(try await database.read { try roles.namesByPriority(in: $0) }) }
}
