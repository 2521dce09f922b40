internal import Database
internal import Kernel

/// The table `analytics_rollups`: minutes, hours and days, each one packed value.
enum RollupTable {
    static func put(_ resolution: Resolution, _ start: Int64, node: Int, _ window: MeasureWindow, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO analytics_rollups (resolution, start_at, node, content)
            VALUES (\(resolution.milliseconds), \(start), \(node), \(RollupCodec.pack(window)))
            ON CONFLICT (resolution, start_at, node) DO UPDATE SET content = excluded.content
            """)
    }

    static func window(_ resolution: Resolution, _ start: Int64, node: Int, in transaction: Transaction) throws -> MeasureWindow? {
        try transaction.row(
            """
            SELECT content FROM analytics_rollups
            WHERE resolution = \(resolution.milliseconds) AND start_at = \(start) AND node = \(node)
            """
        ).flatMap { RollupCodec.unpack($0.blob(0)) }
    }

    /// By their starts; the rows of several nodes are added.
    static func windows(_ resolution: Resolution, from start: Int64, to end: Int64, in transaction: Transaction) throws
        -> [Int64: MeasureWindow]
    {
        var windows: [Int64: MeasureWindow] = [:]
        let rows = try transaction.rows(
            """
            SELECT start_at, content FROM analytics_rollups
            WHERE resolution = \(resolution.milliseconds) AND start_at >= \(start) AND start_at < \(end)
            """)
        for row in rows {
            guard let window = RollupCodec.unpack(row.blob(1)) else { continue }
            let start = row.int64(0)
            guard var sum = windows[start] else {
                windows[start] = window
                continue
            }
            // Nodes run at the same time: their seconds are the same ones, their sockets are not.
            let (seconds, sockets, sessions) = (sum.seconds, sum.sockets, sum.sessions)
            sum.merge(window)
            sum.seconds = max(seconds, window.seconds)
            (sum.sockets, sum.sessions) = (sockets + window.sockets, sessions + window.sessions)
            windows[start] = sum
        }
        return windows
    }

    /// The sum of what is stored of a span; nil for nothing.
    static func sum(_ resolution: Resolution, from start: Int64, to end: Int64, in transaction: Transaction) throws -> MeasureWindow? {
        try windows(resolution, from: start, to: end, in: transaction).values.reduce(nil) { sum, window in
            var sum = sum ?? MeasureWindow()
            sum.merge(window)
            return sum
        }
    }

    /// The sum of a span: whole hours where they are made, else minutes. A span need not begin with an hour: in some time zones days do not.
    static func sum(from start: Int64, to end: Int64, in transaction: Transaction) throws -> MeasureWindow? {
        let step = Resolution.hour.milliseconds
        let hours = try windows(.hour, from: start, to: end, in: transaction)
        var total: MeasureWindow?
        var hour = Resolution.hour.start(of: start)
        while hour < end {
            let (first, last) = (max(hour, start), min(hour + step, end))
            let made = last - first == step ? hours[hour] : nil
            if let part = try made ?? sum(.minute, from: first, to: last, in: transaction) {
                var sum = total ?? MeasureWindow()
                sum.merge(part)
                total = sum
            }
            hour += step
        }
        return total
    }

    static func starts(_ resolution: Resolution, from start: Int64, to end: Int64, in transaction: Transaction) throws -> Set<Int64> {
        Set(
            try transaction.rows(
                """
                SELECT DISTINCT start_at FROM analytics_rollups
                WHERE resolution = \(resolution.milliseconds) AND start_at >= \(start) AND start_at < \(end)
                """
            ).map { $0.int64(0) })
    }

    static func forget(_ resolution: Resolution, before limit: Int64, in transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM analytics_rollups WHERE resolution = \(resolution.milliseconds) AND start_at < \(limit)")
    }
}
