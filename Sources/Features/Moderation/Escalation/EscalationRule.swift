internal import Database
internal import Kernel
internal import Sanctions

/// What so many sanctions within a time bring by themselves.
struct EscalationRule: Sendable, Hashable {
    let id: RowID
    let kind: SanctionKind
    let count: Int64
    /// Seconds.
    let within: Int64
    let result: SanctionKind
    /// Seconds; nil is for good.
    let duration: Int64?
    /// Who made the rule; nil for the one that every site begins with.
    let author: UserID?

    var json: JSON {
        [
            "id": JSON(id), "kind": .string(kind.rawValue), "count": .integer(count), "within_s": .integer(within),
            "result_kind": .string(result.rawValue), "duration_s": JSON(duration),
        ]
    }

    /// What the person is told.
    func reason(_ language: Language) -> String {
        let days = max(1, (within + 43_200) / 86_400)
        return switch language {
        case .english: kind == .warn ? "\(count) warnings within \(days) days" : "\(count) mutes within \(days) days"
        case .french:
            kind == .warn ? "\(count) avertissements en \(days) jours" : "\(count) mises en sourdine en \(days) jours"
        }
    }

    /// Whether it says the same as another, whoever made it.
    func says(_ other: EscalationRule) -> Bool {
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

    /// Those that count for a rule, the latest first: within its time, not taken back, not used by it before.
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

    /// What a sanction brought.
    static func results(of trigger: SanctionID, in transaction: Transaction) throws -> [SanctionID] {
        try transaction.rows("SELECT DISTINCT result_id FROM escalation_uses WHERE trigger_id = \(trigger) ORDER BY result_id").map {
            $0.id(0)
        }
    }

    /// The others that brought it count again.
    static func free(_ result: SanctionID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM escalation_uses WHERE result_id = \(result)")
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
