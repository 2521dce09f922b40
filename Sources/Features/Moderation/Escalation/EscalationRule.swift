internal import Database
internal import Kernel
internal import Sanctions

/// So many sanctions of a kind within a time cause another sanction.
struct EscalationRule: Sendable, Hashable {
    let id: RowID
    let kind: SanctionKind
    let count: Int64
    /// Seconds.
    let within: Int64
    let result: SanctionKind
    /// Seconds; nil: permanent.
    let duration: Int64?
    /// Nil for the rule of a new site.
    let author: UserID?

    var json: JSON {
        [
            "id": JSON(id), "kind": .string(kind.rawValue), "count": .integer(count), "within_s": .integer(within),
            "result_kind": .string(result.rawValue), "duration_s": JSON(duration),
        ]
    }

    /// Shown to the sanctioned person.
    func reason(_ language: Language) -> String {
        let days = max(1, (within + 43_200) / 86_400)
        return switch language {
        case .english: kind == .warn ? "\(count) warnings within \(days) days" : "\(count) mutes within \(days) days"
        case .french:
            kind == .warn ? "\(count) avertissements en \(days) jours" : "\(count) mises en sourdine en \(days) jours"
        }
    }

    /// Whether two rules differ in id and author at most.
    func equals(_ other: EscalationRule) -> Bool {
        (kind, count, within) == (other.kind, other.count, other.within) && (result, duration) == (other.result, other.duration)
    }
}

/// The SQL of `escalations` and `escalation_uses`.
enum EscalationTable {
    static func rules(in transaction: Transaction) throws -> [EscalationRule] {
        try transaction.rows(
            "SELECT id, kind, count, within_s, result_kind, duration_s, author_id FROM escalations ORDER BY kind, count, id"
        ).compactMap { row in
            guard let kind = SanctionKind(rawValue: row.text(1)), let result = SanctionKind(rawValue: row.text(4)) else { return nil }
            return EscalationRule(
                id: row.id(0), kind: kind, count: row.int64(2), within: row.int64(3), result: result, duration: row.optionalInt64(5),
                author: row.optionalID(6))
        }
    }

    /// The sanctions that count for a rule, the latest first: within its time, not lifted or appealed, not used by the rule before.
    static func counted(_ rule: EscalationRule, of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> [SanctionID] {
        try transaction.rows(
            """
            SELECT id FROM sanctions WHERE user_id = \(user) AND kind = \(rule.kind.rawValue) AND source <> 'escalation'
                AND issued_at > \(now.adding(seconds: -rule.within)) AND (end_reason IS NULL OR end_reason NOT IN ('lifted', 'appealed'))
                AND NOT EXISTS (SELECT 1 FROM escalation_uses WHERE rule_id = \(rule.id) AND trigger_id = sanctions.id)
            ORDER BY id DESC LIMIT \(rule.count)
            """
        ).map { $0.id(0) }
    }

    static func use(_ triggers: [SanctionID], _ rule: EscalationRule, _ result: SanctionID, in transaction: Transaction) throws {
        for trigger in triggers {
            try transaction.execute(
                "INSERT INTO escalation_uses (rule_id, trigger_id, result_id) VALUES (\(rule.id), \(trigger), \(result))")
        }
    }

    /// The sanctions that a trigger caused.
    static func results(of trigger: SanctionID, in transaction: Transaction) throws -> [SanctionID] {
        try transaction.rows("SELECT DISTINCT result_id FROM escalation_uses WHERE trigger_id = \(trigger) ORDER BY result_id").map {
            $0.id(0)
        }
    }

    /// Its triggers count again.
    static func free(_ result: SanctionID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM escalation_uses WHERE result_id = \(result)")
    }

    /// Before the sanctions of the person are deleted.
    static func erase(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM escalation_uses WHERE trigger_id IN (SELECT id FROM sanctions WHERE user_id = \(user))")
    }

    static func insert(_ rule: EscalationRule, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO escalations (id, kind, count, within_s, result_kind, duration_s, author_id, created_at, version)
            VALUES (\(rule.id), \(rule.kind.rawValue), \(rule.count), \(rule.within), \(rule.result.rawValue), \(rule.duration),
                \(rule.author), \(now), 1)
            """)
    }

    static func delete(_ id: RowID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM escalations WHERE id = \(id)")
    }
}
