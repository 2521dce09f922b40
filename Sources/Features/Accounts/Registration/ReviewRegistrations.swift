internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Runtime
internal import Web

/// `GET /registrations`, `POST /registrations/{id}/approve` and `POST /registrations/{id}/refuse`
extension AccountsFeature {
    /// Those who wait for the team, the oldest first; with `?state=` those whose address has not answered, or who were refused.
    func listRegistrations(_ call: Call) async throws -> Reply {
        var query = try call.query
        let state = query.choice("state", RegistrationRecord.State.self) ?? .pending
        let page = query.page()
        try query.finish()
        let after = try page.key { $0.string.flatMap { RegistrationID(uuid: $0) } }
        let scope = call.scope
        return try await database.read { [self] transaction in
            let records = try applicants.page(state, after: after, limit: page.limit + 1, in: transaction)
            let shown = records.prefix(page.limit)
            let next = records.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil
            let total = page.wantsTotal ? try applicants.count(state, in: transaction) : nil
            return .page(shown.map { view($0, scope) }, next: next, total: total)
        }
    }

    /// Makes a member of somebody who waits, and tells them.
    func approveRegistration(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let reason = input.string("reason", length: 0...500)
        try input.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await decide(call, changesRights: true) { [self] record, transaction in
            let member = try admit(
                record, action: "registration.approve", extra: reason.map { ["reason": .string($0)] } ?? [:], scope: scope,
                at: now,
                in: transaction)
            if let address = self.email(of: member) {
                try post(.approved(policy.publicURL ?? ""), record.locale, to: address, in: transaction)
            }
            return .json(200, try views([member], scope: scope, in: transaction)[0])
        }
    }

    /// Says no, and why; the name is free again, and the person may ask again.
    func refuseRegistration(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("reason", length: 1...500, required: true)
        try input.finish()
        let (reason, scope, now) = (try input.required(given), call.scope, clock.now())
        return try await decide(call, changesRights: false) { [self] record, transaction in
            var refused = record
            (refused.state, refused.decidedBy, refused.decidedAt, refused.reason) = (.refused, scope.userID, now, reason)
            refused.expiresAt = now.adding(seconds: RegistrationStore.memory)
            if let invitation = record.invitationID { try invitations.giveBack(invitation, in: transaction) }
            try applicants.update(refused, in: transaction)
            try self.record(
                "registration.refuse", target: ("registration", record.id.uuid),
                payload: ["before": ["username": .string(record.username)], "after": nil, "reason": .string(reason)], scope: scope,
                in: transaction)
            if let address = email(of: record) { try post(.refused(reason), record.locale, to: address, in: transaction) }
            announce(refused.id, refused.state.rawValue, scope: scope, at: now, in: transaction)
            return .json(200, view(refused, scope))
        }
    }

    /// One decision about somebody who waits.
    ///
    /// - Throws: 404, also when another reviewer was first.
    private func decide(
        _ call: Call, changesRights: Bool, _ act: @escaping @Sendable (RegistrationRecord, Transaction) throws -> Reply
    ) async throws -> Reply {
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await call.mutate(database) { [self] transaction in
            if changesRights { try lockRights(in: transaction) }
            guard try can(scope.userID, .registrationsReview, in: transaction) else { throw Problem.forbidden(.registrationsReview) }
            guard let id = RegistrationID(uuid: reference), let record = try applicants.locked(id, in: transaction),
                record.state == .pending
            else { throw Problem.notFound }
            return try act(record, transaction)
        }
    }

    private func email(of record: RegistrationRecord) -> String? {
        do {
            return try keyring.fields.openText(record.emailCipher, column: Self.registrationEmail, id: record.id.rawValue)
        } catch {
            log.error("an e-mail address cannot be decrypted", [("registration_id", JSON(record.id)), ("cause", .string("\(error)"))])
            return nil
        }
    }

    private func view(_ record: RegistrationRecord, _ scope: Scope) -> JSON {
        [
            "id": JSON(record.id), "username": .string(record.username), "display_name": .string(record.displayName ?? record.username),
            "email": scope.can(.usersEmail) ? JSON(email(of: record)) : .null, "locale": .string(record.locale.rawValue),
            "state": .string(record.state.rawValue), "message": JSON(record.message), "invitation_id": JSON(record.invitationID),
            "rules_version": JSON(record.rulesVersion), "created_at": JSON(record.createdAt), "email_verified_at": JSON(record.verifiedAt),
            "decided_by": JSON(record.decidedBy), "decided_at": JSON(record.decidedAt), "reason": JSON(record.reason),
        ]
    }
}
