internal import Authorization
internal import Crypto
internal import Database
package import HTTP
package import Kernel
package import Realtime
internal import Roles
package import Web

/// Who a request, or a socket, is from: checks the token or the cookie, its session, and asks for the rights of today.
extension AccountsFeature: Authenticator {
    package func authenticate(_ request: HTTPRequest, _ origin: Origin) async throws -> Scope {
        try await feed.load(database, now: clock.now())
        let entry: SessionCache.Entry
        if let header = request.headers["Authorization"] {
            let token = try Self.bearer(header)
            if KeySecret.isKey(token) { return try await identify(key: token, request, like: origin.guest(PermissionSet())).scope }
            entry = try identify(token: token)
        } else if RequestSignature.isThere(request) {
            return try await identify(signed: request, like: origin.guest(PermissionSet())).scope
        } else if let value = cookie.value(in: request) {
            entry = try await identify(cookie: value)
            try checkCookieUse(request, entry.sessionID)
        } else {
            return try await guest(origin)
        }
        uses.note(entry.sessionID, at: clock.now())
        return try await scope(of: entry, like: origin.guest(PermissionSet()))
    }

    package func guest(_ origin: Origin) async throws -> Scope {
        origin.guest(try await authorizer.rights(of: nil).permissions)
    }

    package func spendNonce(of scope: Scope) async throws {
        guard let key = scope.key, key.nonce != nil else { return }
        try await database.write { try RequestNonces.spend(key, in: $0) }
    }

    /// RFC 6750 §2.1.
    private static func bearer(_ header: String) throws(Problem) -> Substring {
        let parts = header.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: true)
        guard parts.count == 2, Substring(parts[0]).lowercased() == "bearer" else { throw invalidToken }
        return Substring(parts[1])
    }

    /// - Throws: 401 for what is no token of ours, has expired, or belongs to a session that ended.
    private func identify(token: some StringProtocol) throws(Problem) -> SessionCache.Entry {
        let (hash, now) = (SHA256.digest(token), clock.now())
        if let entry = cache.entry(hash, now: now) { return try alive(entry) }
        let claims: JSONObject
        do {
            claims = try tokens.verify(token, now: now)
        } catch {
            throw Self.invalidToken.caused(by: "access token: \(error)")
        }
        guard let user = claims["sub"]?.string.flatMap({ UserID(uuid: $0) }),
            let session = claims["sid"]?.string.flatMap({ SessionID(uuid: $0) }),
            let expiry = claims["exp"]?.integer
        else { throw Self.invalidToken }
        let end = Timestamp(milliseconds: expiry * 1000)
        let entry = SessionCache.Entry(sessionID: session, userID: user, expiresAt: end, validUntil: end)
        cache.insert(entry, hash)
        return try alive(entry)
    }

    private func identify(cookie value: String) async throws -> SessionCache.Entry {
        let (hash, now) = (SHA256.digest(value), clock.now())
        if let entry = cache.entry(hash, now: now) { return try alive(entry) }
        let record = try await database.read { [sessions] in try sessions.session(cookie: hash, at: now, in: $0) }
        guard let record else { throw Self.invalidToken }
        let entry = SessionCache.Entry(
            sessionID: record.id, userID: record.userID, expiresAt: record.expiresAt,
            validUntil: min(record.expiresAt, now.adding(milliseconds: RevocationFeed.retention / 3)))
        cache.insert(entry, hash)
        return try alive(entry)
    }

    private func alive(_ entry: SessionCache.Entry) throws(Problem) -> SessionCache.Entry {
        if feed.isRevoked(entry.sessionID) { throw Self.invalidToken }
        if feed.isStale { throw .unavailable(retryAfter: 1, cause: "revocations of other nodes have been unknown for 5 s") }
        return entry
    }

    /// The cookie goes along with requests that other sites cause, so what changes something must prove where it comes from. A WebSocket's Origin is the
    /// gateway's to check.
    private func checkCookieUse(_ request: HTTPRequest, _ session: SessionID) throws(Problem) {
        guard ![.get, .head, .options].contains(request.method) else { return }
        guard cookie.isValid(csrf: request.headers["X-Foyer-CSRF"], for: session) else {
            throw Problem(
                403, "csrf",
                LocalizedText(
                    en: "This form is too old, or comes from another site. Reload the page and try again.",
                    fr: "Ce formulaire est trop ancien ou vient d’un autre site. Rechargez la page et réessayez."))
        }
    }

    private func scope(of entry: SessionCache.Entry, like origin: Scope) async throws -> Scope {
        let rights = try await authorizer.rights(of: entry.userID)
        var scope = origin
        // The scope of an upgrade may be that of a key, where `hello` then named a person.
        scope.key = nil
        (scope.userID, scope.sessionID) = (entry.userID, entry.sessionID)
        (scope.permissions, scope.isOwner, scope.rank) = (rights.permissions, rights.isOwner, rights.rank)
        return scope
    }

    static let invalidToken = Problem(
        401, "invalid_token",
        LocalizedText(en: "Your session has ended. Sign in again.", fr: "Votre session est terminée. Connectez-vous à nouveau."))
}

extension AccountsFeature: GatewayAuthenticator {
    package func authenticate(token: String, scope: Scope) async throws -> GatewayIdentity {
        if KeySecret.isKey(token) { return try await identify(key: token, nil, like: scope) }
        try await feed.load(database, now: clock.now())
        let entry = try identify(token: token)
        return GatewayIdentity(scope: try await self.scope(of: entry, like: scope), expiresAt: entry.expiresAt)
    }

    package func refresh(_ identity: GatewayIdentity) async throws -> GatewayIdentity {
        if let key = identity.scope.key { return try await refresh(key, identity) }
        guard let user = identity.scope.userID, let session = identity.scope.sessionID else {
            var guest = identity
            guest.scope.permissions = try await authorizer.rights(of: nil).permissions
            return guest
        }
        let end = identity.expiresAt ?? Timestamp(milliseconds: .max)
        let entry = try alive(SessionCache.Entry(sessionID: session, userID: user, expiresAt: end, validUntil: end))
        return GatewayIdentity(scope: try await scope(of: entry, like: identity.scope), expiresAt: identity.expiresAt)
    }
}

extension Problem {
    /// The same to the client, with a reason for the log.
    func caused(by cause: String) -> Problem {
        var problem = self
        problem.cause = cause
        return problem
    }
}
