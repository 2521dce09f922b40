internal import Database
internal import Kernel

/// Somebody came, went for good, or has another name: numbered just before COMMIT under a lock held until then, so that who reads "after N" misses none.
struct NameChange: DeferredWrite {
    let users: [UserID]

    init(user: UserID) { users = [user] }

    init(users: [UserID]) { self.users = users }

    /// How many are kept: who is further behind reads everybody's name anew.
    static let kept: Int64 = 10_000

    /// Behind the audit, the outbox and the revocations, so that its lock is held the shortest.
    static var order: Int { 2 }

    static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws {
        let users = writes.flatMap { ($0 as? NameChange)?.users ?? [] }
        let count = Int64(users.count)
        guard
            let head = try transaction.row("UPDATE name_changes_head SET number = number + \(count) WHERE id = 1 RETURNING number")
        else { throw DatabaseError.other(code: 0, message: "name_changes_head has lost its row") }
        let last = head.int64(0)
        // A reader that is further behind reads all names anew.
        let shown = users.suffix(Int(kept))
        var batch = RowBatch("INSERT INTO name_changes (number, user_id) VALUES ", in: transaction)
        for (place, user) in shown.enumerated() { try batch.add("(\(last - Int64(shown.count - place - 1)), \(user))") }
        try batch.finish()
        try transaction.execute("DELETE FROM name_changes WHERE number <= \(last - kept)")
    }

    /// The number of the last one that the transaction sees.
    static func head(in transaction: Transaction) throws -> Int64 {
        guard let row = try transaction.row("SELECT number FROM name_changes_head WHERE id = 1") else {
            throw DatabaseError.other(code: 0, message: "name_changes_head has lost its row")
        }
        return row.int64(0)
    }
}
