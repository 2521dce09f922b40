package import Database
package import Kernel

extension FriendsFeature {
    /// Former friends get an event.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        let now = clock.now()
        for friend in try FriendTable.list(of: person, in: transaction) {
            tell(friend, "friend.removed", ["user_id": JSON(person)], scope: Scope(requestID: "erase"), at: now, in: transaction)
        }
        try requests.erase(person, in: transaction)
        try FriendTable.erase(person, in: transaction)
        try PrivacyTable.erase(person, in: transaction)
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let friends = try transaction.rows(
            """
            SELECT high, since FROM friends WHERE low = \(person) UNION ALL SELECT low, since FROM friends WHERE high = \(person)
            """)
        let blocks = try transaction.rows("SELECT blocked_id, since FROM blocks WHERE blocker_id = \(person) ORDER BY blocked_id")
        func people(_ rows: [Row]) -> JSON {
            .array(rows.map { ["user_id": JSON($0.id(0, User.self)), "since": JSON($0.time(1))] })
        }
        let sent = try requests.page("from_id = \(person)", before: RowID(rawValue: .max), limit: 100_000, in: transaction)
        let received = try requests.page(
            "to_id = \(person) AND is_hidden = \(false)", before: RowID(rawValue: .max), limit: 100_000, in: transaction)
        func asked(_ list: [FriendRequest]) -> JSON {
            .array(
                list.map { request in
                    [
                        "from": JSON(request.from), "to": JSON(request.to), "state": .string(request.state(for: person).rawValue),
                        "note": JSON(request.note), "created_at": JSON(request.createdAt),
                    ]
                })
        }
        var part = JSONObject()
        let privacy = try PrivacyTable.settings(of: person, in: transaction)
        if privacy.version > 0 { part.append("privacy", .object(privacy.json)) }
        if !friends.isEmpty { part.append("friends", people(friends)) }
        if !blocks.isEmpty { part.append("blocks", people(blocks)) }
        if !sent.isEmpty { part.append("requests_sent", asked(sent)) }
        if !received.isEmpty { part.append("requests_received", asked(received)) }
        return part
    }
}
