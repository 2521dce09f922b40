internal import Crypto
internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Roles
internal import Runtime
internal import Web

/// `POST /users`
extension AccountsFeature {
    func createUser(_ call: Call) async throws -> Reply {
        let (given, password, references) = try newUser(try call.body(), scope: call.scope)
        var draft = given
        if let password {
            let author = try call.scope.requireWithoutAPIKey()
            draft.passwordHash = try await hasher.hash(password, for: .person(author, call.scope))
        }
        let (account, scope, now) = (draft, call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            try lockRights(in: transaction)
            try claim(username: account.username, in: transaction)
            let member = try insertAccount(account, scope: scope, at: now, in: transaction)
            try roles.assignments.assignInitial(member.id, scope: scope, in: transaction)
            if let given = references {
                // Everybody is a member, too; the rest is checked as any assignment is.
                try roles.assignments.setRoles(of: member.id, to: given + ["role_member"], scope: scope, in: transaction)
            }
            try record(
                "user.create", on: member.id,
                payload: ["before": nil, "after": ["username": .string(member.username), "display_name": .string(member.displayName)]],
                scope: scope, in: transaction)
            let view = try views([member], scope: scope, in: transaction)[0]
            var reply = Reply.json(201, view).tagged(version: member.version)
            reply.headers["Location"] = "/api/v1/users/\(member.id)"
            return reply
        }
    }

    private func newUser(_ body: JSON, scope: Scope) throws(Problem) -> (AccountDraft, password: String?, roles: [String]?) {
        var input = try Input(body)
        let username = input.username(required: true)
        let email = input.email("email", required: true)
        let displayName = input.displayName()
        let password = Password.read(&input, required: false, names: [username, email?.text])
        let roles = input.strings("roles", count: 0...100)
        let tags = input.tags()
        let (locale, bio, avatar) = (input.language(), input.string("bio", length: 0...2000), input.avatarURL())
        try input.finish()
        var draft = AccountDraft(username: try input.required(username), email: try input.required(email), displayName: displayName)
        (draft.tags, draft.locale, draft.bio, draft.avatarURL) = (tags ?? [], locale ?? scope.language, bio, avatar)
        return (draft, password, roles)
    }
}
