internal import Crypto
internal import Database
internal import Kernel

/// The SQL of `message_terms`: keyed hashes of words, never words.
struct TermTable: Sendable {
    let keyring: Keyring

    /// 40 bits; a rare collision of two words gives a false hit.
    func hashes(of terms: some Sequence<String>) -> [Int64] {
        terms.map { term in
            keyring.blindIndex.index(term, column: "message_terms.term").prefix(5).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
    }

    func add(_ content: String, of message: MessageRecord, in transaction: Transaction) throws {
        let hashes = Set(hashes(of: SearchTerms.terms(in: content))).sorted()
        for start in stride(from: 0, to: hashes.count, by: 200) {
            let rows = hashes[start..<min(start + 200, hashes.count)].map { hash -> SQL in
                "(\(hash), \(message.id), \(message.conversation))"
            }
            try transaction.execute(
                """
                INSERT INTO message_terms (term, message_id, conversation_id) VALUES \(sql: SQL.joined(rows, separator: ", "))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Deletes by the words of the message, which are the first column of the index.
    func remove(_ content: String, of message: MessageRecord, in transaction: Transaction) throws {
        let list = JSON.array(hashes(of: SearchTerms.terms(in: content)).map { .integer($0) }).text
        try transaction.execute(
            "DELETE FROM message_terms WHERE term IN (SELECT value FROM json_each(\(list))) AND message_id = \(message.id)")
    }

    /// One page of hits.
    struct Found: Sendable {
        /// The newest first.
        let messages: [MessageID]
        /// Where to go on; nil at the end.
        let next: MessageID?
    }

    /// Hits that are filtered for one page.
    static let candidates = 3000
    /// Up to this number of readable conversations each is searched, which skips all hits elsewhere.
    private static let together = 32

    func find(_ terms: [String], in conversations: [ConversationID], before: MessageID, limit: Int, _ transaction: Transaction) throws
        -> Found
    {
        guard !conversations.isEmpty, !terms.isEmpty else { return Found(messages: [], next: nil) }
        let hashes = try rarestFirst(hashes(of: terms), in: transaction)
        let others = hashes.dropFirst().map { hash -> SQL in
            "AND EXISTS (SELECT 1 FROM message_terms AS other WHERE other.term = \(hash) AND other.message_id = hits.message_id)"
        }
        let filter = SQL.joined(Array(others), separator: " ")
        return conversations.count <= Self.together
            ? try findInEach(hashes[0], filter, conversations, before, limit, transaction)
            : try findInAll(hashes[0], filter, Set(conversations), before, limit, transaction)
    }

    private func findInEach(
        _ hash: Int64, _ filter: SQL, _ conversations: [ConversationID], _ before: MessageID, _ limit: Int, _ transaction: Transaction
    ) throws -> Found {
        let parts = conversations.map { conversation -> SQL in
            """
            SELECT message_id FROM (SELECT hits.message_id FROM message_terms AS hits
                WHERE hits.conversation_id = \(conversation) AND hits.term = \(hash) AND hits.message_id < \(before) \(sql: filter)
                ORDER BY hits.message_id DESC LIMIT \(limit + 1)) AS part
            """
        }
        let rows = try transaction.rows(
            "SELECT message_id FROM (\(sql: SQL.joined(parts, separator: " UNION ALL "))) AS parts ORDER BY message_id DESC LIMIT \(limit + 1)"
        )
        let found = rows.prefix(limit).map { $0.id(0, Message.self) }
        return Found(messages: found, next: rows.count > limit ? found.last : nil)
    }

    private func findInAll(
        _ hash: Int64, _ filter: SQL, _ conversations: Set<ConversationID>, _ before: MessageID, _ limit: Int, _ transaction: Transaction
    ) throws -> Found {
        let rows = try transaction.rows(
            """
            SELECT hits.message_id, hits.conversation_id FROM (SELECT message_id, conversation_id FROM message_terms
                WHERE term = \(hash) AND message_id < \(before) ORDER BY message_id DESC LIMIT \(Self.candidates)) AS hits
            WHERE 1 = 1 \(sql: filter) ORDER BY hits.message_id DESC
            """)
        let readable = rows.filter { conversations.contains($0.id(1)) }.map { $0.id(0, Message.self) }
        if readable.count > limit { return Found(messages: Array(readable.prefix(limit)), next: readable[limit - 1]) }
        let last = try transaction.row(
            """
            SELECT message_id FROM message_terms WHERE term = \(hash) AND message_id < \(before)
            ORDER BY message_id DESC LIMIT 1 OFFSET \(Self.candidates - 1)
            """)
        return Found(messages: readable, next: last?.id(0))
    }

    /// The rarest word first, counted up to 1000.
    private func rarestFirst(_ hashes: [Int64], in transaction: Transaction) throws -> [Int64] {
        guard hashes.count > 1 else { return hashes }
        let counted = try hashes.map { hash in
            (
                hash,
                try transaction.row(
                    "SELECT COUNT(*) FROM (SELECT 1 FROM message_terms WHERE term = \(hash) LIMIT 1000) AS few")?.int(0) ?? 0
            )
        }
        return counted.sorted { $0.1 < $1.1 }.map(\.0)
    }
}
