internal import Crypto
package import Database
internal import HTTP
package import Kernel
package import Realtime
package import Runtime
internal import Synchronization
package import Web

/// The audit log as others see it: its pages, its live feed, its heads outside the database, and the access log beside it.
package struct AuditFeature: Feature {
    let database: any Database
    let audit: AuditLog
    private let access: AccessLog
    private let heads: HeadsFile?
    private let log: Log
    private let clock: WallClock

    /// - Parameters:
    ///   - headsPath: `DIR/audit-heads.jsonl`; nil for a site that keeps none.
    ///   - accessRetentionDays: after so many an entry of the access log is erased.
    package init(
        database: any Database, audit: AuditLog, ids: IDGenerator, headsPath: String?, accessRetentionDays: Int = 30, log: Log,
        metrics: Metrics, clock: WallClock = .system
    ) {
        (self.database, self.audit, self.log, self.clock) = (database, audit, log, clock)
        heads = headsPath.map(HeadsFile.init(path:))
        access = AccessLog(database: database, ids: ids, retentionDays: accessRetentionDays, metrics: metrics)
    }

    package var migrations: [Migration] { auditMigrations }

    package var topics: [TopicRule] {
        [TopicRule("audit", requires: .auditRead, filterFields: ["action", "actor_user_id", "target_id", "result"], compresses: false)]
    }

    package var routes: [Route] {
        [
            Route(.get, "/audit", .may(.auditRead)) { try await listEntries($0) },
            Route(.get, "/audit/access", .may(.auditRead)) { try await listAccess($0) },
            Route(.get, "/audit/{id}", .may(.auditRead), takesQuery: false) { try await readEntry($0) },
        ]
    }

    /// Hears of refusals and of every answer: what the application calls.
    package var observer: any RequestObserver { AuditObserver(audit: audit, access: access, log: log) }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await keepHeads() }
            group.addTask { await writeAccess() }
            group.addTask { await eraseAccess() }
            try await group.waitForAll()
        }
    }

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
            let all = try await database.read { try AuditHead.all(in: $0) }
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

    private func eraseAccess() async {
        while !Task.isCancelled {
            do { try await access.erase(before: clock.now()) } catch {
                log.warning("the access log cannot be shortened", [("cause", .string("\(error)"))])
            }
            await pause(.seconds(3600))
        }
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

    func denied(action: String, target: String?, problem: Problem, scope: Scope) async {
        do {
            try await audit.recordDenial(
                action, target: target.map { (type: Self.targetType(of: action), id: $0) }, reason: problem.code, scope: scope)
        } catch {
            log.warning("a refusal was not recorded", [("action", .string(action)), ("cause", .string("\(error)"))])
        }
    }

    func answered(_ request: HTTPRequest, route: String, status: Int, scope: Scope, at: Timestamp) {
        access.note(request, route: route, status: status, scope: scope)
    }

    /// What the route's `{id}` names: people, but for the roles' own routes.
    private static func targetType(of action: String) -> String {
        if action == "role.assign" || action == "role.revoke" { return "user" }
        let noun = String(action.prefix { $0 != "." })
        return ["status", "override", "sanction", "presence", "ban", "totp"].contains(noun) ? "user" : noun
    }
}
