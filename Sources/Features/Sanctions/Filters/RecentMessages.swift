package import Database
package import Kernel

/// What one person sent lately, for the filters of repeats and rate.
package struct RecentMessages: Sendable {
    struct Sent: Sendable {
        let at: Timestamp
        let digest: Int64
    }

    /// No filter allows more messages than this.
    static let remembered = Int(TextFilter.Limits.count.upperBound)

    private var sent: [Sent]

    package init() { sent = [] }

    init(_ sent: [Sent]) { self.sent = sent }

    /// - Parameter digest: of the text, from `FilterBook.digest(of:)`.
    package mutating func add(_ digest: Int64, at now: Timestamp) {
        sent.append(Sent(at: now, digest: digest))
        if sent.count > Self.remembered { sent.removeFirst() }
    }

    /// How many messages were sent within some seconds; with a digest, those of the same text.
    func count(_ digest: Int64? = nil, within seconds: Int64, at now: Timestamp) -> Int64 {
        let first = now.adding(seconds: -seconds)
        return Int64(sent.count { $0.at > first && (digest == nil || $0.digest == digest) })
    }
}

/// The SQL of `recent_messages`: who sent which text when, as keyed hashes, so that all nodes count together.
package enum RecentMessageTable {
    static func insert(_ digest: Int64, by author: UserID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("INSERT INTO recent_messages (author_id, at, digest) VALUES (\(author), \(now), \(digest))")
    }

    /// The last messages of a person after a time.
    static func sent(by author: UserID, after first: Timestamp, in transaction: Transaction) throws -> RecentMessages {
        let rows = try transaction.rows(
            """
            SELECT at, digest FROM recent_messages WHERE author_id = \(author) AND at > \(first)
            ORDER BY at DESC LIMIT \(RecentMessages.remembered)
            """)
        return RecentMessages(rows.reversed().map { RecentMessages.Sent(at: $0.time(0), digest: $0.int64(1)) })
    }

    /// When a person sent the last one.
    static func last(of author: UserID, in transaction: Transaction) throws -> Timestamp? {
        try transaction.row("SELECT at FROM recent_messages WHERE author_id = \(author) ORDER BY at DESC LIMIT 1")?.time(0)
    }

    /// How many other people who joined after a time sent the same text after another time; counts up to the limit.
    static func authors(
        of digest: Int64, besides author: UserID, joinedAfter joined: Timestamp, sentAfter first: Timestamp, limit: Int64,
        in transaction: Transaction
    ) throws -> Int64 {
        let row = try transaction.row(
            """
            SELECT COUNT(*) FROM (SELECT DISTINCT author_id FROM recent_messages WHERE digest = \(digest) AND at > \(first)
                AND author_id >= \(Snowflake.first(at: joined)) AND author_id <> \(author) LIMIT \(limit)) AS others
            """)
        return row?.int64(0) ?? 0
    }

    package static func erase(_ author: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM recent_messages WHERE author_id = \(author)")
    }

    /// Deletes what no filter can count any more.
    package static func sweep(at now: Timestamp, in transaction: Transaction) throws {
        let limit = now.adding(seconds: -TextFilter.Limits.within.upperBound)
        try transaction.execute("DELETE FROM recent_messages WHERE at < \(limit)")
    }
}

/// The messages that filters and raid mode count.
let recentMessageMigrations = [
    Migration(
        "recent_messages",
        [
            "CREATE TABLE recent_messages (author_id BIGINT NOT NULL, at BIGINT NOT NULL, digest BIGINT NOT NULL)",
            "CREATE INDEX recent_messages_author ON recent_messages (author_id, at)",
            "CREATE INDEX recent_messages_digest ON recent_messages (digest, at, author_id)",
            "CREATE INDEX recent_messages_at ON recent_messages (at)",
        ])
]
