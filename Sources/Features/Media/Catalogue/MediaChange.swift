package import Database
internal import Kernel

/// A title came, went, or is shown otherwise: numbered just before COMMIT under a lock held until then, as names are (docs/decisions/0022).
package struct MediaChange: DeferredWrite {
    let title: MediaID

    /// How many are kept: who is further behind reads all titles anew.
    static let kept: Int64 = 10_000

    /// Behind the names, so that its lock is held the shortest.
    package static var order: Int { 3 }

    /// Tells the search in memory of a change of this transaction.
    package static func note(_ title: MediaID, in transaction: Transaction) { transaction.atCommit(MediaChange(title: title)) }

    package static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws {
        let titles = Set(writes.compactMap { ($0 as? MediaChange)?.title }).sorted()
        guard
            let head = try transaction.row(
                "UPDATE media_changes_head SET number = number + \(titles.count) WHERE id = 1 RETURNING number")
        else { throw DatabaseError.other(code: 0, message: "media_changes_head has lost its row") }
        let last = head.int64(0)
        var batch = RowBatch("INSERT INTO media_changes (number, media_id) VALUES ", in: transaction)
        for (place, title) in titles.enumerated() {
            try batch.add("(\(last - Int64(titles.count - 1 - place)), \(title))")
        }
        try batch.finish()
        try transaction.execute("DELETE FROM media_changes WHERE number <= \(last - kept)")
    }

    /// All titles at once: every search in memory reads them anew.
    static func noteAll(in transaction: Transaction) throws {
        try transaction.execute("UPDATE media_changes_head SET number = number + \(kept + 1) WHERE id = 1")
    }

    /// The number of the last one that the transaction sees.
    static func head(in transaction: Transaction) throws -> Int64 {
        guard let row = try transaction.row("SELECT number FROM media_changes_head WHERE id = 1") else {
            throw DatabaseError.other(code: 0, message: "media_changes_head has lost its row")
        }
        return row.int64(0)
    }
}

/// Rows of one table that are inserted many at a time.
struct RowBatch {
    private let head: SQL
    private let tail: SQL
    private let transaction: Transaction
    private var rows: [SQL] = []

    /// As many rows as one statement has; their parameters stay far below what either database takes.
    private static let size = 200

    init(_ head: SQL, _ tail: SQL = "", in transaction: Transaction) {
        (self.head, self.tail, self.transaction) = (head, tail, transaction)
    }

    /// - Parameter row: in brackets.
    mutating func add(_ row: SQL) throws {
        rows.append(row)
        if rows.count == Self.size { try finish() }
    }

    mutating func finish() throws {
        guard !rows.isEmpty else { return }
        try transaction.execute("\(sql: head)\(sql: SQL.joined(rows, separator: ", "))\(sql: tail)")
        rows = []
    }
}
