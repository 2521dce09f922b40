internal import Bus
internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Web

/// How far people have read, as they let the others see it: in direct conversations and groups.
///
/// A receipt only moves on, while one shows it (`receipts`) and is not invisible: what is read unseen stays so until one reads on.
extension ConversationsFeature {
    /// `GET /conversations/{id}/receipts`: of the others who show theirs, if one shows one's own; of a channel none.
    func listReceipts(_ call: Call) async throws -> Reply {
        var query = try call.query
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        let (reader, reference) = (try await reader(call.scope), call.parameter("id"))
        return try await database.read { transaction in
            let access = try reader.access(reference, in: transaction)
            let mates = try receiptMates(of: reader.user, in: access.record, transaction)
            let rows = try transaction.rows(
                """
                SELECT user_id, receipt_seq FROM read_states
                WHERE conversation_id = \(access.id) AND user_id IN (SELECT value FROM json_each(\(ids: mates))) ORDER BY user_id
                """)
            let items = rows.map { row -> JSON in ["user_id": JSON(row.id(0, User.self)), "read_seq": .integer(row.int64(1))] }
            return .page(items, next: nil, total: wantsTotal ? items.count : nil)
        }
    }

    private func receiptMates(of user: UserID, in record: ConversationRecord, _ transaction: Transaction) throws -> [UserID] {
        guard !record.isChannel else { return [] }
        let others = try MemberTable.members(of: record.id, in: transaction).filter { $0 != user }
        return try friendships.receiptMates(of: user, among: others, in: transaction).sorted()
    }

    /// Lets the others see that one has read up to a place.
    func tellReceipt(
        _ seq: Int64, in access: ConversationAccess, of reader: ConversationReader, at now: Timestamp, _ transaction: Transaction
    ) throws {
        guard !access.record.isChannel, seq > 0 else { return }
        let isShown = try friendships.privacy(of: reader.user, in: transaction).receipts
        guard isShown, try directory.member(reader.user, in: transaction).presence.status != .invisible else { return }
        let isMoved = try transaction.execute(
            """
            UPDATE read_states SET receipt_seq = \(seq)
            WHERE user_id = \(reader.user) AND conversation_id = \(access.id) AND receipt_seq < \(seq)
            """)
        guard isMoved == 1 else { return }
        let receipt: JSONObject = ["conversation_id": JSON(access.id), "user_id": JSON(reader.user), "read_seq": .integer(seq)]
        let mates = try receiptMates(of: reader.user, in: access.record, transaction)
        events.tell("receipt.updated", mates, receipt, requestID: reader.scope.requestID, at: now, transaction)
    }

    /// Whoever hides their receipts takes back those that the others have: they begin anew when they are shown again.
    func forgetReceipts(_ record: OutboxRecord, in transaction: Transaction) throws {
        guard record.members["privacy"]?["receipts"] == false, let user = record.recipients.first else { return }
        let hidden = try transaction.execute("UPDATE read_states SET receipt_seq = 0 WHERE user_id = \(user) AND receipt_seq > 0")
        guard hidden > 0 else { return }
        let mates: [UserID] = try transaction.rows(
            """
            SELECT DISTINCT others.user_id FROM members AS own JOIN members AS others ON others.conversation_id = own.conversation_id
            WHERE own.user_id = \(user) AND others.user_id <> \(user)
            """
        ).map { $0.id(0) }
        for start in stride(from: 0, to: mates.count, by: Self.toldAtOnce) {
            let some = Array(mates[start..<min(start + Self.toldAtOnce, mates.count)])
            events.tell(
                "receipt.hidden", some, ["user_id": JSON(user)], requestID: record.members["request_id"]?.string ?? "", at: clock.now(),
                transaction)
        }
    }

    /// People of one event.
    private static let toldAtOnce = 500
}
