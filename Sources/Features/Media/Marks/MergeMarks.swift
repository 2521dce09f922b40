internal import Database
internal import Kernel

/// Moves the marks of a title that is merged into another one.
extension MediaMarks {
    func merge(_ title: MediaID, into other: MediaID, at now: Timestamp, in transaction: Transaction) throws {
        // Everybody with marks of either title gets a newer version of their state.
        try transaction.execute(
            """
            INSERT INTO media_states (user_id, media_id, version)
            SELECT user_id, \(other), version + 1 FROM media_states WHERE media_id = \(title)
            ON CONFLICT (user_id, media_id) DO UPDATE SET version =
                CASE WHEN media_states.version >= excluded.version THEN media_states.version + 1 ELSE excluded.version END
            """)
        // Of two marks the older one stays, of two ratings the latest.
        try transaction.execute(
            """
            INSERT INTO media_marks (user_id, media_id, kind, value, at)
            SELECT user_id, \(other), kind, value, at FROM media_marks WHERE media_id = \(title)
            ON CONFLICT (user_id, media_id, kind) DO UPDATE SET
                value = CASE WHEN excluded.at > media_marks.at THEN excluded.value ELSE media_marks.value END,
                at = CASE WHEN (excluded.at > media_marks.at) = (excluded.kind = 'rating') THEN excluded.at ELSE media_marks.at END
            """)
        for table: SQL in ["media_marks", "media_states", "media_counters"] {
            try transaction.execute("DELETE FROM \(sql: table) WHERE media_id = \(title)")
        }
        try transaction.execute(
            """
            UPDATE plays SET media_id = \(other), episode_id = COALESCE((SELECT two.id FROM episodes AS one
                JOIN episodes AS two ON two.media_id = \(other) AND two.season = one.season AND two.number = one.number
                WHERE one.id = plays.episode_id), episode_id)
            WHERE media_id = \(title)
            """)
        let counters = try CounterTable.recount([other], in: transaction)[other] ?? TitleCounters()
        try CounterTable.put(counters, of: other, in: transaction)
        let since = try Trend.since(at: now, in: transaction)
        let trend = try transaction.rows("SELECT kind, at FROM media_marks WHERE media_id = \(other)").reduce(0.0) { sum, row in
            sum + Trend.weight(MarkKind(rawValue: row.text(0))?.weight ?? 0, at: row.time(1), since: since)
        }
        try transaction.execute("UPDATE media SET trend = \(trend), rating = \(counters.standing) WHERE id = \(other)")
        try transaction.execute("UPDATE media SET trend = \(0.0), rating = NULL WHERE id = \(title)")
    }
}
