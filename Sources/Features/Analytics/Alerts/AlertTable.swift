internal import Crypto
internal import Database
internal import Kernel

/// The tables of alerts: rules, states, transitions and notices.
struct AlertTable: Sendable {
    let cipher: FieldCipher

    private static let columns: SQL = """
        id, name, expression, severity, channels, webhook, is_enabled, resolve_after_s, no_data, author_id, silenced_until, version,
        created_at, updated_at
        """
    private static let webhook = "alerts.webhook"

    /// By name.
    func rules(_ condition: SQL = "id > 0", in transaction: Transaction) throws -> [AlertRule] {
        try transaction.rows("SELECT \(sql: Self.columns) FROM alerts WHERE \(sql: condition) ORDER BY name_key").map(rule)
    }

    /// - Throws: 404.
    func rule(_ id: String, in transaction: Transaction) throws -> AlertRule {
        guard let id = AlertID(uuid: id), let rule = try rules("id = \(id)", in: transaction).first else { throw Problem.notFound }
        return rule
    }

    func rule(named key: String, in transaction: Transaction) throws -> AlertRule? {
        try rules("name_key = \(key)", in: transaction).first
    }

    func insert(_ rule: AlertRule, key: String, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO alerts (name_key, \(sql: Self.columns)) VALUES (\(key), \(rule.id), \(rule.name), \(rule.expression),
                \(rule.severity.rawValue), \(channels(rule)), \(sealed(rule)), \(rule.isEnabled), \(rule.resolveAfter), \(rule.noData.rawValue),
                \(rule.author), \(rule.silencedUntil), \(rule.version), \(rule.createdAt), \(rule.updatedAt))
            """)
    }

    /// - Returns: false when it was changed in the meantime.
    func update(_ rule: AlertRule, key: String, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            UPDATE alerts SET name_key = \(key), name = \(rule.name), expression = \(rule.expression), severity = \(rule.severity.rawValue),
                channels = \(channels(rule)), webhook = \(sealed(rule)), is_enabled = \(rule.isEnabled),
                resolve_after_s = \(rule.resolveAfter), no_data = \(rule.noData.rawValue), silenced_until = \(rule.silencedUntil),
                version = \(rule.version), updated_at = \(rule.updatedAt)
            WHERE id = \(rule.id) AND version = \(rule.version - 1)
            """) == 1
    }

    func delete(_ id: AlertID, in transaction: Transaction) throws {
        for table in ["alert_states", "alert_transitions"] as [SQL] {
            try transaction.execute("DELETE FROM \(sql: table) WHERE alert_id = \(id)")
        }
        try transaction.execute("DELETE FROM alerts WHERE id = \(id)")
    }

    func count(in transaction: Transaction) throws -> Int { try transaction.row("SELECT COUNT(*) FROM alerts")?.int(0) ?? 0 }

    private func channels(_ rule: AlertRule) -> String { JSON.array(rule.channels.map { .string($0.rawValue) }).text }

    private func sealed(_ rule: AlertRule) -> [UInt8]? {
        guard rule.webhookURL != nil || rule.webhookSecret != nil else { return nil }
        let content: JSON = ["url": JSON(rule.webhookURL), "secret": JSON(rule.webhookSecret)]
        return cipher.seal(content.bytes, column: Self.webhook, id: rule.id.rawValue)
    }

    private func rule(_ row: Row) throws -> AlertRule {
        let id: AlertID = row.id(0)
        let webhook = try row.optionalBlob(5).map {
            try JSONParser.parse(own: try cipher.open($0, column: Self.webhook, id: id.rawValue))
        }
        let channels = try JSONParser.parse(own: Array(row.text(4).utf8)).array ?? []
        return AlertRule(
            id: id, name: row.text(1), expression: row.text(2), severity: AlertRule.Severity(rawValue: row.text(3)) ?? .medium,
            channels: channels.compactMap { $0.string.flatMap(AlertRule.Channel.init(rawValue:)) }, webhookURL: webhook?["url"]?.string,
            webhookSecret: webhook?["secret"]?.string, isEnabled: row.bool(6), resolveAfter: row.optionalInt64(7),
            noData: AlertState.NoData(rawValue: row.text(8)) ?? .keep, author: row.optionalID(9), silencedUntil: row.optionalTime(10),
            version: row.int64(11), createdAt: row.time(12), updatedAt: row.time(13))
    }
}

// MARK: States

extension AlertTable {
    struct Place: Hashable, Sendable {
        let alert: AlertID
        /// Empty for a rule without `by`.
        let series: String
    }

    /// Claims the evaluation of a moment: one of several processes gets it, and each moment is evaluated once.
    ///
    /// - Returns: the moment that was evaluated before; nil when this one is claimed already.
    static func takeTurn(_ moment: Timestamp, in transaction: Transaction) throws -> Timestamp? {
        let lock: SQL = transaction.dialect == .postgres ? " FOR UPDATE" : ""
        guard let before = try transaction.row("SELECT evaluated_at FROM alert_clock WHERE id = 1\(sql: lock)")?.time(0) else { return nil }
        guard moment > before else { return nil }
        try transaction.execute("UPDATE alert_clock SET evaluated_at = \(moment) WHERE id = 1")
        return before
    }

    /// Serialises the transactions that change rules, which check names and the number of rules.
    static func lock(in transaction: Transaction) throws {
        try transaction.execute("UPDATE alert_clock SET evaluated_at = evaluated_at WHERE id = 1")
    }

    static func states(in transaction: Transaction) throws -> [Place: AlertState] {
        let rows = try transaction.rows(
            """
            SELECT alert_id, series, phase, since, evaluated_at, held, clear_since, sequence, is_announced, recent, is_flapping
            FROM alert_states
            """)
        return try Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let recent = try JSONParser.parse(own: Array(row.text(9).utf8)).array ?? []
                let state = AlertState(
                    phase: AlertState.Phase(rawValue: row.text(2)) ?? .ok, since: row.time(3), lastEvaluation: row.time(4),
                    held: row.int(5),
                    clearSince: row.optionalTime(6), sequence: row.int64(7), isAnnounced: row.bool(8),
                    recent: recent.compactMap { $0.integer.map { Timestamp(milliseconds: $0) } }, isFlapping: row.bool(10))
                return (Place(alert: row.id(0), series: row.text(1)), state)
            })
    }

    static func put(_ state: AlertState, at place: Place, in transaction: Transaction) throws {
        let recent = JSON.array(state.recent.map { .integer($0.milliseconds) }).text
        try transaction.execute(
            """
            INSERT INTO alert_states (alert_id, series, phase, since, evaluated_at, held, clear_since, sequence, is_announced, recent, is_flapping)
            VALUES (\(place.alert), \(place.series), \(state.phase.rawValue), \(state.since), \(state.lastEvaluation), \(state.held),
                \(state.clearSince), \(state.sequence), \(state.isAnnounced), \(recent), \(state.isFlapping))
            ON CONFLICT (alert_id, series) DO UPDATE SET phase = excluded.phase, since = excluded.since,
                evaluated_at = excluded.evaluated_at, held = excluded.held, clear_since = excluded.clear_since,
                sequence = excluded.sequence, is_announced = excluded.is_announced, recent = excluded.recent,
                is_flapping = excluded.is_flapping
            """)
    }

    /// Starts the states of a rule anew when it is disabled or its expression changes. Sequences go on, since they name transitions.
    static func forgetStates(of id: AlertID, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE alert_states SET phase = 'ok', held = 0, clear_since = NULL, is_announced = FALSE WHERE alert_id = \(id)")
    }

    // MARK: History

    struct TransitionRecord: Sendable {
        let id: RowID
        let alert: AlertID
        let series: String
        let state: String
        let value: Double?
        let at: Timestamp
    }

    static func record(
        _ id: RowID, _ place: Place, _ sequence: Int64, _ state: String, value: Double?, at now: Timestamp, in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO alert_transitions (id, alert_id, series, sequence, state, value, at)
            VALUES (\(id), \(place.alert), \(place.series), \(sequence), \(state), \(value.map { SQLValue.real($0) }), \(now))
            """)
    }

    static func history(_ condition: SQL, before id: RowID, limit: Int, in transaction: Transaction) throws -> [TransitionRecord] {
        try transaction.rows(
            """
            SELECT id, alert_id, series, state, value, at FROM alert_transitions
            WHERE \(sql: condition) AND id < \(id) ORDER BY id DESC LIMIT \(limit)
            """
        ).map { row in
            TransitionRecord(
                id: row.id(0), alert: row.id(1), series: row.text(2), state: row.text(3), value: row.isNull(4) ? nil : row.double(4),
                at: row.time(5))
        }
    }

    static func forget(before limit: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM alert_transitions WHERE at < \(limit)")
        try transaction.execute("DELETE FROM alert_notices WHERE created_at < \(limit)")
    }
}
