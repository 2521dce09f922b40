package import Database
internal import Kernel

/// A title that was added, removed or changed. Changes are numbered just before COMMIT, under a lock that is held until then, as names are
/// (docs/decisions/0022).
///
/// All transactions that change titles share one row, the head. They wait for each other at the head of the outbox anyway, which is written before:
/// here each adds two statements to that wait.
package struct MediaChange: DeferredWrite {
    let title: MediaID

    /// How many are kept at least. An index that is further behind reads all titles again.
    static let kept: Int64 = 10_000
    /// Older ones are deleted when the numbers pass a multiple of this, not with each change.
    private static let perSweep: Int64 = 500

    /// After the outbox and the names, so that this lock is held for the shortest time.
    package static var order: Int { 3 }

    /// Has the index in memory read a title again once this transaction is committed.
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
        if last / perSweep != (last - Int64(titles.count)) / perSweep {
            try transaction.execute("DELETE FROM media_changes WHERE number <= \(last - kept)")
        }
    }

    /// Has every index in memory read all titles again.
    static func noteAll(in transaction: Transaction) throws {
        try transaction.execute("UPDATE media_changes_head SET number = number + \(kept + 1) WHERE id = 1")
    }

    /// The number of the last change that the transaction sees.
    static func head(in transaction: Transaction) throws -> Int64 {
        guard let row = try transaction.row("SELECT number FROM media_changes_head WHERE id = 1") else {
            throw DatabaseError.other(code: 0, message: "media_changes_head has lost its row")
        }
        return row.int64(0)
    }
}
