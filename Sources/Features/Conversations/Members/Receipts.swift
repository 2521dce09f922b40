internal import Bus
internal import Database
internal import Directory
internal import Friends
internal import Jobs
internal import Kernel
internal import Web

/// Read receipts: how far each person has read in a direct conversation or a group, for those who may see it.
///
/// A receipt only moves forward, and only while its person shows receipts (`receipts`) and is not invisible. A place that was read while invisible
/// is not shown later; the receipt moves again when the person reads further.
extension ConversationsFeature {
    /// `GET /conversations/{id}/receipts`: the receipts of the other people that the reader may see; none in a channel.
    func listReceipts(_ call: Call) async throws -> Reply {
        var query = try call.query
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        let (reader, reference) = (try await reader(call.scope), call.parameter("id"))
        return try await database.read { transaction in
            let access = try reader.access(reference, in: transaction)
            let others = access.record.isChannel ? [] : try MemberTable.members(of: access.id, in: transaction).filter { $0 != reader.user }
            let visible = try friendships.visibleReceipts(of: others, to: [reader.user], in: transaction)[reader.user] ?? []
            let rows = try transaction.rows(
                """
                SELECT user_id, receipt_seq FROM read_states WHERE conversation_id = \(access.id)
                    AND user_id IN (SELECT value FROM json_each(\(ids: visible.sorted()))) ORDER BY user_id
                """)
            let items = rows.map { Self.receipt($0.id(0), $0.int64(1)) }
            return .page(items, next: nil, total: wantsTotal ? items.count : nil)
        }
    }

    private static func receipt(_ user: UserID, _ seq: Int64) -> JSON { ["user_id": JSON(user), "read_seq": .integer(seq)] }

    /// Moves the reader's receipt: announced at once in a direct conversation, once a second at most in a group.
    ///
    /// Without that pause 50 people who read one message would cost 49 × 49 deliveries.
    func moveReceipt(
        to seq: Int64, in access: ConversationAccess, of reader: ConversationReader, at now: Timestamp, _ transaction: Transaction
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
        guard access.record.kind == .group else {
            return try announceReceipts(in: access.id, requestID: reader.scope.requestID, at: now, transaction)
        }
        let payload: JSON = ["conversation_id": JSON(access.id), "request_id": .string(reader.scope.requestID)]
        try transaction.enqueue(
            Self.receiptsJob, key: access.id.uuid, at: now.adding(milliseconds: Self.receiptPause), payload: payload, on: queue)
    }

    static let receiptsJob = "conversations.receipts"
    /// Milliseconds that the receipts of a group are collected for one event.
    static let receiptPause: Int64 = 1000

    var receiptsKind: JobKind {
        JobKind(transactional: Self.receiptsJob) { job, transaction in
            guard let id = job.payload["conversation_id"]?.string.flatMap({ ConversationID(uuid: $0) }) else { return .done }
            try announceReceipts(in: id, requestID: job.payload["request_id"]?.string ?? "", at: clock.now(), transaction)
            return .done
        }
    }

    /// Sends the receipts that moved since the last event. People who see the same receipts share one event, which may hold their own.
    private func announceReceipts(in conversation: ConversationID, requestID: String, at now: Timestamp, _ transaction: Transaction) throws
    {
        let moved = try transaction.rows(
            """
            UPDATE read_states SET receipt_told_seq = receipt_seq WHERE conversation_id = \(conversation) AND receipt_seq > receipt_told_seq
            RETURNING user_id, receipt_seq
            """
        ).map { (user: $0.id(0, User.self), seq: $0.int64(1)) }.sorted { $0.user < $1.user }
        guard !moved.isEmpty else { return }
        let members = try MemberTable.members(of: conversation, in: transaction)
        let visible = try friendships.visibleReceipts(of: moved.map(\.user), to: members, in: transaction)
        var readers: [Set<UserID>: [UserID]] = [:]
        for (reader, people) in visible where !people.isEmpty {
            let isMoved = moved.contains { $0.user == reader }
            readers[isMoved ? people.union([reader]) : people, default: []].append(reader)
        }
        for (people, readers) in readers.sorted(by: { $0.value.count > $1.value.count }) {
            let receipts = moved.filter { people.contains($0.user) }.map { Self.receipt($0.user, $0.seq) }
            events.tell(
                "receipt.updated", readers.sorted(), ["conversation_id": JSON(conversation), "receipts": .array(receipts)],
                requestID: requestID, at: now, transaction)
        }
    }

    /// Takes back the receipts of a person who stops showing them. They start again at zero when the person shows them again.
    func hideReceipts(_ record: OutboxRecord, in transaction: Transaction) throws {
        guard record.members["privacy"]?["receipts"] == false, let user = record.recipients.first else { return }
        let hidden = try transaction.execute(
            "UPDATE read_states SET receipt_seq = 0, receipt_told_seq = 0 WHERE user_id = \(user) AND receipt_seq > 0")
        guard hidden > 0 else { return }
        let mates: [UserID] = try transaction.rows(
            """
            SELECT DISTINCT others.user_id FROM members AS own JOIN members AS others ON others.conversation_id = own.conversation_id
            WHERE own.user_id = \(user) AND others.user_id <> \(user)
            """
        ).map { $0.id(0) }
        for start in stride(from: 0, to: mates.count, by: Self.recipientsAtMost) {
            let some = Array(mates[start..<min(start + Self.recipientsAtMost, mates.count)])
            events.tell(
                "receipt.hidden", some, ["user_id": JSON(user)], requestID: record.members["request_id"]?.string ?? "", at: clock.now(),
                transaction)
        }
    }

    /// People that one event is sent to.
    private static let recipientsAtMost = 500
}
