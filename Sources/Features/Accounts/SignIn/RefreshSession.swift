internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `POST /auth/refresh`
extension AccountsFeature {
    func refreshSession(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("refresh_token", length: 1...200, required: true)
        try input.finish()
        let (token, now, scope) = (try input.required(given), clock.now(), call.scope)
        let outcome = try await database.write { [self] transaction in
            let outcome = try sessions.refresh(token, scope: scope, at: now, in: transaction)
            if case .renewed(let opened) = outcome {
                let member = try directory.member(opened.userID, includingDeleted: true, in: transaction)
                try require(.refresh, of: member, at: now, absent: Self.invalidToken)
            }
            if case .reused(let revocations) = outcome {
                for revocation in revocations {
                    var actor = scope
                    (actor.userID, actor.sessionID) = (revocation.userID, revocation.sessionID)
                    try record(
                        "auth.refresh_reuse", on: revocation.userID,
                        payload: ["after": ["session_id": JSON(revocation.sessionID), "revoked": true]],
                        scope: actor, in: transaction)
                }
            }
            return outcome
        }
        switch outcome {
        case .renewed(let opened): return try await sessionReply(opened, scope: scope)
        case .reused: throw Self.invalidToken.caused(by: "a spent refresh token came back")
        case .unknown: throw Self.invalidToken
        }
    }
}
