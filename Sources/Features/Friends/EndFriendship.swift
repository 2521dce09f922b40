internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `DELETE /friends/{user}`, `PUT` and `DELETE /blocks/{user}`
extension FriendsFeature {
    /// The same again is nothing.
    func removeFriend(_ call: Call) async throws -> Reply {
        try await change(call) { [self] user, other, scope, now, transaction in
            guard let pair = other == user ? nil : UserPair(user, other) else { return }
            try pair.lock(directory, in: transaction)
            if try FriendTable.delete(pair, in: transaction) { tellRemoved(pair, scope: scope, at: now, in: transaction) }
        }
    }

    /// Ends the friendship and open requests. The blocked person gets events of that, not of the block.
    func blockUser(_ call: Call) async throws -> Reply {
        try await change(call) { [self] user, other, scope, now, transaction in
            guard other != user else { throw FriendProblems.blockingYourself }
            let pair = UserPair(user, other)
            try pair.lock(directory, in: transaction)
            guard try !FriendTable.blocks(user, other, in: transaction) else { return }
            guard try FriendTable.countBlocks(of: user, in: transaction) < limits.blocks else {
                throw FriendProblems.tooManyBlocks(limits.blocks)
            }
            _ = try FriendTable.block(user, other, at: now, in: transaction)
            if try FriendTable.delete(pair, in: transaction) { tellRemoved(pair, scope: scope, at: now, in: transaction) }
            try close(pair, by: user, scope: scope, at: now, in: transaction)
            tell(user, "block.changed", ["user_id": JSON(other), "blocked": true], scope: scope, at: now, in: transaction)
            try friendships.note(.blocked, user, of: other, scope: scope, in: transaction)
        }
    }

    /// Gives nothing back.
    func unblockUser(_ call: Call) async throws -> Reply {
        try await change(call) { [self] user, other, scope, now, transaction in
            guard let pair = other == user ? nil : UserPair(user, other) else { return }
            try pair.lock(directory, in: transaction)
            guard try FriendTable.unblock(user, other, in: transaction) else { return }
            tell(user, "block.changed", ["user_id": JSON(other), "blocked": false], scope: scope, at: now, in: transaction)
        }
    }

    private func change(
        _ call: Call, _ body: @escaping @Sendable (UserID, UserID, Scope, Timestamp, Transaction) throws -> Void
    ) async throws -> Reply {
        let user = try call.scope.requireUser()
        let (reference, scope, now) = (call.parameter("user"), call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let other = try directory.resolve(reference, scope: scope, in: transaction)
            try body(user, other, scope, now, transaction)
            return .noContent
        }
    }
}
