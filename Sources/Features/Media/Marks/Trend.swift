internal import Database
internal import Glibc
internal import Kernel

/// Recent popularity, by forward decay: a mark loses half of its weight in each half-life. Stored values of older marks are not updated: newer marks
/// weigh more instead, `2^((t − since) / half-life)`. Removing a mark subtracts what it added.
enum Trend {
    /// Three days, in milliseconds.
    static let halfLife = 3.0 * 86_400_000

    static func weight(_ weight: Double, at time: Timestamp, since: Timestamp) -> Double {
        weight * exp2(Double(time.milliseconds - since.milliseconds) / halfLife)
    }

    /// The moment whose marks weigh exactly 1; set by the first mark of the site.
    static func since(at now: Timestamp, in transaction: Transaction) throws -> Timestamp {
        if let row = try transaction.row("SELECT since FROM media_trend WHERE id = 1") { return row.time(0) }
        try transaction.execute("INSERT INTO media_trend (id, since) VALUES (1, \(now)) ON CONFLICT DO NOTHING")
        return try transaction.row("SELECT since FROM media_trend WHERE id = 1")?.time(0) ?? now
    }

    static func add(_ amount: Double, to title: MediaID, in transaction: Transaction) throws {
        guard amount != 0 else { return }
        // Rounding leaves a remainder when equal amounts are added and subtracted.
        try transaction.execute(
            """
            UPDATE media SET trend = CASE WHEN trend + \(amount) < \(smallest) THEN \(0.0) ELSE trend + \(amount) END WHERE id = \(title)
            """)
    }

    private static let smallest = 1e-6

    /// Moves `since` to now and scales all trends, so that they stay in the range of a Double. Trends near zero become zero.
    static func rebase(at now: Timestamp, in transaction: Transaction) throws {
        let factor = weight(1, at: try since(at: now, in: transaction), since: now)
        guard factor < 1 else { return }
        try transaction.execute("UPDATE media_trend SET since = \(now) WHERE id = 1")
        try transaction.execute(
            """
            UPDATE media SET trend = CASE WHEN trend * \(factor) < \(smallest) THEN \(0.0) ELSE trend * \(factor) END WHERE trend > \(0.0)
            """)
        try MediaChange.noteAll(in: transaction)
    }
}
