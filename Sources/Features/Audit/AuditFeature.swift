internal import Crypto
package import Database
package import FeatureKit
internal import HTTP
package import Jobs
package import Kernel
package import Realtime
package import Runtime
internal import Synchronization
package import Web

/// The audit log as others see it: its pages, its live feed, its heads outside the database, and the access log beside it.
package struct AuditFeature: Feature {
    let database: any Database
    let audit: AuditLog
    let access: AccessLog
    private let heads: HeadsFile?
    private let log: Log
    private let clock: WallClock
    private let actions: [AuditAction]
    private let queue: JobQueue

    /// - Parameters:
    ///   - accessDatabase: where the access log is: `accessLogMigrations` on a file of its own, or the site's own tables on PostgreSQL.
    ///   - actions: what the features of the site declare.
    ///   - jobs: has the erasure of one person's lines from a file that no transaction of the site reaches.
    ///   - headsPath: `DIR/audit-heads.jsonl`; nil for a site that keeps none.
    ///   - accessRetentionDays: after so many an entry of the access log is erased.
    package init(
        database: any Database, accessDatabase: any Database, audit: AuditLog, ids: IDGenerator, headsPath: String?,
        accessRetentionDays: Int = 30, log: Log, metrics: Metrics, clock: WallClock = .system, actions: [AuditAction] = [], jobs: JobQueue
    ) {
        (self.actions, queue) = (actions, jobs)
        (self.database, self.audit, self.log, self.clock) = (database, audit, log, clock)
        heads = headsPath.map(HeadsFile.init(path:))
        access = AccessLog(database: accessDatabase, people: database, ids: ids, retentionDays: accessRetentionDays, metrics: metrics)
    }

    package static let declaration = FeatureDeclaration(
        "audit", title: LocalizedText(en: "Audit log", fr: "Journal d’audit"), module: .core, migrations: auditMigrations,
        auditActions: [exportAction])

    package var topics: [TopicRule] {
        [TopicRule("audit", requires: .auditRead, filterFields: ["action", "actor_user_id", "target_id", "result"], compresses: false)]
    }

    package var routes: [Route] {
        [
            Route(.get, "/audit", .may(.auditRead), AuditShapes.list) { try await listEntries($0) },
            Route(.get, "/audit/access", .may(.auditRead), AuditShapes.access) { try await listAccess($0) },
            Route(.get, "/audit/export", .may(.auditRead), AuditShapes.export, action: Self.exportAction.key) {
                try await exportEntries($0)
            },
            Route(.get, "/audit/{id}", .may(.auditRead), AuditShapes.read) { try await readEntry($0) },
        ]
    }

    package var jobs: [JobKind] {
        [
            JobKind("audit.access_sweep", schedule: .every(3_600_000)) { _ in
                try await tidy()
                return .done
            },
            JobKind(Self.erasure) { context in
                if let user = UserID(uuid: context.job.key) { try await eraseAccess(of: user) }
                return .done
            },
        ]
    }

    /// Hears of refusals and of every answer: what the application calls.
    package var observer: any RequestObserver { AuditObserver(audit: audit, access: access, log: log, actions: actions) }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await keepHeads() }
            group.addTask { await writeAccess() }
            try await group.waitForAll()
        }
    }

    var clockNow: Timestamp { clock.now() }

    /// Each second, and once more at the end.
    private func keepHeads() async {
        guard let heads else { return }
        var kept: [Int64: Int64] = [:]
        while !Task.isCancelled {
            await keepHeads(in: heads, &kept)
            await pause(.seconds(1))
        }
        await keepHeads(in: heads, &kept)
    }

    private func keepHeads(in file: HeadsFile, _ kept: inout [Int64: Int64]) async {
        do {
            let all = try await database.read(.system) { try AuditHead.all(in: $0) }
            let moved = all.filter { kept[$0.chainID] != $0.seq }
            guard !moved.isEmpty else { return }
            try file.append(moved, all: all)
            for head in moved {
                kept[head.chainID] = head.seq
                log.info("audit head", head.json.object?.map { ($0.name, $0.value) } ?? [])
            }
        } catch {
            log.error("the heads of the audit log cannot be kept", [("cause", .string("\(error)"))])
        }
    }

    private func writeAccess() async {
        while !Task.isCancelled {
            await pause(.milliseconds(500))
            do { try await access.flush() } catch {
                log.warning("the access log cannot be written", [("cause", .string("\(error)"))])
            }
        }
    }

    private static let erasure = "audit.access_erase"

    /// On PostgreSQL the transaction has erased their lines (`AuditLog.eraseAccess`); the file of its own on SQLite follows in a job.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        guard !database.isShared else { return }
        try transaction.enqueue(Self.erasure, key: person.uuid, on: queue)
    }

    /// Erases every line about one person from the access log.
    package func eraseAccess(of user: UserID) async throws { try await access.erase(user) }

    /// Takes over what an older version wrote, then erases what is past its time, and the marks of old refusals.
    package func tidy() async throws {
        let now = clock.now()
        let minute = now.milliseconds / 60_000 - 60
        try await access.takeOver(from: database)
        try await access.erase(before: now)
        try await database.write { transaction in _ = try transaction.execute("DELETE FROM audit_denials WHERE minute < \(minute)") }
    }

    /// Ends early when the task is cancelled.
    private func pause(_ duration: Duration) async {
        do { try await Task.sleep(for: duration) } catch {}
    }
}

/// Turns what the application saw into entries.
struct AuditObserver: RequestObserver {
    let audit: AuditLog
    let access: AccessLog
    let log: Log
    private let targets: [String: String]

    init(audit: AuditLog, access: AccessLog, log: Log, actions: [AuditAction]) {
        (self.audit, self.access, self.log) = (audit, access, log)
        targets = Dictionary(actions.compactMap { action in action.target.map { (action.key, $0) } }) { first, _ in first }
    }

    func denied(action: String, target: String?, problem: Problem, scope: Scope) async {
        do {
            try await audit.recordDenial(
                action, target: target.map { (type: targetType(of: action), id: $0) }, reason: problem.code, scope: scope)
        } catch {
            log.warning("a refusal was not recorded", [("action", .string(action)), ("cause", .string("\(error)"))])
        }
    }

    func answered(_ request: HTTPRequest, route: String, status: Int, scope: Scope, at: Timestamp) {
        access.note(request, route: route, status: status, scope: scope)
    }

    /// What the route's `{id}` names: as declared, else the first word of the action.
    private func targetType(of action: String) -> String { targets[action] ?? String(action.prefix { $0 != "." }) }
}
