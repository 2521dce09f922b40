package import Database
package import Jobs
package import Kernel
internal import Runtime
internal import Sanctions
internal import Synchronization

/// What goes on in the background, and what becomes of people who go.
extension ModerationFeature {
    /// Evidence and notes go so long after the end of their case, in seconds.
    private static let retention: Int64 = 183 * 86_400

    package var jobs: [JobKind] {
        [
            JobKind("moderation.sweep", schedule: .every(3_600_000)) { [self] _ in
                let limit = clock.now().adding(seconds: -Self.retention)
                while try await database.write({ try Self.sweep(before: limit, in: $0) }) == 200 {}
                return .done
            },
            JobKind("moderation.count", schedule: .every(60_000)) { [self] _ in
                try await overdue.look(database, at: clock.now())
                return .done
            },
        ]
    }

    /// - Returns: how many cases were swept.
    private static func sweep(before limit: Timestamp, in transaction: Transaction) throws -> Int {
        let cases: [CaseID] = try transaction.rows(
            """
            SELECT id FROM cases WHERE decided_at < \(limit) AND EXISTS (SELECT 1 FROM case_evidence WHERE case_id IN (
                SELECT others.id FROM cases AS others WHERE others.id = cases.id OR others.merged_into = cases.id))
            ORDER BY decided_at LIMIT 200
            """
        ).map { $0.id(0) }
        let both: SQL = """
            (SELECT id FROM cases WHERE id IN (SELECT value FROM json_each(\(ids: cases)))
                OR merged_into IN (SELECT value FROM json_each(\(ids: cases))))
            """
        try transaction.execute("DELETE FROM case_evidence WHERE case_id IN \(sql: both)")
        try transaction.execute("DELETE FROM case_notes WHERE case_id IN \(sql: both)")
        return cases.count
    }

    /// What they reported stays a report of nobody, so that cases are decided; what was said of them goes with its evidence, later.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("UPDATE reports SET reporter_id = NULL, text_cipher = NULL WHERE reporter_id = \(person)")
        try transaction.execute("UPDATE cases SET assignee_id = NULL, taken_at = NULL WHERE assignee_id = \(person) AND state = 'open'")
        let now = clock.now()
        // An appeal of somebody who is gone asks for nothing.
        try transaction.execute(
            """
            UPDATE cases SET state = 'decided', outcome = 'dismissed', decided_at = \(now), version = version + 1
            WHERE state = 'open' AND target_type = 'appeal' AND subject_id = \(person)
            """)
        try transaction.execute("DELETE FROM appeals WHERE user_id = \(person)")
        try transaction.execute(
            "DELETE FROM case_evidence WHERE case_id IN (SELECT id FROM cases WHERE target_type = 'user' AND target_id = \(person))")
    }

    /// What was imposed on them, what they said against it, and what they reported: nothing of who reported them.
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

/// What is late, among the metrics: looked at each minute.
final class OverdueCount: Sendable {
    private struct Numbers {
        var (open, overdue, pastEnd) = (0, 0, 0)
    }

    private let numbers = Mutex(Numbers())

    func register(in metrics: Metrics) {
        metrics.gauge("foyer_cases_open", "Cases that wait for a decision.") { [self] in Double(numbers.withLock { $0.open }) }
        metrics.gauge("foyer_cases_overdue", "Cases that are overdue.") { [self] in Double(numbers.withLock { $0.overdue }) }
        metrics.gauge("foyer_sanctions_past_end", "Sanctions whose time was over a minute ago and whose row has not been ended.") {
            [self] in
            Double(numbers.withLock { $0.pastEnd })
        }
    }

    func look(_ database: any Database, at now: Timestamp) async throws {
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
