internal import Bus
internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Sanctions
internal import Synchronization

/// With what somebody comes in beside their account.
struct AdmissionTerms: Sendable {
    var invitationID: InvitationID?
    var rulesVersion: Int64?
    /// The address answered, at this time.
    var verifiedAt: Timestamp?

    init(_ policy: SignupPolicy) { (invitationID, rulesVersion) = (policy.invitation?.id, policy.acceptedRules) }

    init(_ record: RegistrationRecord) {
        (invitationID, rulesVersion, verifiedAt) = (record.invitationID, record.rulesVersion, record.verifiedAt)
    }

    /// What the audit log keeps of them.
    var audited: JSONObject {
        var members: JSONObject = [:]
        if let invitationID { members.append("invitation_id", JSON(invitationID)) }
        if let rulesVersion { members.append("rules_version", .integer(rulesVersion)) }
        return members
    }
}

extension AccountsFeature {
    /// Makes the account of somebody who may come in: the role `member`, the invitation's roles, the rules accepted.
    ///
    /// The caller holds the lock of the rights.
    func admit(
        _ draft: AccountDraft, _ terms: AdmissionTerms, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws -> Member {
        var account = draft
        account.emailVerifiedAt = terms.verifiedAt
        let member = try insertAccount(account, scope: scope, at: now, in: transaction)
        try ChosenLanguage.note(member.id, in: transaction)
        if let verifiedAt = terms.verifiedAt { try AddressProof.set(member.id, at: verifiedAt, in: transaction) }
        try roles.assignments.assignInitial(member.id, scope: scope, in: transaction)
        if let version = terms.rulesVersion { try SiteRules.accept(version, by: member.id, at: now, in: transaction) }
        if let id = terms.invitationID, let invitation = try invitations.find(id, in: transaction) {
            try give(invitation, to: member.id, scope: scope, in: transaction)
        }
        try sanctions.measures.noteArrival(at: now, in: transaction)
        return member
    }

    private func give(
        _ invitation: InvitationRecord, to user: UserID, scope: Scope, in transaction: Transaction
    ) throws {
        guard !invitation.roles.isEmpty else { return }
        var refused = invitation.roles.map { (role: $0, code: Self.invitationInvalid.code) }
        // What somebody could give is not given any more when they were banned or left since.
        if try stands(invitation, in: transaction) {
            refused = try roles.assignments.give(
                invitation.roles, to: user, onBehalfOf: invitation.createdBy, reason: "invitation \(invitation.id)",
                requestID: scope.requestID, in: transaction)
        }
        guard let first = refused.first else { return }
        let listed = refused.map { ["role_id": JSON($0.role), "code": .string($0.code)] as JSON }
        try record(
            "invitation.roles_left_out", target: ("invitation", invitation.id.uuid),
            payload: ["user_id": JSON(user), "author_user_id": JSON(invitation.createdBy), "refused": .array(listed)],
            refusal: first.code, scope: scope, in: transaction)
    }

    /// Makes a member of somebody who waited; everything that waits under the same address goes.
    func admit(
        _ record: RegistrationRecord, action: String, extra: JSONObject = [:], scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws -> Member {
        let email = try keyring.fields.openText(record.emailCipher, column: Self.registrationEmail, id: record.id.rawValue)
        var draft = AccountDraft(username: record.username, email: EmailAddress(email))
        (draft.displayName, draft.locale, draft.passwordHash) = (record.displayName, record.locale, record.chosenHash)
        try applicants.delete(record.id, in: transaction)
        let member = try admit(draft, AdmissionTerms(record), scope: scope, at: now, in: transaction)
        for admission in external.withLock({ $0.admissions }) { try admission(record.id, member.id, transaction) }
        try forgetOthers(than: record, scope: scope, at: now, in: transaction)
        if record.state == .pending { announce(record.id, "approved", scope: scope, at: now, in: transaction) }
        try mailTokens.delete(for: record.id.rawValue, in: transaction)
        var actor = scope
        if actor.userID == nil { actor.userID = member.id }
        var after = AdmissionTerms(record).audited
        after.append("registration_id", JSON(record.id))
        for (name, value) in extra { after.append(name, value) }
        try self.record(action, on: member.id, payload: ["after": .object(after)], scope: actor, in: transaction)
        return member
    }

    /// Drops everybody else who waits under the same address.
    func forgetOthers(than record: RegistrationRecord, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        while true {
            let others = try applicants.all(emailBlind: record.emailBlind, in: transaction).filter { $0.id != record.id }
            if others.isEmpty { return }
            for other in others {
                try forget(other.id, in: transaction)
                if other.state == .pending { announce(other.id, "gone", scope: scope, at: now, in: transaction) }
            }
        }
    }

    /// Drops somebody who waited, and gives back the use of an invitation that they held.
    func forget(_ id: RegistrationID, in transaction: Transaction) throws {
        // As it was in the end: whoever refused or forgot them meanwhile has given the use back.
        guard let record = try applicants.delete(id, in: transaction) else { return }
        if let invitation = record.invitationID, record.state != .refused { try invitations.giveBack(invitation, in: transaction) }
        try mailTokens.delete(for: record.id.rawValue, in: transaction)
    }

    /// Tells those who review that the list changed; what it says is theirs to ask.
    func announce(_ id: RegistrationID, _ state: String, scope: Scope, at now: Timestamp, in transaction: Transaction) {
        transaction.atCommit(
            OutboxEvent(
                "registration.updated", topics: ["registrations"],
                members: ["registration_id": JSON(id), "state": .string(state)], requestID: scope.requestID, at: now)
        )
    }
}
