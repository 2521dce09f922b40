// Owns the site's statistics: measures of all requests in windows of time, and key events. Refuses to know what a request was about.
package import Bus
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
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
    private let roles: RolesFeature

    /// - Parameters:
    ///   - observer: also receives the gateway's connections.
    ///   - node: the number of this process.
    package init(
        database: any Database, broker: any Broker, gateway: Gateway, roles: RolesFeature, directory: MemberDirectory = MemberDirectory(),
        observer: (any ConnectionObserver)?, ids: IDGenerator, node: Int, clock: WallClock = .system, log: Log, metrics: Metrics
    ) {
        (self.database, self.broker, self.gateway, self.roles) = (database, broker, gateway, roles)
        (self.directory, self.ids, self.clock, self.log) = (directory, ids, clock, log)
        collector = MeasureCollector(broker: broker, board: ConnectionBoard(next: observer), clock: clock, metrics: metrics)
        let (ordinals, calendar) = (MemberOrdinals(), SiteCalendar.local)
        writer = RollupWriter(database: database, store: collector.store, ordinals: ordinals, node: node, calendar: calendar)
        source = WindowSource(database: database, store: collector.store, ordinals: ordinals, calendar: calendar)
    }

    var store: WindowStore { collector.store }

    /// Takes the measure of every request and command.
    package var meter: any RequestMeter { collector.buffer }

    /// Counts the gateway's connections and passes them on.
    package var observer: any ConnectionObserver { collector.board }

    package static let declaration = FeatureDeclaration(
        "analytics", title: LocalizedText(en: "Analytics", fr: "Statistiques"), migrations: analyticsMigrations)

    package var routes: [Route] {
        [
            Route(.get, "/analytics", .may(.analyticsRead), AnalyticsShapes.follow) { try await follow($0) },
            Route(.get, "/analytics/live", .may(.analyticsRead), AnalyticsShapes.live) { try await readLive($0) },
            Route(.get, "/analytics/admin", .may(.analyticsRead), AnalyticsShapes.admin) { try await readAdmin($0) },
            Route(.get, "/analytics/events", .may(.analyticsRead), AnalyticsShapes.events) { try await readEvents($0) },
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
                return .done
            }
        ]
    }

    package func erase(_ person: UserID, in transaction: Transaction) throws {
        try EventTable.erase(person, in: transaction)
        try writer.ordinals.erase(person.rawValue, in: transaction)
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let events = try EventTable.page("user_id = \(person)", before: RowID(rawValue: .max), limit: 100_000, in: transaction)
        guard !events.isEmpty else { return [:] }
        return [
            "events": .array(
                events.map {
                    ["event_type": .string($0.type), "metadata": .object($0.metadata), "timestamp": JSON($0.at)]
                })
        ]
    }

    // MARK: Background work

    package func run() async throws {
        try await begin()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await collect() }
                group.addTask { try await save() }
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
