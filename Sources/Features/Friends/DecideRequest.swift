internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `POST /friend-requests/{id}/accept | refuse | ignore | cancel`
extension FriendsFeature {
    /// The same answer again is nothing; another one, once it is answered, is refused.
    func decide(_ call: Call, _ wanted: FriendRequest.State) async throws -> Reply {
        let user = try call.scope.requireUser()
        guard let id = RowID(uuid: call.parameter("id")) else { throw Problem.notFound }
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            guard let found = try requests.request(id, in: transaction), found.isVisible(to: user) else { throw Problem.notFound }
            guard user == (wanted == .cancelled ? found.from : found.to) else { throw FriendProblems.notYours }
            try found.pair.lock(directory, in: transaction)
            guard var request = try requests.request(id, in: transaction) else { throw Problem.notFound }
            if request.state != wanted {
                guard request.state.isOpen else { throw FriendProblems.requestClosed }
                request = try settle(request, wanted, scope: scope, at: now, in: transaction)
            }
            return .json(200, try view(request, for: scope, at: now, in: transaction))
        }
    }

    private func settle(
        _ request: FriendRequest, _ wanted: FriendRequest.State, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> FriendRequest {
        if wanted == .accepted { return try accept(request, scope: scope, at: now, in: transaction) }
        let decided = try requests.decide(request, wanted, at: now, in: transaction)
        // The sender of an ignored request gets no event.
        if wanted != .ignored { try tell(request.from, of: decided, scope: scope, at: now, in: transaction) }
        if !request.isHidden {
            try tell(request.to, of: decided, scope: scope, at: now, in: transaction)
            try friendships.note(
                wanted == .cancelled ? .withdrawn : .answered, request.to, of: request.from, scope: scope, in: transaction)
        }
        return decided
    }

    /// Ends what is asked between two people, as a refusal by the one who was asked and as a withdrawal by the one who asked.
    ///
    /// - Parameter user: who ends it.
    func close(_ pair: UserPair, by user: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        guard let open = try requests.openRequest(of: pair, in: transaction) else { return }
        _ = try settle(open, open.from == user ? .cancelled : .refused, scope: scope, at: now, in: transaction)
    }
}
