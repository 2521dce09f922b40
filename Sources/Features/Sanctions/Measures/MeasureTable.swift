package import Database
package import Kernel

/// The SQL of `measures`, `raid_rule`, `purges` and `purge_messages`.
package enum MeasureTable {
    package static func inForce(at now: Timestamp, in transaction: Transaction) throws -> [Measure] {
        try transaction.rows(
            "SELECT \(sql: Measure.columns) FROM measures WHERE ended_at IS NULL AND ends_at > \(now) ORDER BY id LIMIT 500"
        ).map(Measure.init)
    }

    package static func measure(_ id: MeasureID, in transaction: Transaction) throws -> Measure? {
        try transaction.row("SELECT \(sql: Measure.columns) FROM measures WHERE id = \(id)").map(Measure.init)
    }

    /// - Returns: false when a raid is in force already; there is one at a time.
    package static func insert(_ measure: Measure, in transaction: Transaction) throws -> Bool {
        if measure.kind == .raid {
            try transaction.execute(
                "UPDATE measures SET ended_at = ends_at WHERE kind = 'raid' AND ended_at IS NULL AND ends_at <= \(measure.startedAt)")
        }
        let channels = JSON.array(measure.channels.map { JSON($0) }).text
        return try transaction.execute(
            """
            INSERT INTO measures (id, kind, channels, reason, started_by, started_at, ends_at)
            VALUES (\(measure.id), \(measure.kind.rawValue), \(channels), \(measure.reason), \(measure.startedBy), \(measure.startedAt),
                \(measure.endsAt))
            ON CONFLICT DO NOTHING
            """) == 1
    }

    /// - Returns: false when it had ended.
    package static func end(_ id: MeasureID, by actor: UserID?, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            "UPDATE measures SET ended_at = \(now), ended_by = \(actor) WHERE id = \(id) AND ended_at IS NULL AND ends_at > \(now)") == 1
    }

    package static func rule(in transaction: Transaction) throws -> RaidRule {
        guard let row = try transaction.row("SELECT body FROM raid_rule WHERE id = 1") else { return RaidRule() }
        return RaidRule(stored: try JSONParser.parse(own: Array(row.text(0).utf8)))
    }

    package static func put(_ rule: RaidRule, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO raid_rule (id, body) VALUES (1, \(JSON.object(rule.json).text))
            ON CONFLICT (id) DO UPDATE SET body = excluded.body
            """)
    }
}

/// Lockdowns and raids, and the messages that purges hid.
let measureMigrations = [
    Migration(
        "moderation_measures",
        [
            """
            CREATE TABLE measures (
                id BIGINT PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('lockdown', 'raid')),
                channels TEXT NOT NULL,
                reason TEXT,
                started_by BIGINT,
                started_at BIGINT NOT NULL,
                ends_at BIGINT NOT NULL,
                ended_at BIGINT,
                ended_by BIGINT)
            """,
            "CREATE INDEX measures_ends ON measures (ends_at) WHERE ended_at IS NULL",
            "CREATE UNIQUE INDEX measures_raid ON measures (kind) WHERE kind = 'raid' AND ended_at IS NULL",
            "CREATE TABLE raid_rule (id BIGINT PRIMARY KEY, body TEXT NOT NULL)",
            """
            CREATE TABLE purges (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL, actor_id BIGINT, from_at BIGINT NOT NULL,
                to_at BIGINT NOT NULL, created_at BIGINT NOT NULL, count BIGINT NOT NULL, undone_at BIGINT)
            """,
            "CREATE INDEX purges_user ON purges (user_id, id)",
            "CREATE TABLE purge_messages (purge_id BIGINT NOT NULL, message_id BIGINT NOT NULL, PRIMARY KEY (purge_id, message_id))",
        ])
]
