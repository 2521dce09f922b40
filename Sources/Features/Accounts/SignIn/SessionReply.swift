internal import Authorization
internal import Crypto
internal import HTTP
internal import Kernel
internal import Roles
internal import Web

extension AccountsFeature {
    /// Whether a browser asks for a cookie (`X-Foyer-Session: cookie`) or a program for tokens.
    static func sessionMode(_ request: HTTPRequest) throws(Problem) -> SessionMode {
        guard let value = request.headers["X-Foyer-Session"] else { return .tokens }
        guard value.trimmed.lowercased() == "cookie" else {
            throw .malformed(
                LocalizedText(en: "X-Foyer-Session can only be “cookie”.", fr: "X-Foyer-Session ne peut valoir que « cookie »."))
        }
        return .cookie
    }

    /// The answer that hands over a session: tokens in the body, or the cookie and its CSRF value.
    func sessionReply(_ opened: OpenedSession, status: Int = 200, scope: Scope) async throws -> Reply {
        let rights = try await authorizer.rights(of: opened.userID)
        var own = scope
        (own.userID, own.sessionID) = (opened.userID, opened.id)
        (own.permissions, own.isOwner, own.rank) = (rights.permissions, rights.isOwner, rights.rank)
        let user = try await userView(opened.userID, scope: own)
        switch opened.mode {
        case .tokens:
            return .json(
                status,
                [
                    "access_token": .string(try accessToken(opened)), "token_type": "Bearer", "expires_in": .integer(policy.accessLifetime),
                    "refresh_token": .string(opened.secret), "session_id": JSON(opened.id), "user": user,
                ])
        case .cookie:
            var reply = Reply.json(
                status,
                [
                    "user": user, "csrf": .string(cookie.csrf(for: opened.id)), "session_id": JSON(opened.id),
                    "expires_at": JSON(opened.expiresAt),
                ])
            reply.headers.append("Set-Cookie", cookie.set(opened.secret, seconds: policy.sessionLifetime))
            return reply
        }
    }

    private func accessToken(_ opened: OpenedSession) throws -> String {
        let now = clock.now()
        return try tokens.sign(
            ["sub": JSON(opened.userID), "sid": JSON(opened.id), "jti": .string(Random.token(byteCount: 9))], issuedAt: now,
            expiresAt: now.adding(seconds: policy.accessLifetime))
    }
}
