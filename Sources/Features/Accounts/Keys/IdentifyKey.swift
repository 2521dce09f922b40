internal import Authorization
internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Realtime
internal import Roles

/// Who an API key stands for, at this moment.
///
/// The row is read at every request and kept nowhere: a key that was revoked, narrowed or rotated is so on every node from the next request on, and so is
/// its person's ban. A lookup by primary key costs less than what programs ask for with it.
extension AccountsFeature {
    /// - Throws: 401 for what is no key, or not any more; 423 for one whose person is banned or disabled; 403 for one without a scope.
    func identify(key token: some StringProtocol, like origin: Scope) async throws -> GatewayIdentity {
        guard let secret = KeySecret(token) else { throw Self.invalidKey }
        let now = clock.now()
        guard let (key, person) = try await database.read({ [keys] in try keys.find(secret.id, in: $0) }),
            let end = key.end(of: secret, at: now)
        else { throw Self.invalidKey }
        keyUses.note(key.id, at: now)
        return GatewayIdentity(scope: try await scope(of: key, person, like: origin, at: now), expiresAt: end)
    }

    /// The same key with what it may do now, for what is open with it; a rotation in between is a reason to show a secret again.
    func refresh(_ limits: KeyLimits, _ identity: GatewayIdentity) async throws -> GatewayIdentity {
        let now = clock.now()
        guard let (key, person) = try await database.read({ [keys] in try keys.find(limits.id, in: $0) }), !key.hasExpired(at: now),
            key.rotatedAt == limits.rotatedAt
        else {
            throw Self.invalidKey
        }
        return GatewayIdentity(scope: try await scope(of: key, person, like: identity.scope, at: now), expiresAt: identity.expiresAt)
    }

    private func scope(of key: KeyRecord, _ person: Member, like origin: Scope, at now: Timestamp) async throws -> Scope {
        try require(.useKey, of: person, at: now, absent: Self.invalidKey)
        // A key that was given nothing may do nothing.
        guard !key.scopes.isEmpty else { throw Problem.keyScopeMissing(.read) }
        let rights = try await authorizer.rights(of: key.userID).narrowed(to: key.scopes)
        var scope = origin
        (scope.userID, scope.sessionID) = (key.userID, SessionID(rawValue: key.id.rawValue))
        scope.key = KeyLimits(id: key.id, patterns: key.scopes.map(\.text), rotatedAt: key.rotatedAt)
        (scope.permissions, scope.isOwner, scope.rank) = (rights.permissions, rights.isOwner, rights.rank)
        return scope
    }

    private static let invalidKey = Problem(
        401, "invalid_key",
        LocalizedText(
            en: "This API key is not valid: it was revoked, replaced or mistyped, or it has expired.",
            fr: "Cette clé d’API n’est pas valable : révoquée, remplacée, mal recopiée ou expirée."))
}
