package import Database
package import Jobs
package import Kernel
internal import Runtime
internal import Sanctions
internal import Synchronization

/// Background jobs, and the erasure and export of a person.
extension ModerationFeature {
    /// How long evidence and notes are kept after the decision, in seconds.
    private static let retention: Int64 = 183 * 86_400

    package var jobs: [JobKind] {
        [
            JobKind("moderation.sweep", schedule: .every(3_600_000)) { [self] _ in
                try await sweep()
                return .done
            }
        ]
    }

    /// Counts for the metrics on each node; a job would run on one node only, and the others would show old numbers.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { [self] group in
            group.addTask { [self] in try await count() }
            group.addTask { [self] in try await imposePenalties() }
            try await group.waitForAll()
        }
    }

    private func count() async throws {
        while true {
            do {
                try await overdue.count(database, at: clock.now())
            } catch let error where !(error is CancellationError) {
                log.warning("open cases could not be counted", [("cause", .string("\(error)"))])
            }
            try await Task.sleep(for: .seconds(60))
        }
    }

    func sweep() async throws {
        let limit = clock.now().adding(seconds: -Self.retention)
        while try await database.write({ try Self.sweep(before: limit, in: $0) }) > 0 {}
        let now = clock.now()
        try await database.write { try RecentMessageTable.sweep(at: now, in: $0) }
    }

    /// Deletes evidence and notes of cases that were decided before the limit; of a merged case, when the case it was merged into was decided.
    ///
    /// - Returns: how many rows were deleted.
    private static func sweep(before limit: Timestamp, in transaction: Transaction) throws -> Int {
        var deleted = 0
        for table in ["case_evidence", "case_notes"] as [SQL] {
            deleted += try transaction.execute(
                """
                DELETE FROM \(sql: table) WHERE id IN (
                    SELECT kept.id FROM \(sql: table) AS kept JOIN cases ON cases.id = kept.case_id
                    LEFT JOIN cases AS heads ON heads.id = cases.merged_into
                    WHERE kept.id < \(Snowflake.first(at: limit)) AND COALESCE(heads.decided_at, cases.decided_at) < \(limit)
                    ORDER BY kept.id LIMIT 200)
                """)
        }
        return deleted
    }

    /// Their reports stay without name and text, so that the cases can be decided; the sweep deletes the evidence about their messages later.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("UPDATE reports SET reporter_id = NULL, text_cipher = NULL WHERE reporter_id = \(person)")
        try transaction.execute("UPDATE cases SET assignee_id = NULL, taken_at = NULL WHERE assignee_id = \(person) AND state = 'open'")
        let now = clock.now()
        // Nobody is left to answer.
        try transaction.execute(
            """
            UPDATE cases SET state = 'decided', outcome = 'dismissed', decided_at = \(now), version = version + 1
            WHERE state = 'open' AND target_type = 'appeal' AND subject_id = \(person)
            """)
        try transaction.execute("DELETE FROM appeals WHERE user_id = \(person)")
        try EscalationTable.erase(person, in: transaction)
        try RecentMessageTable.erase(person, in: transaction)
        try transaction.execute("DELETE FROM purge_messages WHERE purge_id IN (SELECT id FROM purges WHERE user_id = \(person))")
        try transaction.execute("DELETE FROM purges WHERE user_id = \(person)")
        try transaction.execute(
            "DELETE FROM case_evidence WHERE case_id IN (SELECT id FROM cases WHERE target_type = 'user' AND target_id = \(person))")
    }

    /// Their sanctions, appeals and reports; nothing about the people who reported them.
    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let now = clock.now()
        let imposed = try transaction.rows(
            "SELECT \(sql: Sanction.columns) FROM sanctions WHERE user_id = \(person) ORDER BY id DESC LIMIT 1000"
        ).map(Sanction.init)
        let reported = try reports.page(of: person, before: ReportID(rawValue: .max), limit: 1000, in: transaction)
        guard !imposed.isEmpty || !reported.isEmpty else { return [:] }
        return [
            "sanctions": .array(try ownViews(imposed, at: now, in: transaction)), "reports": .array(reported.map { Self.view($0.0, $0.1) }),
        ]
    }
}

/// Metrics of open cases and late work, counted each minute.
final class OverdueCount: Sendable {
    private struct Numbers {
        var (open, overdue, pastEnd) = (0, 0, 0)
    }

    private let numbers = Mutex(Numbers())

    func register(in metrics: Metrics) {
        metrics.gauge("foyer_cases_open", "Cases that wait for a decision.") { [self] in Double(numbers.withLock { $0.open }) }
        metrics.gauge("foyer_cases_overdue", "Cases that are overdue.") { [self] in Double(numbers.withLock { $0.overdue }) }
        metrics.gauge("foyer_sanctions_past_end", "Sanctions that expired more than a minute ago and whose row is not ended.") {
            [self] in
            Double(numbers.withLock { $0.pastEnd })
        }
    }

    func count(_ database: any Database, at now: Timestamp) async throws {
        let found = try await database.read(.system) { transaction -> Numbers in
            let cases = try transaction.row(
                "SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at < \(now) THEN 1 ELSE 0 END), 0) FROM cases WHERE state = 'open'")
            let late = try transaction.row(
                """
                SELECT COUNT(*) FROM sanctions
                WHERE ended_at IS NULL AND kind IN ('mute', 'ban') AND expires_at <= \(now.adding(seconds: -60))
                """)
            var numbers = Numbers()
            (numbers.open, numbers.overdue, numbers.pastEnd) = (cases?.int(0) ?? 0, cases?.int(1) ?? 0, late?.int(0) ?? 0)
            return numbers
        }
        numbers.withLock { $0 = found }
    }
}
