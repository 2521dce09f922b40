internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Roles
internal import Web

/// `GET /users/{id}/profile`
extension ProfilesFeature {
    private static let commonLimit = 20

    func readProfile(_ call: Call) async throws -> Reply {
        let reader = try call.scope.requireUser()
        var query = try call.query
        try query.finish()
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        return try await database.read { [self] transaction in
            let user = try friendships.shownPerson(reference, to: scope, directory: directory, in: transaction)
            let member = try directory.member(user, in: transaction)
            let showsHistory = try scope.can(.usersRead) || friendships.mayReadHistory(of: user, by: reader, in: transaction)
            let common = user == reader ? [] : try friendships.common(reader, user, limit: Self.commonLimit, in: transaction)
            let cards = try cards.cards(of: [user] + common, for: scope, at: now, in: transaction)
            let note = user == reader ? PrivateNote() : try notes.note(by: reader, of: user, in: transaction)
            var counts = JSONObject()
            if showsHistory { for (name, count) in try figures(of: user, in: transaction) { counts.append(name, JSON(count)) } }
            counts.append("friends", JSON(try friendships.count(of: user, in: transaction)))
            var visible: JSONObject = ["friends": true]
            for part in ["history", "favorites", "likes", "ratings", "watchlist"] { visible.append(part, .bool(showsHistory)) }
            let roles = try assignments.roles(of: [user], in: transaction)[user] ?? []
            return .json(
                200,
                [
                    "user": cards[user] ?? .null, "bio": JSON(member.bio), "banner": ["hue": JSON(member.bannerHue)],
                    "roles": .array(
                        roles.map { role in
                            [
                                "id": JSON(role.id), "name": .string(role.name), "color": role.summary["color"] ?? .null,
                            ]
                        }), "joined_at": JSON(member.createdAt), "friends_in_common": .array(common.compactMap { cards[$0] }),
                    "friend_state": .string(try friendships.state(of: user, for: reader, in: transaction).rawValue),
                    "counts": .object(counts), "note": JSON(note.note), "nickname": JSON(note.nickname), "visible": .object(visible),
                ])
        }
    }
}
