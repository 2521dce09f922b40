internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// `POST /users/{id}/disable` and `POST /users/{id}/enable`
extension AccountsFeature {
    /// Ends every session and lets nobody in until it is enabled again; roles and everything else stay.
    func disableUser(_ call: Call) async throws -> Reply { try await setDisabled(true, call) }

    func enableUser(_ call: Call) async throws -> Reply { try await setDisabled(false, call) }

    private func setDisabled(_ isDisabled: Bool, _ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let reason = input.string("reason", length: 0...500)
        try input.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await manage(call, isDisabled ? .disable : .enable, requiring: .usersDisable) { [self] member, transaction in
            _ = try setDisabled(isDisabled, member, reason: reason, scope: scope, at: now, in: transaction)
            return try reply(member.id, scope, transaction)
        }
    }

    /// - Returns: false when it was so already.
    func setDisabled(
        _ isDisabled: Bool, _ member: Member, reason: String?, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> Bool {
        guard member.isDisabled != isDisabled else { return false }
        if isDisabled { try authorizer.requireNotLastOwner(member.id, in: transaction) }
        var changed = member
        changed.isDisabled = isDisabled
        guard try directory.update(changed, at: now, in: transaction) else { throw Problem.stale }
        changed.version += 1
        try record(
            isDisabled ? "user.disable" : "user.enable", on: member.id,
            payload: [
                "before": ["is_disabled": .bool(member.isDisabled)], "after": ["is_disabled": .bool(isDisabled)],
                "reason": JSON(reason),
            ],
            scope: scope, in: transaction)
        try announce(isDisabled ? "user.disabled" : "user.enabled", changed, scope: scope, at: now, in: transaction)
        if isDisabled { try endEverything(of: member.id, .disabled, at: now, in: transaction) }
        return true
    }
}
