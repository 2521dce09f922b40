internal import Accounts
internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Runtime
internal import Web

/// `POST /auth/oidc/backchannel-logout`: a provider says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0).
extension OpenIDFeature {
    static let logoutBodyLimit = 32 << 10

    func endFromProvider(_ call: Call) async throws -> Reply {
        try limiter.spend(RateLimiter.Charge(.openIDLogouts, AddressBlock.of(call.scope.address)))
        let token = try Self.logoutToken(call)
        let now = clock.now()
        guard let issuer = SignedToken.issuer(token),
            let provider = try await database.read({ [table] in try table.enabled(issuer: issuer, in: $0) })
        else { throw Self.invalid("it is of no provider of this site") }
        let logout: TokenChecks.Logout
        do {
            let signed = try SignedToken(token, algorithms: provider.metadata.algorithms)
            try await verify(signed, of: provider)
            logout = try TokenChecks(issuer: provider.issuer, clientID: provider.clientID, now: now).checkLogout(signed)
        } catch let fault as IDTokenFault {
            throw Self.invalid("\(fault)")
        }
        let scope = call.scope
        try await database.write { [self] transaction in
            let hash = SHA256.digest(provider.issuer + "\0" + logout.tokenID)
            let isFirst = try transaction.execute(
                "INSERT INTO logout_tokens (hash, expires_at) VALUES (\(hash), \(logout.expiresAt)) ON CONFLICT DO NOTHING")
            guard isFirst == 1 else { throw Self.invalid("its jti was used") }
            let ended = try sessions(of: logout, at: provider, in: transaction)
            try accounts.end(ended.map(\.session), in: transaction)
            for user in Set(ended.map(\.user)).sorted() {
                let count = ended.filter { $0.user == user }.count
                try record(
                    "auth.backchannel_logout", target: ("user", user.uuid),
                    payload: ["before": ["provider": .string(provider.key), "sessions": JSON(count)]], scope: scope, in: transaction)
            }
        }
        return Reply(status: 200, headers: ["Cache-Control": "no-store"])
    }

    /// The open sessions that a logout token means: one at the provider, or all of somebody's.
    private func sessions(of logout: TokenChecks.Logout, at provider: IdentityProvider, in transaction: Transaction) throws
        -> [(session: SessionID, user: UserID)]
    {
        let whose: SQL
        switch (logout.session, logout.subject) {
        case (let session?, let subject?): whose = "external_sessions.sid = \(session) AND external_sessions.subject = \(subject)"
        case (let session?, nil): whose = "external_sessions.sid = \(session)"
        case (nil, let subject?): whose = "external_sessions.subject = \(subject)"
        case (nil, nil): return []
        }
        return try transaction.rows(
            """
            SELECT sessions.id, sessions.user_id FROM external_sessions JOIN sessions ON sessions.id = external_sessions.session_id
            WHERE external_sessions.issuer = \(provider.issuer) AND \(sql: whose) AND sessions.revoked_at IS NULL
            """
        ).map { ($0.id(0), $0.id(1)) }
    }

    private static func logoutToken(_ call: Call) throws(Problem) -> String {
        guard call.mediaType == "application/x-www-form-urlencoded", call.request.body.count <= logoutBodyLimit,
            let text = String(client: call.request.body), let form = PercentCoding.decodeForm(text)
        else { throw invalid("it is no form") }
        let tokens = form.filter { $0.name.hasSameBytes(as: "logout_token") }
        guard tokens.count == 1 else { throw invalid("it has not one logout_token") }
        return tokens[0].value
    }

    private static func invalid(_ cause: String) -> Problem {
        var problem = Problem(
            400, "logout_token_invalid",
            LocalizedText(en: "This logout token is not valid.", fr: "Ce jeton de déconnexion n’est pas valable."))
        problem.cause = cause
        return problem
    }
}
