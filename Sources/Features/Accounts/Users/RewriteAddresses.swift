internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Runtime

/// Addresses that were stored before their hosts were A-labels: written anew once, at the start, since only the program can read them.
extension AccountsFeature {
    private static let doneSetting = "addresses_as_a_labels"
    private static let batch = 500

    /// Of two accounts that have one address, the one that proved it keeps it, else the older; the other keeps no claim to it.
    package func rewriteAddresses() async throws {
        guard try await database.read({ [settings] in try settings.value(Self.doneSetting, in: $0) }) == nil else { return }
        var last = UserID(rawValue: .min)
        while true {
            let after = last
            let members = try await database.read { transaction in
                try transaction.rows(
                    """
                    SELECT \(sql: Member.columns) FROM users WHERE id > \(after) AND email_cipher IS NOT NULL ORDER BY id LIMIT \(Self.batch)
                    """
                ).map(Member.init)
            }
            for member in members { try await rewrite(member) }
            guard members.count == Self.batch, let end = members.last?.id else { break }
            last = end
        }
        try await rewriteApplicants()
        try await database.write { [settings] in try settings.set(Self.doneSetting, "1", in: $0) }
    }

    private func rewrite(_ member: Member) async throws {
        guard let old = email(of: member), let email = EmailAddress(old), email.text != old else { return }
        let now = clock.now()
        try await database.write { [self] transaction in
            var member = try directory.lockedMember(member.id, includingDeleted: true, in: transaction)
            let other = try transaction.row(
                "SELECT \(sql: Member.columns) FROM users WHERE users.email_blind = \(blind(email)) AND users.id <> \(member.id)"
            ).map(Member.init)
            let isKept = other.map { Self.comesBefore(member, $0) } ?? true
            if isKept, var other {
                try drop(&other, at: now, in: transaction)
            }
            try directory.setEmail(member.id, cipher: seal(email, for: member.id), blind: isKept ? blind(email) : nil, in: transaction)
            if !isKept { try drop(&member, at: now, in: transaction, keepingBlind: true) }
            let former = keyring.blindIndex.index(old, column: "users.email")
            try transaction.execute("UPDATE mail_tokens SET email_blind = \(blind(email)) WHERE email_blind = \(former)")
        }
    }

    private static func comesBefore(_ left: Member, _ right: Member) -> Bool {
        switch (left.emailVerifiedAt, right.emailVerifiedAt) {
        case (_?, nil): true
        case (nil, _?): false
        default: left.id < right.id
        }
    }

    /// Leaves an account without a claim to its address, which is another's: it is found by its username alone.
    private func drop(_ member: inout Member, at now: Timestamp, in transaction: Transaction, keepingBlind: Bool = false) throws {
        if !keepingBlind { try directory.setEmail(member.id, cipher: member.emailCipher, blind: nil, in: transaction) }
        member.emailVerifiedAt = nil
        guard try directory.update(member, at: now, in: transaction) else { throw Problem.stale }
        try AddressProof.clear(member.id, in: transaction)
        try record(
            "user.update", on: member.id,
            payload: ["before": ["email": "hidden"], "after": ["email": "changed"], "cause": "same_address_as_another"],
            scope: Scope(requestID: "start"), in: transaction)
        log.warning("two accounts have one e-mail address; this one keeps no claim to it", [("user_id", JSON(member.id))])
    }

    private func rewriteApplicants() async throws {
        try await database.write { [self] transaction in
            let rows = try transaction.rows("SELECT \(sql: RegistrationRecord.columns) FROM registrations ORDER BY id")
            for record in rows.map(RegistrationRecord.init) {
                let old = try keyring.fields.openText(record.emailCipher, column: Self.registrationEmail, id: record.id.rawValue)
                guard let email = EmailAddress(old), email.text != old else { continue }
                let cipher = keyring.fields.seal(email.text, column: Self.registrationEmail, id: record.id.rawValue)
                try transaction.execute(
                    "UPDATE registrations SET email_cipher = \(cipher), email_blind = \(blind(email)) WHERE id = \(record.id)")
                try transaction.execute(
                    "UPDATE mail_tokens SET email_blind = \(blind(email)) WHERE email_blind = \(record.emailBlind)")
            }
        }
    }
}
