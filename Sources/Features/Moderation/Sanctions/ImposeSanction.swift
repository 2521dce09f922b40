internal import Accounts
internal import Conversations
internal import Database
internal import Directory
internal import Kernel
internal import Sanctions
internal import Web

/// `POST /sanctions` and `DELETE /sanctions/{id}`
extension ModerationFeature {
    func imposeSanction(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let reference = input.string("user_id", length: 1...200, required: true)
        let kind = input.choice("kind", SanctionKind.self, required: true)
        _ = input.choice("scope", SanctionScope.self)
        let order = SanctionOrder(&input, kind: kind ?? .warn)
        let (scope, now) = (call.scope, clock.now())
        // Before the faults of the body: 403 comes first.
        if let kind { try scope.require(kind.permission) }
        try input.finish()
        let person = try input.required(reference)
        return try await call.mutate(database) { [self] transaction in
            let member = try accounts.sanctionable(person, requiring: order.kind.permission, scope: scope, in: transaction)
            let sanction = order.sanction(of: member.id, id: ids.next(), by: scope.userID, at: now)
            try impose(sanction, on: member, scope: scope, in: transaction)
            // Read again: a sanction that a rule added may have replaced it.
            let escalated = try EscalationTable.results(of: sanction.id, in: transaction)
                .compactMap { try SanctionTable.sanction($0, in: transaction) }
            let written = try SanctionTable.sanction(sanction.id, in: transaction) ?? sanction
            let both = try views([written] + escalated, for: scope, at: now, in: transaction)
            var view = both[0]
            view.append("escalation", both.count > 1 ? .object(both[1]) : .null)
            return .json(201, .object(view)).tagged(version: written.version)
        }
    }

    /// Imposes a sanction and ends what it forbids: sessions (in Accounts), memberships (in Conversations).
    ///
    /// - Parameter member: read under the lock of their row.
    func impose(_ sanction: Sanction, on member: Member, scope: Scope, in transaction: Transaction) throws {
        try accounts.impose(sanction, on: member, scope: scope, in: transaction)
        if sanction.kind == .kick {
            try conversations.dismiss(member.id, scope: scope, at: sanction.issuedAt, in: transaction)
        }
    }

    /// A sanction that the caller may end, read under the lock of its person's row.
    ///
    /// - Throws: 404; 403 as for imposing one.
    func sanctionToEnd(_ id: SanctionID, _ scope: Scope, in transaction: Transaction) throws -> (Sanction, Member) {
        guard let found = try SanctionTable.sanction(id, in: transaction) else { throw Problem.notFound }
        let member = try accounts.sanctionable(found.user.uuid, requiring: found.kind.permission, scope: scope, in: transaction)
        guard let sanction = try SanctionTable.sanction(id, in: transaction) else { throw Problem.notFound }
        return (sanction, member)
    }

    func liftSanction(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("reason", length: 1...SanctionLimits.reason, required: true)
        try input.finish()
        let reason = try input.required(given)
        let (scope, now, id) = (call.scope, clock.now(), SanctionID(uuid: call.parameter("id")))
        return try await call.mutate(database) { [self] transaction in
            guard let id else { throw Problem.notFound }
            let (sanction, member) = try sanctionToEnd(id, scope, in: transaction)
            try call.checkIfMatch(version: sanction.version)
            if sanction.endedAt == nil {
                guard sanction.kind != .kick else { throw ModerationProblems.kickIsOver }
                try accounts.end(sanction, of: member, .lifted, note: reason, scope: scope, at: now, in: transaction)
            }
            guard let ended = try SanctionTable.sanction(id, in: transaction) else { throw Problem.notFound }
            let view = try views([ended], for: scope, at: now, in: transaction)[0]
            return .json(200, .object(view)).tagged(version: ended.version)
        }
    }
}

/// Where a sanction applies.
enum SanctionScope: String, Sendable, CaseIterable { case site }
