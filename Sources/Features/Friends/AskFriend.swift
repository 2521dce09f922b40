internal import Database
internal import Directory
internal import Kernel
internal import Sanctions
internal import Web

/// `POST /friend-requests`
extension FriendsFeature {
    func askFriend(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        var input = try Input(try call.body())
        let to = input.string("to", length: 1...200, required: true)
        let note = input.string("note", length: 0...FriendShapes.noteLength)
        try input.finish()
        let reference = try input.required(to)
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let other = try directory.resolve(reference, scope: scope, in: transaction)
            guard other != user else { throw FriendProblems.yourself }
            let pair = UserPair(user, other)
            try pair.lock(directory, in: transaction)
            guard try FriendTable.since(pair, in: transaction) == nil else { throw FriendProblems.alreadyFriends }
            if try FriendTable.blocks(user, other, in: transaction) { throw FriendProblems.blockedByYou }
            if let open = try requests.openRequest(of: pair, in: transaction) {
                // A request to somebody whose own request is open accepts that one.
                let request = open.from == user ? open : try accept(open, scope: scope, at: now, in: transaction)
                return .json(200, try view(request, for: scope, at: now, in: transaction))
            }
            let request = try ask(other, note: note, by: user, scope: scope, at: now, in: transaction)
            return .json(201, try view(request, for: scope, at: now, in: transaction))
        }
    }

    private func ask(
        _ other: UserID, note: String?, by user: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> FriendRequest {
        let pair = UserPair(user, other)
        if let note, !note.isEmpty {
            try sanctions.requireNotMuted(user, at: now, in: transaction)
            try sanctions.filters.check([("/note", note)], by: user, scope: scope, in: transaction)
        }
        // Before the block is looked at, so that a block and this switch refuse alike.
        switch try PrivacyTable.settings(of: other, in: transaction).befriend {
        case .everyone: break
        case .friendsOfFriends: guard try FriendTable.haveCommon(pair, in: transaction) else { throw FriendProblems.notAllowed }
        case .nobody: throw FriendProblems.notAllowed
        }
        try checkLimits(of: user, at: now, in: transaction)
        let isHidden =
            try FriendTable.blocks(other, user, in: transaction)
            || requests.refusals(from: user, to: other, in: transaction) >= limits.refusals
        let request = FriendRequest(
            id: ids.next(), from: user, to: other, state: .pending, isHidden: isHidden, note: note.flatMap { $0.isEmpty ? nil : $0 },
            createdAt: now)
        try requests.insert(request, in: transaction)
        if !isHidden {
            try tell(other, "friend.requested", of: request, scope: scope, at: now, in: transaction)
            try friendships.note(.requested, other, of: user, scope: scope, in: transaction)
        }
        try tell(user, of: request, scope: scope, at: now, in: transaction)
        return request
    }

    /// - Throws: 409 with too many friends, 429 with too many requests.
    private func checkLimits(of user: UserID, at now: Timestamp, in transaction: Transaction) throws {
        guard try FriendTable.count(of: user, in: transaction) < limits.friends else {
            throw FriendProblems.tooManyFriends(limits.friends, isOwn: true)
        }
        if let pending = limits.pending, try FriendRequestTable.count(FriendRequestTable.sent(by: user), in: transaction) >= pending {
            throw FriendProblems.tooManyPending(pending, retryAfter: 3600)
        }
        guard let daily = limits.daily else { return }
        let day: Int64 = 86_400_000
        let sent = try requests.sent(by: user, since: now.adding(milliseconds: -day), limit: daily, in: transaction)
        guard sent.count >= daily, let first = sent.first else { return }
        let wait = first.milliseconds + day - now.milliseconds
        throw FriendProblems.tooManyToday(daily, retryAfter: max(1, Int((wait + 999) / 1000)))
    }

    /// Makes friends of both: the one way to a friendship, under the lock of the pair.
    ///
    /// - Throws: 409 when one of them has too many friends.
    func accept(_ request: FriendRequest, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> FriendRequest {
        for user in [request.from, request.to] {
            guard try FriendTable.count(of: user, in: transaction) < limits.friends else {
                throw FriendProblems.tooManyFriends(limits.friends, isOwn: user == scope.userID)
            }
        }
        let accepted = try requests.decide(request, .accepted, at: now, in: transaction)
        try requests.forgetRefusals(of: request.pair, in: transaction)
        try FriendTable.insert(request.pair, at: now, in: transaction)
        try tellFriends(accepted, scope: scope, at: now, in: transaction)
        try friendships.note(.answered, request.to, of: request.from, scope: scope, in: transaction)
        try friendships.note(.accepted, request.from, of: request.to, scope: scope, in: transaction)
        return accepted
    }
}
