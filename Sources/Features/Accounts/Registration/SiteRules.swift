internal import Database
internal import Kernel

/// The rules that members accept: one version of them in both languages. Versions are only added.
struct SiteRules: Sendable, Hashable {
    let version: Int64
    let english: String
    let french: String
    let createdAt: Timestamp

    /// The version in force; nil where there are no rules, which is a version without a text.
    static func current(in transaction: Transaction) throws -> SiteRules? {
        guard let row = try transaction.row("SELECT version, english, french, created_at FROM site_rules ORDER BY version DESC LIMIT 1")
        else { return nil }
        let rules = SiteRules(version: row.int64(0), english: row.text(1), french: row.text(2), createdAt: row.time(3))
        return rules.english.isEmpty ? nil : rules
    }

    /// Puts the next version in force; two texts, or none.
    static func add(_ texts: (english: String, french: String)?, by author: UserID?, at now: Timestamp, in transaction: Transaction) throws
    {
        try transaction.execute(
            """
            INSERT INTO site_rules (version, english, french, created_by, created_at)
            SELECT COALESCE(MAX(version), 0) + 1, \(texts?.english ?? ""), \(texts?.french ?? ""), \(author), \(now) FROM site_rules
            """)
    }

    /// Keeps that somebody accepted a version, and when.
    static func accept(_ version: Int64, by user: UserID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO rules_acceptances (user_id, version, accepted_at) VALUES (\(user), \(version), \(now)) ON CONFLICT DO NOTHING
            """)
    }

    /// The version in force, when somebody has not accepted it yet.
    static func waiting(for user: UserID, in transaction: Transaction) throws -> Int64? {
        guard let version = try current(in: transaction)?.version else { return nil }
        let isAccepted = try transaction.row("SELECT 1 FROM rules_acceptances WHERE user_id = \(user) AND version = \(version)") != nil
        return isAccepted ? nil : version
    }

    var json: JSON {
        ["version": .integer(version), "en": .string(english), "fr": .string(french), "updated_at": JSON(createdAt)]
    }
}
