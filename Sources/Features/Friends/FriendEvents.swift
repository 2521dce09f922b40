internal import Bus
internal import Database
internal import Kernel

/// What happens between two people, told to each of them alone.
extension FriendsFeature {
    func tell(_ user: UserID, _ type: String, _ members: JSONObject, scope: Scope, at now: Timestamp, in transaction: Transaction) {
        transaction.atCommit(
            OutboxEvent(type, to: [.users([user])], members: members, requestID: scope.requestID, at: now).sealed(by: cipher))
    }

    /// Tells a person of a request as they may know it.
    func tell(
        _ user: UserID, _ type: String = "friend.request_updated", of request: FriendRequest, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws {
        let seen = try view(request, for: Scope(userID: user), at: now, in: transaction)
        tell(user, type, ["request": seen], scope: scope, at: now, in: transaction)
    }

    /// Tells both that they are friends, each with the other's card.
    func tellFriends(_ request: FriendRequest, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        for user in [request.from, request.to] {
            let other = request.pair.other(than: user)
            let card = try cards.cards(of: [other], for: Scope(userID: user), at: now, in: transaction)[other] ?? .null
            tell(
                user, "friend.accepted",
                ["request_id": JSON(request.id), "user": card, "since": JSON(now), "by": JSON(scope.userID)], scope: scope, at: now,
                in: transaction)
        }
    }

    func tellRemoved(_ pair: UserPair, scope: Scope, at now: Timestamp, in transaction: Transaction) {
        for user in [pair.low, pair.high] {
            tell(user, "friend.removed", ["user_id": JSON(pair.other(than: user))], scope: scope, at: now, in: transaction)
        }
    }

    /// A request as one of its two people may see it.
    func view(_ request: FriendRequest, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> JSON {
        try views([request], for: scope, at: now, in: transaction)[0]
    }

    func views(_ requests: [FriendRequest], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        let people = Set(requests.flatMap { [$0.from, $0.to] })
        let cards = try cards.cards(of: Array(people), for: scope, at: now, in: transaction)
        return requests.map { request in
            let state = scope.userID.map { request.state(for: $0) } ?? request.state
            return [
                "id": JSON(request.id), "from": cards[request.from] ?? .null, "to": cards[request.to] ?? .null,
                "state": .string(state.rawValue), "note": JSON(request.note), "created_at": JSON(request.createdAt),
                // That it was ignored is not for who asked.
                "decided_at": state == .pending ? .null : JSON(request.decidedAt),
            ]
        }
    }
}
