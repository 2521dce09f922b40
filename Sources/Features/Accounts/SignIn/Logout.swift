internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// `POST /auth/logout`
extension AccountsFeature {
    /// Ends the session that asks; a refresh token in the body says nothing that the session does not.
    func logout(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        _ = input.string("refresh_token", length: 0...200)
        try input.finish()
        let user = try call.scope.requireUser()
        guard let session = call.scope.sessionID else { throw Problem.unauthenticated }
        let (now, scope) = (clock.now(), call.scope)
        try await database.write { [self] transaction in
            try record("auth.logout", on: user, payload: ["before": ["session_id": JSON(session)]], scope: scope, in: transaction)
            try sessions.revoke("id = \(session)", .logout, at: now, in: transaction)
        }
        var reply = Reply.noContent
        reply.headers.append("Set-Cookie", cookie.removal)
        return reply
    }
}
