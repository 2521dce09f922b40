internal import Audit
internal import Bus
package import Database
package import Directory
package import Kernel
internal import Realtime
internal import Roles
internal import Runtime
internal import Sanctions
internal import Web

/// Changes what people chose to show: the one way to it, for every transport and for other features' transactions.
package struct StatusChoices: Sendable {
    let directory: MemberDirectory
    let audit: AuditLog
    let authorizer: Authorizer
    let limiter: RateLimiter
    let budget: RateLimiter.Budget?
    let sanctions: SanctionBook

    /// Writes the choice, its audit entry and its event, in the caller's transaction.
    ///
    /// - Parameters:
    ///   - body: the members of `POST /users/{id}/status`.
    ///   - member: read under the lock of their row, because all that they chose is written back.
    /// - Returns: the person with the new choice.
    /// - Throws: 403 on somebody else without `presence.manage` or of an equal or higher rank, 422 with every fault, 429 for somebody who changes
    ///   their own too often.
    @discardableResult
    package func choose(_ body: JSON, for member: Member, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Member {
        try choose(StatusInput(body, at: now), for: member, scope: scope, at: now, in: transaction)
    }

    func choose(_ input: StatusInput, for member: Member, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Member {
        try requireMayChoose(for: member.id, scope: scope, in: transaction)
        let before = member.presence
        if member.id != scope.userID, before.status == .invisible {
            return try chooseUnseen(input, for: member, scope: scope, at: now, in: transaction)
        }
        guard let after = input.choice(over: before, at: now) else { return member }
        try requireMaySay(after, insteadOf: before, scope: scope, at: now, in: transaction)
        if let budget, member.id == scope.userID { try limiter.spend(RateLimiter.Charge(budget, member.id.uuid)) }
        let isHidden = after.status == .invisible
        try directory.setPresence(member.id, after, at: isHidden ? member.updatedAt : now, in: transaction)
        // That somebody is or was invisible is for them and the owner to know.
        let isPrivate = member.id == scope.userID && (isHidden || before.status == .invisible)
        _ = try audit.record(
            isPrivate ? AuditLog.privateStatus : "status.update", target: (type: "user", id: member.id.uuid),
            payload: Self.difference(before, after), result: .success, scope: scope, in: transaction)
        try tell(member, PresenceEvents.changed(member.id, after), isHidden ? nil : after, scope: scope, at: now, in: transaction)
        var changed = member
        changed.presence = after
        return changed
    }

    /// - Throws: 403 `muted` when a muted person writes a status, their own or another person's.
    private func requireMaySay(
        _ after: ChosenPresence, insteadOf before: ChosenPresence, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        guard let actor = scope.userID, after.says(moreThan: before) else { return }
        try sanctions.requireNotMuted(actor, at: now, in: transaction)
        try sanctions.filters.check(
            [
                ("/status_message", after.message == before.message ? nil : after.message),
                ("/activity_name", after.activityName == before.activityName ? nil : after.activityName),
                ("/activity/details", after.activity?["details"]?.string),
            ], by: actor, scope: scope, in: transaction)
    }

    /// What a manager chooses for somebody invisible: it shows, and is answered, recorded and told, as if they were away.
    private func chooseUnseen(_ input: StatusInput, for member: Member, scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> Member
    {
        let known = member.presence.asOthersKnowIt
        guard let after = input.choice(over: known, at: now) else { return member }
        try requireMaySay(after, insteadOf: known, scope: scope, at: now, in: transaction)
        let isHidden = after.status == .invisible
        var chosen = member.presence
        // The message and the activity are the manager's now, for the person too.
        (chosen.message, chosen.emoji, chosen.messageExpiresAt) = (after.message, after.emoji, after.messageExpiresAt)
        (chosen.activity, chosen.version) = (after.activity, after.version)
        if !isHidden {
            (chosen.frozen, chosen.apparentStatus) = (after.shownMessage, after.status)
            try directory.setShown(member.id, after, in: transaction)
        }
        try directory.setPresence(member.id, chosen, at: isHidden ? member.updatedAt : now, in: transaction)
        _ = try audit.record(
            "status.update", target: (type: "user", id: member.id.uuid), payload: Self.difference(known, after), result: .success,
            scope: scope, in: transaction)
        try tell(
            member, PresenceEvents.changed(member.id, chosen, showing: isHidden ? nil : chosen.frozen), isHidden ? nil : after,
            scope: scope,
            at: now, in: transaction)
        var changed = member
        changed.presence = chosen
        return changed
    }

    /// Tells the person all that was chosen, and everybody else that something was, unless it is hidden.
    ///
    /// - Parameter shown: the choice as others may know it; nil for a hidden one.
    private func tell(
        _ member: Member, _ own: JSONObject, _ shown: ChosenPresence?, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        let names: [(String, JSON)] = [
            ("username", .string(member.username)), ("display_name", .string(member.displayName)), ("actor_user_id", JSON(scope.userID)),
            ("actor", try directory.actor(scope.userID, in: transaction)),
        ]
        func emit(_ topics: [String], _ members: JSONObject) {
            var members = members
            for (name, value) in names { members.append(name, value) }
            transaction.atCommit(
                OutboxEvent(
                    "status.changed", topics: topics, members: members, invalidates: .users([member.id]), requestID: scope.requestID,
                    at: now))
        }
        emit(PresenceEvents.topics(of: member.id), own)
        if let shown { emit(["users"], PresenceEvents.chose(member.id, shown)) }
    }

    /// - Throws: 403 on somebody else without `presence.manage` or of an equal or higher rank.
    func requireMayChoose(for user: UserID, scope: Scope, in transaction: Transaction) throws {
        guard user != scope.userID else { return }
        try scope.require(.presenceManage)
        try authorizer.requireMayManage(scope, target: user, requiring: [.presenceManage], in: transaction)
    }

    /// Forgets when somebody was there: before their row is deleted for good.
    package func erase(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM presence_history WHERE user_id = \(user)")
    }

    /// What changed, before and after.
    private static func difference(_ before: ChosenPresence, _ after: ChosenPresence) -> JSON {
        var old = JSONObject()
        var new = JSONObject()
        func compare(_ name: String, _ left: JSON, _ right: JSON) {
            guard left != right else { return }
            old.append(name, left)
            new.append(name, right)
        }
        compare("status", .string(before.status.rawValue), .string(after.status.rawValue))
        compare("status_message", JSON(before.message), JSON(after.message))
        compare("status_emoji", JSON(before.emoji), JSON(after.emoji))
        compare("status_expires_at", JSON(before.messageExpiresAt), JSON(after.messageExpiresAt))
        compare("activity", before.activity.map(JSON.object) ?? .null, after.activity.map(JSON.object) ?? .null)
        return ["before": .object(old), "after": .object(new)]
    }
}

extension ChosenPresence {
    /// Whether it has a message, emoji or activity that the other choice does not have.
    fileprivate func says(moreThan other: ChosenPresence) -> Bool {
        (message != nil && message != other.message) || (emoji != nil && emoji != other.emoji)
            || (activity != nil && activity != other.activity)
    }
}

extension PresenceFeature {
    /// `POST /users/{id}/status`
    func chooseStatus(_ call: Call) async throws -> Reply {
        let now = call.clock.now()
        let input = try StatusInput(call.body(), at: now)
        let reference = call.parameter("id")
        let scope = call.scope
        return try await call.mutate(database) { [self] transaction in
            let user = try directory.resolve(reference, ownOr: .presenceManage, scope: scope, in: transaction)
            try choices.requireMayChoose(for: user, scope: scope, in: transaction)
            let member = try directory.lockedMember(user, in: transaction)
            let changed = try choices.choose(input, for: member, scope: scope, at: now, in: transaction)
            return .json(200, .object(presence(of: changed, for: scope, at: now)))
        }
    }

    /// `presence.set`: the same choice over the gateway, and whether this device is idle, which is not stored.
    func setPresence(_ call: CommandCall) async throws {
        let now = clock.now()
        let input = try StatusInput(.object(call.body), at: now, allowsIdle: true)
        if let idle = input.idle { service.handle(.idle(call.connection, idle)) }
        guard input.isChoice else { return }
        let user = try call.scope.requireOwn(.write)
        let scope = call.scope
        try await database.write { [self] transaction in
            let member = try directory.lockedMember(user, in: transaction)
            _ = try choices.choose(input, for: member, scope: scope, at: now, in: transaction)
        }
    }

    /// An item of the snapshot, and for the person and for managers what was chosen.
    func presence(of member: Member, for scope: Scope, at now: Timestamp) -> JSONObject {
        var item = PresenceEvents.item(member, reader.view(of: member, for: scope, at: now))
        if let chosen = reader.chosenStatus(of: member, for: scope) {
            item.append("chosen_status", .string(chosen))
            item.append("status_expires_at", JSON(reader.messageEnd(of: member, for: scope)))
        }
        return item
    }
}
