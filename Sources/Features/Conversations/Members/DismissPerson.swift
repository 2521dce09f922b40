package import Database
package import Kernel

extension ConversationsFeature {
    /// Removes a kicked person from the groups and channels that they joined. Their messages, direct conversations and roles stay.
    package func dismiss(_ person: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        let groups = try transaction.rows(
            """
            SELECT \(sql: ConversationRecord.columns) FROM conversations WHERE kind = 'group' AND deleted_at IS NULL
                AND id IN (SELECT conversation_id FROM members WHERE user_id = \(person)) ORDER BY id
            """
        ).map { ConversationRecord($0) }
        for group in groups {
            // Locked in the order of ids, against deadlocks, and read again under the lock.
            let lock: SQL = transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
            let row = try transaction.row(
                "SELECT \(sql: ConversationRecord.columns) FROM conversations WHERE id = \(group.id) AND deleted_at IS NULL \(sql: lock)")
            if let record = row.map({ ConversationRecord($0) }) {
                try remove(person, from: record, scope: scope, at: now, in: transaction)
            }
        }
        try transaction.execute(
            """
            DELETE FROM read_states WHERE user_id = \(person)
                AND conversation_id IN (SELECT id FROM conversations WHERE kind = 'channel')
            """)
    }
}
