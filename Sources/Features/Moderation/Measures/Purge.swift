internal import Accounts
internal import Audit
internal import Conversations
internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Roles
internal import Sanctions
internal import Web

enum PurgeEntity {}
typealias PurgeID = ID<PurgeEntity>

/// `GET` and `POST /moderation/purges`, `DELETE /moderation/purges/{id}`: hides what somebody wrote in channels within a time, and shows it again.
extension ModerationFeature {
    /// Messages of one purge.
    static let purged = 500

    private static let columns: SQL = "id, user_id, actor_id, from_at, to_at, created_at, count, undone_at"

    func listPurges(_ call: Call) async throws -> Reply {
        var query = try call.query
        let reference = query.string("user")
        try query.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            let person: SQL =
                try reference.map { "user_id = \(try directory.resolve($0, scope: scope, includingDeleted: true, in: transaction))" }
                ?? "1 = 1"
            // As with cases: nobody reads who acted against themselves, or against people who do not rank below them.
            let hidden = try roles.assignments.notBelow(scope, in: transaction)
            let rows = try transaction.rows(
                """
                SELECT \(sql: Self.columns) FROM purges WHERE \(sql: person) AND user_id NOT IN (\(sql: hidden)) ORDER BY id DESC LIMIT 50
                """)
            return .json(200, ["items": .array(try views(of: rows, for: scope, at: now, in: transaction).map { .object($0) })])
        }
    }

    private func views(of rows: [Row], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSONObject] {
        let people = rows.flatMap { row -> [UserID] in [row.id(1)] + [row.optionalID(2)].compactMap { $0 } }
        let cards = try cards.cards(of: Array(Set(people)), for: scope, at: now, in: transaction)
        return rows.map { row in
            [
                "id": JSON(row.id(0, PurgeEntity.self)), "user": cards[row.id(1)] ?? .null,
                "actor": row.optionalID(2).flatMap { cards[$0] } ?? .null, "from": JSON(row.time(3)), "to": JSON(row.time(4)),
                "created_at": JSON(row.time(5)), "count": .integer(row.int64(6)), "undone_at": JSON(row.optionalTime(7)),
            ]
        }
    }

    func purge(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let reference = input.string("user_id", length: 1...200, required: true)
        let from = input.time("from", required: true)
        let to = input.time("to")
        try input.finish()
        let (scope, now) = (call.scope, clock.now())
        let (person, start, end) = (try input.required(reference), try input.required(from), to ?? now)
        return try await call.mutate(database) { [self] transaction in
            let member = try accounts.sanctionable(person, requiring: .chatModerate, scope: scope, in: transaction)
            let id: PurgeID = ids.next()
            let written = try conversations.written(
                by: member.id, from: start, to: end, limit: Self.purged + 1, for: scope, in: transaction)
            var count: Int64 = 0
            for message in written.prefix(Self.purged) {
                guard try conversations.hide(message, by: scope.userID, scope: scope, at: now, in: transaction) else { continue }
                count += 1
                try transaction.execute("INSERT INTO purge_messages (purge_id, message_id) VALUES (\(id), \(message))")
            }
            try transaction.execute(
                """
                INSERT INTO purges (id, user_id, actor_id, from_at, to_at, created_at, count)
                VALUES (\(id), \(member.id), \(scope.userID), \(start), \(end), \(now), \(count))
                """)
            try audit.record(
                "message.purge", target: ("user", member.id.uuid),
                payload: ["purge_id": JSON(id), "from": JSON(start), "to": JSON(end), "count": .integer(count)], result: .success,
                scope: scope, in: transaction)
            return try reply(201, id, more: written.count > Self.purged, scope, at: now, in: transaction)
        }
    }

    private func reply(_ status: Int, _ id: PurgeID, more: Bool, _ scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> Reply
    {
        guard let row = try transaction.row("SELECT \(sql: Self.columns) FROM purges WHERE id = \(id)"),
            var view = try views(of: [row], for: scope, at: now, in: transaction).first
        else { throw Problem.notFound }
        view.append("more", .bool(more))
        return .json(status, .object(view))
    }

    /// Shows exactly those messages again. Repeating the request changes nothing.
    func undoPurge(_ call: Call) async throws -> Reply {
        let (scope, now, id) = (call.scope, clock.now(), PurgeID(uuid: call.parameter("id")))
        return try await call.mutate(database) { [self] transaction in
            let lock: SQL = transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
            guard let id, let row = try transaction.row("SELECT user_id, undone_at FROM purges WHERE id = \(id) \(sql: lock)") else {
                throw Problem.notFound
            }
            if row.isNull(1) {
                let user: UserID = row.id(0)
                _ = try accounts.sanctionable(user.uuid, requiring: .chatModerate, scope: scope, in: transaction)
                for row in try transaction.rows("SELECT message_id FROM purge_messages WHERE purge_id = \(id) ORDER BY message_id") {
                    _ = try conversations.unhide(row.id(0), scope: scope, at: now, in: transaction)
                }
                try transaction.execute("UPDATE purges SET undone_at = \(now) WHERE id = \(id)")
                try audit.record(
                    "message.unpurge", target: ("user", user.uuid), payload: ["purge_id": JSON(id)], result: .success, scope: scope,
                    in: transaction)
            }
            return try reply(200, id, more: false, scope, at: now, in: transaction)
        }
    }
}
