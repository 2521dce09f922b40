internal import Bus
internal import Crypto
internal import Database
package import Directory
internal import Kernel
internal import Runtime

extension AccountsFeature {
    /// Writes the row of a new person and tells everybody; roles are the caller's to give.
    ///
    /// - Throws: 409 `username_taken` or `email_taken`.
    func insertAccount(_ draft: AccountDraft, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Member {
        try draft.email.map { try requireNotHeld($0, in: transaction) }
        let id = ids.next(User.self)
        var member = Member(
            id: id, username: draft.username, displayName: draft.displayName ?? draft.username,
            emailCipher: draft.email.map { seal($0, for: id) }, locale: draft.locale, tags: draft.tags, passwordHash: draft.passwordHash,
            at: now)
        (member.bio, member.avatarURL, member.emailVerifiedAt) = (draft.bio, draft.avatarURL, draft.emailVerifiedAt)
        try Self.namingConflicts {
            try directory.insert(member, emailBlind: draft.email.map(blind), in: transaction)
        }
        try announce("user.created", member, scope: scope, at: now, in: transaction)
        return member
    }

    /// The e-mail address as its column keeps it.
    func seal(_ email: EmailAddress, for user: UserID) -> [UInt8] {
        keyring.fields.seal(email.text, column: "users.email", id: user.rawValue)
    }

    /// Finds an e-mail address without being able to read it.
    func blind(_ email: EmailAddress) -> [UInt8] { keyring.blindIndex.index(email.text, column: "users.email") }

    /// - Throws: 409 when an import that is under way holds the address.
    func requireNotHeld(_ email: EmailAddress, in transaction: Transaction) throws {
        guard try !MemberImportTable.holds(emailBlind: blind(email), in: transaction) else { throw Self.emailTaken }
    }

    /// The address in clear; nil when there is none, or when its key is lost.
    package func email(of member: Member) -> String? {
        guard let cipher = member.emailCipher else { return nil }
        do {
            return try keyring.fields.openText(cipher, column: "users.email", id: member.id.rawValue)
        } catch {
            log.error("an e-mail address cannot be decrypted", [("user_id", JSON(member.id)), ("cause", .string("\(error)"))])
            return nil
        }
    }

    /// Turns a broken unique index into the field that broke it.
    static func namingConflicts<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch DatabaseError.unique(constraint: let constraint) where constraint.contains("username") {
            throw usernameTaken
        } catch DatabaseError.unique(constraint: let constraint) where constraint.contains("email") {
            throw emailTaken
        }
    }

    static let usernameTaken = taken(
        "username", LocalizedText(en: "This username is taken.", fr: "Ce nom d’utilisateur est déjà pris."))

    static let emailTaken = taken(
        "email",
        LocalizedText(
            en: "This e-mail address belongs to another account.", fr: "Cette adresse e-mail appartient à un autre compte."))

    private static func taken(_ field: String, _ detail: LocalizedText) -> Problem {
        .conflict("\(field)_taken", detail, faults: [Problem.Fault("/\(field)", "taken", detail)])
    }

    /// Tells of a change of a person: what everybody with `users.read` may know, never the e-mail address.
    func announce(
        _ type: String, _ member: Member, extra: JSONObject = [:], scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        var members: JSONObject = [
            "user_id": JSON(member.id), "username": .string(member.username), "display_name": .string(member.displayName),
            "avatar_url": JSON(member.avatarURL), "is_banned": .bool(member.isBanned(at: now)), "is_disabled": .bool(member.isDisabled),
            "version": .integer(member.version), "actor_user_id": JSON(scope.userID),
            "actor": try directory.actor(scope.userID, in: transaction),
        ]
        for (name, value) in extra { members[name] = value }
        transaction.atCommit(
            OutboxEvent(
                type, topics: ["users", "user:\(member.id)"], members: members, invalidates: .users([member.id]),
                requestID: scope.requestID,
                at: now))
    }

    /// Keeps others from changing this person until the transaction ends.
    func lockUser(_ user: UserID, in transaction: Transaction) throws { try directory.lock(user, in: transaction) }
}
