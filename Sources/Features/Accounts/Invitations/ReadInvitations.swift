internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// `GET /invitations`, `GET /invitations/{id}`, `DELETE /invitations/{id}` and `POST /auth/invitation`
extension AccountsFeature {
    /// All of them, the newest first; with `?state=` only the active, used, expired or revoked ones.
    func listInvitations(_ call: Call) async throws -> Reply {
        var query = try call.query
        let state = query.choice("state", InvitationRecord.State.self)
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { InvitationID(uuid: $0) } }
        let now = clock.now()
        let condition = Self.condition(state, at: now)
        return try await database.read { [self] transaction in
            let records = try invitations.page(condition, before: before, limit: page.limit + 1, in: transaction)
            let shown = records.prefix(page.limit)
            let next = records.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil
            let total = page.wantsTotal ? try invitations.count(condition, in: transaction) : nil
            return .page(try view(Array(shown), at: now, in: transaction), next: next, total: total)
        }
    }

    func readInvitation(_ call: Call) async throws -> Reply {
        let (reference, now) = (call.parameter("id"), clock.now())
        return try await database.read { [self] transaction in
            .json(200, try view([try invitation(reference, in: transaction)], at: now, in: transaction)[0])
        }
    }

    /// Nobody comes in by it from now on; whoever did stays. Twice is the same as once.
    func revokeInvitation(_ call: Call) async throws -> Reply {
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let record = try invitation(reference, in: transaction)
            guard try invitations.revoke(record.id, at: now, in: transaction) else { return .noContent }
            try self.record(
                "invitation.revoke", target: ("invitation", record.id.uuid), payload: ["before": record.audited, "after": nil],
                scope: scope, in: transaction)
            return .noContent
        }
    }

    /// What whoever holds a link may know of it: who invites, and to which roles.
    func previewInvitation(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        var input = try Input(try call.body())
        let given = input.string("token", length: 1...200, required: true)
        try input.finish()
        let token = try input.required(given)
        return try await database.read { [self] transaction in
            let record = try usableInvitation(token, in: transaction)
            let author = try directory.member(record.createdBy, in: transaction)
            return .json(
                200,
                [
                    "invited_by": .string(author.displayName), "expires_at": JSON(record.expiresAt),
                    "roles": .array(try roles.assignments.summaries(of: record.roles, in: transaction)),
                ])
        }
    }

    /// The invitation of this secret, as far as it opens the door now: its author may still invite.
    ///
    /// - Throws: 403 for what is none, or none any more; 409 when all its uses are spent.
    func usableInvitation(_ token: String, in transaction: Transaction) throws -> InvitationRecord {
        guard let record = try invitations.find(hash: SHA256.digest(token), in: transaction) else { throw Self.invitationInvalid }
        switch record.state(at: clock.now()) {
        case .revoked, .expired: throw Self.invitationInvalid
        case .used: throw Self.invitationUsedUp
        case .active: break
        }
        guard try mayInvite(record.createdBy, in: transaction) else { throw Self.invitationInvalid }
        return record
    }

    /// Whether it still counts for somebody who came by it in time: its author may still invite, and nobody took it back.
    func stands(_ record: InvitationRecord, in transaction: Transaction) throws -> Bool {
        try record.revokedAt == nil && mayInvite(record.createdBy, in: transaction)
    }

    /// Whether somebody is there, may come in themselves, and has the right at this moment.
    private func mayInvite(_ user: UserID, in transaction: Transaction) throws -> Bool {
        guard let author = try directory.members([user], in: transaction).first, author.deletedAt == nil, !author.isDisabled,
            !author.isBanned(at: clock.now())
        else { return false }
        return try can(user, .invitationsManage, in: transaction)
    }

    /// Counts its use.
    ///
    /// - Throws: 409 when others took the last one meanwhile.
    func claim(_ record: InvitationRecord, at now: Timestamp, in transaction: Transaction) throws {
        guard try invitations.claim(record.id, at: now, in: transaction) else { throw Self.invitationUsedUp }
    }

    func view(_ records: [InvitationRecord], at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        let authors = try directory.members(Array(Set(records.map(\.createdBy))), in: transaction)
        let names = Dictionary(uniqueKeysWithValues: authors.map { ($0.id, $0.displayName) })
        return try records.map { record in
            [
                "id": JSON(record.id), "note": JSON(record.note), "state": .string(record.state(at: now).rawValue),
                "roles": record.rolesJSON, "role_details": .array(try roles.assignments.summaries(of: record.roles, in: transaction)),
                "max_uses": JSON(record.maximumUses), "uses": .integer(record.uses), "expires_at": JSON(record.expiresAt),
                "created_by": JSON(record.createdBy), "created_by_name": JSON(names[record.createdBy]),
                "created_at": JSON(record.createdAt),
                "revoked_at": JSON(record.revokedAt),
            ]
        }
    }

    private func invitation(_ reference: String, in transaction: Transaction) throws -> InvitationRecord {
        guard let id = InvitationID(uuid: reference), let record = try invitations.find(id, in: transaction) else { throw Problem.notFound }
        return record
    }

    private static func condition(_ state: InvitationRecord.State?, at now: Timestamp) -> SQL {
        let isSpent: SQL = "(max_uses IS NOT NULL AND uses >= max_uses)"
        let isOver: SQL = "(expires_at IS NOT NULL AND expires_at <= \(now))"
        switch state {
        case nil: return "1 = 1"
        case .revoked: return "revoked_at IS NOT NULL"
        case .expired: return "revoked_at IS NULL AND \(sql: isOver)"
        case .used: return "revoked_at IS NULL AND NOT \(sql: isOver) AND \(sql: isSpent)"
        case .active: return "revoked_at IS NULL AND NOT \(sql: isOver) AND NOT \(sql: isSpent)"
        }
    }

    static let invitationInvalid = Problem.forbidden(
        "invitation_invalid",
        LocalizedText(
            en: "This invitation is not valid, or not any more. Ask for a new one.",
            fr: "Cette invitation n’est pas valable, ou ne l’est plus. Demandez-en une nouvelle."))

    private static let invitationUsedUp = Problem.conflict(
        "invitation_used_up",
        LocalizedText(
            en: "This invitation has been used as often as it may be. Ask for a new one.",
            fr: "Cette invitation a déjà servi autant de fois que prévu. Demandez-en une nouvelle."))
}
