internal import Database
internal import Kernel

/// The tables of visits: loaded pages, visitors of a day, and counts by day.
enum VisitTable {
    /// Milliseconds without an event after which a visit is over.
    static let pause: Int64 = 1_800_000
    /// Values of one kind that a day counts apart; further ones are `other`.
    static let values = 1000
    static let other = "other"

    struct Page: Sendable {
        /// Zero until the first event is taken.
        var visit: SessionID
        /// A bit for each event that was taken.
        var seen: [UInt8]
        var errors: Int
    }

    /// The row of a loaded page, locked until the end of the transaction.
    static func page(_ name: String, at now: Timestamp, in transaction: Transaction) throws -> Page {
        let empty = [UInt8](repeating: 0, count: VisitBatch.perPage / 8)
        let row = try transaction.row(
            """
            INSERT INTO analytics_page_loads (id, visit_id, seen, errors, seen_at) VALUES (\(name), 0, \(empty), 0, \(now))
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at RETURNING visit_id, seen, errors
            """)
        guard let row else { throw Problem.internalError("a page was not stored") }
        return Page(visit: row.id(0), seen: row.blob(1), errors: row.int(2))
    }

    static func put(_ page: Page, named name: String, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE analytics_page_loads SET visit_id = \(page.visit), seen = \(page.seen), errors = \(page.errors) WHERE id = \(name)")
    }

    // MARK: Visitors

    /// The current visit of a visitor, found by the hash of another day's key.
    static func current(_ visitor: [UInt8], at now: Timestamp, in transaction: Transaction) throws -> SessionID? {
        try transaction.row(
            """
            UPDATE analytics_visitors SET seen_at = \(now) WHERE visitor = \(visitor) AND seen_at > \(now.adding(milliseconds: -pause))
            RETURNING visit_id
            """)?.id(0)
    }

    /// The current visit of a visitor, or a new one with the id.
    static func visit(
        _ visitor: [UInt8], day: Int64, id: SessionID, at now: Timestamp, in transaction: Transaction
    ) throws -> (id: SessionID, isNewVisit: Bool, isNewVisitor: Bool) {
        let limit = now.adding(milliseconds: -pause)
        let row = try transaction.row(
            """
            INSERT INTO analytics_visitors (visitor, day, visit_id, visits, seen_at) VALUES (\(visitor), \(day), \(id), 1, \(now))
            ON CONFLICT (visitor) DO UPDATE SET
                visit_id = CASE WHEN analytics_visitors.seen_at > \(limit) THEN analytics_visitors.visit_id ELSE excluded.visit_id END,
                visits = CASE WHEN analytics_visitors.seen_at > \(limit) THEN analytics_visitors.visits ELSE analytics_visitors.visits + 1 END,
                seen_at = excluded.seen_at
            RETURNING visit_id, visits
            """)
        guard let row else { throw Problem.internalError("a visitor was not stored") }
        let found: SessionID = row.id(0)
        return (found, found == id, found == id && row.int(1) == 1)
    }

    // MARK: Keys

    static func key(of day: Int64, in transaction: Transaction) throws -> [UInt8]? {
        try transaction.row("SELECT content FROM analytics_visitor_keys WHERE day = \(day)")?.blob(0)
    }

    static func addKey(_ sealed: [UInt8], day: Int64, in transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO analytics_visitor_keys (day, content) VALUES (\(day), \(sealed)) ON CONFLICT DO NOTHING")
    }

    // MARK: Counts

    struct Count: Hashable, Sendable {
        let kind: String
        let value: String
    }

    /// Adds to the counts of a day, in one order for all transactions.
    static func add(_ counts: [Count: Int], day: Int64, in transaction: Transaction) throws {
        for (count, number) in counts.sorted(by: { ($0.key.kind, $0.key.value) < ($1.key.kind, $1.key.value) }) {
            let isThere =
                try transaction.execute(
                    """
                    UPDATE analytics_page_counts SET count = count + \(number)
                    WHERE day = \(day) AND kind = \(count.kind) AND value = \(count.value)
                    """) == 1
            if isThere { continue }
            let known =
                try transaction.row("SELECT COUNT(*) FROM analytics_page_counts WHERE day = \(day) AND kind = \(count.kind)")?.int(0) ?? 0
            try transaction.execute(
                """
                INSERT INTO analytics_page_counts (day, kind, value, count)
                VALUES (\(day), \(count.kind), \(known < values ? count.value : other), \(number))
                ON CONFLICT (day, kind, value) DO UPDATE SET count = analytics_page_counts.count + \(number)
                """)
        }
    }

    /// The most frequent values of a kind since a day.
    static func top(_ kind: String, since day: Int64, limit: Int, in transaction: Transaction) throws -> [(value: String, count: Int)] {
        try transaction.rows(
            """
            SELECT value, SUM(count) AS total FROM analytics_page_counts WHERE kind = \(kind) AND day >= \(day)
            GROUP BY value ORDER BY total DESC, value LIMIT \(limit)
            """
        ).map { ($0.text(0), $0.int(1)) }
    }

    /// The counts of a kind by day and value.
    static func days(_ kind: String, since day: Int64, in transaction: Transaction) throws -> [Int64: [String: Int]] {
        try transaction.rows("SELECT day, value, count FROM analytics_page_counts WHERE kind = \(kind) AND day >= \(day)")
            .reduce(into: [:]) { days, row in days[row.int64(0), default: [:]][row.text(1)] = row.int(2) }
    }

    // MARK: Retention

    /// Milliseconds that keys and hashes of visitors are kept; days that counts are kept.
    static let (keyAge, countDays): (Int64, Int64) = (2 * 86_400_000, 760)

    static func forget(at now: Timestamp, in transaction: Transaction) throws {
        let limit = now.milliseconds - keyAge
        try transaction.execute("DELETE FROM analytics_visitor_keys WHERE day <= \(limit)")
        try transaction.execute("DELETE FROM analytics_visitors WHERE day <= \(limit)")
        try transaction.execute("DELETE FROM analytics_page_loads WHERE seen_at < \(now.adding(milliseconds: -VisitBatch.longestAge))")
        try transaction.execute("DELETE FROM analytics_page_counts WHERE day < \(now.milliseconds - countDays * 86_400_000)")
    }
}
