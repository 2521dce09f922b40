internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// `POST /auth/register`
extension AccountsFeature {
    /// Makes an account and signs it in, where the site lets anybody in.
    func register(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        guard policy.registration == .open else {
            throw Problem.forbidden(
                "registration_closed",
                LocalizedText(
                    en: "This site does not take new members by itself. Ask its team.",
                    fr: "Ce site n’accepte pas d’inscription libre. Adressez-vous à son équipe."))
        }
        let mode = try Self.sessionMode(call.request)
        var input = try Input(try call.body())
        var draft = try newAccount(&input, language: call.scope.language)
        try registrations.take(call.scope.address, now: clock.now())
        draft.draft.passwordHash = try await hasher.hash(draft.password)
        let (account, scope, now) = (draft.draft, call.scope, clock.now())
        let (address, changes) = (addressKey(scope.address), RightsChanges())
        let opened = try await database.write { [self] transaction in
            try lockRights(changes, in: transaction)
            let member = try insertAccount(account, scope: scope, at: now, in: transaction)
            var actor = scope
            actor.userID = member.id
            changes.add(try roles.assignments.assignInitial(member.id, scope: scope, in: transaction))
            return try enter(member.id, mode, address: address, action: "auth.register", scope: actor, at: now, in: transaction)
        }
        changes.commit(to: authorizer)
        return try await sessionReply(opened, status: 201, scope: scope)
    }

    /// Reads the fields that somebody gives who makes their own account, and finishes the input.
    func newAccount(_ input: inout Input, language: Language) throws(Problem) -> (draft: AccountDraft, password: String) {
        let username = input.username(required: true)
        let email = input.email("email", required: true)
        let displayName = input.displayName()
        let locale = input.language()
        let password = Password.read(&input, names: [username, email?.text])
        try input.finish()
        var draft = AccountDraft(username: try input.required(username), email: try input.required(email))
        (draft.displayName, draft.locale) = (displayName, locale ?? language)
        return (draft, try input.required(password))
    }
}
