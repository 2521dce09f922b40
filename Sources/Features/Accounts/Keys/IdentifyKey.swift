internal import Authorization
internal import Crypto
internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Realtime
internal import Roles
internal import Web

/// Who an API key stands for, at this moment.
///
/// The row is read at every request and kept nowhere: a key that was revoked, narrowed or rotated is so on every node from the next request on, and so is
/// its person's ban. A lookup by primary key costs less than what programs ask for with it.
extension AccountsFeature {
    /// - Parameter request: nil for a secret that a socket shows, which nothing signs.
    /// - Throws: 401 for what is no key, or not any more, and for a request that is not signed as it must be; 423 for one whose person is banned or
    ///   disabled; 403 for one without a scope, or from an address that it may not be used from.
    func identify(key token: some StringProtocol, _ request: HTTPRequest?, like origin: Scope) async throws -> GatewayIdentity {
        guard let secret = KeySecret(token) else { throw Self.invalidKey }
        let now = clock.now()
        guard let (key, person) = try await database.read({ [keys] in try keys.find(secret.id, in: $0) }),
            let end = key.end(of: secret, at: now)
        else { throw Self.invalidKey }
        var nonce: RequestNonce?
        if key.requiresSignature {
            guard let request, RequestSignature.isThere(request) else { throw Self.signatureRequired }
            nonce = try check(try signature(of: request, at: now), by: key, at: now)
        }
        return try await identity(of: key, person, nonce, expiresAt: end, like: origin, at: now)
    }

    /// By the signature alone: the secrets do not travel.
    func identify(signed request: HTTPRequest, like origin: Scope) async throws -> GatewayIdentity {
        let now = clock.now()
        let signature = try signature(of: request, at: now)
        guard let id = KeySecret.id(of: signature.keyID),
            let (key, person) = try await database.read({ [keys] in try keys.find(id, in: $0) }),
            !key.hasExpired(at: now)
        else { throw Self.signatureInvalid("signature") }
        let nonce = try check(signature, by: key, at: now)
        return try await identity(of: key, person, nonce, expiresAt: key.expiresAt, like: origin, at: now)
    }

    private func identity(
        of key: KeyRecord, _ person: Member, _ nonce: RequestNonce?, expiresAt: Timestamp?, like origin: Scope, at now: Timestamp
    ) async throws -> GatewayIdentity {
        guard key.mayBeUsed(from: origin.address) else { throw Self.addressRefused(origin.address) }
        let scope = try await scope(of: key, person, nonce, like: origin, at: now)
        keyUses.note(key.id, from: origin.address, at: now)
        return GatewayIdentity(scope: scope, expiresAt: expiresAt)
    }

    private func signature(of request: HTTPRequest, at now: Timestamp) throws(Problem) -> RequestSignature {
        do {
            return try RequestSignature(request, authority: authority(of: request), at: now)
        } catch {
            throw Self.signatureInvalid(error.rawValue)
        }
    }

    /// The site's host and port, or those that the request was sent to.
    private func authority(of request: HTTPRequest) -> String {
        if let url = policy.publicURL { return String(url.drop { $0 != "/" }.drop { $0 == "/" }) }
        let host = (request.headers["Host"] ?? "").lowercased()
        let standard = request.isSecure ? ":443" : ":80"
        return host.hasSuffix(standard) ? String(host.dropLast(standard.count)) : host
    }

    /// - Returns: the nonce, which a mutation spends.
    private func check(_ signature: RequestSignature, by key: KeyRecord, at now: Timestamp) throws -> RequestNonce {
        guard signature.keyID.hasSameBytes(as: KeySecret.shown(key.id)), let current = key.signing else {
            throw Self.signatureInvalid("signature")
        }
        var sealed = [current.secret]
        if let before = current.previous, let previous = key.previous, previous.expiresAt > now { sealed.append(before) }
        let isValid = try sealed.contains {
            signature.isValid(try keyring.fields.openText($0, column: KeyRecord.signingColumn, id: key.id.rawValue))
        }
        guard isValid else { throw Self.signatureInvalid("signature") }
        return RequestNonce(signature.nonce, expiresAt: signature.expiresAt)
    }

    /// The same key with what it may do now, for what is open with it; a rotation in between is a reason to show a secret again.
    func refresh(_ limits: KeyLimits, _ identity: GatewayIdentity) async throws -> GatewayIdentity {
        let now = clock.now()
        guard let (key, person) = try await database.read({ [keys] in try keys.find(limits.id, in: $0) }), !key.hasExpired(at: now),
            key.rotatedAt == limits.rotatedAt
        else {
            throw Self.invalidKey
        }
        guard key.mayBeUsed(from: identity.scope.address) else { throw Self.addressRefused(identity.scope.address) }
        return GatewayIdentity(scope: try await scope(of: key, person, nil, like: identity.scope, at: now), expiresAt: identity.expiresAt)
    }

    private func scope(of key: KeyRecord, _ person: Member, _ nonce: RequestNonce?, like origin: Scope, at now: Timestamp) async throws
        -> Scope
    {
        try require(.useKey, of: person, at: now, absent: Self.invalidKey)
        // A key that was given nothing may do nothing.
        guard !key.scopes.isEmpty else { throw Problem.keyScopeMissing(.read) }
        let rights = try await authorizer.rights(of: key.userID).narrowed(to: key.scopes)
        var scope = origin
        (scope.userID, scope.sessionID) = (key.userID, SessionID(rawValue: key.id.rawValue))
        scope.key = KeyLimits(id: key.id, patterns: key.scopes.map(\.text), rotatedAt: key.rotatedAt, nonce: nonce)
        (scope.permissions, scope.isOwner, scope.rank) = (rights.permissions, rights.isOwner, rights.rank)
        return scope
    }

    private static let signatureRequired = Problem(
        401, "signature_required",
        LocalizedText(
            en: "This API key takes signed requests only (Signature-Input, Signature, Content-Digest).",
            fr: "Cette clé d’API n’accepte que des requêtes signées (Signature-Input, Signature, Content-Digest)."))

    private static func signatureInvalid(_ part: String) -> Problem {
        Problem(
            401, "signature_invalid",
            LocalizedText(
                en: "The signature of this request does not hold. What is wrong: \(signatureFaults[part]?.english ?? part).",
                fr: "La signature de cette requête n’est pas valable. En cause : \(signatureFaults[part]?.french ?? part)."),
            extensions: [("part", .string(part))])
    }

    private static let signatureFaults: [String: (english: String, french: String)] = [
        "malformed": ("its fields are missing or cannot be read", "ses champs manquent ou sont illisibles"),
        "components": (
            "it must cover @method, @authority, @path, @query and, with a body, content-digest",
            "elle doit couvrir @method, @authority, @path, @query et, avec un corps, content-digest"
        ),
        "parameters": (
            "it needs created, keyid, a nonce of 8 to 128 characters and alg hmac-sha256",
            "il faut created, keyid, un nonce de 8 à 128 caractères et alg hmac-sha256"
        ),
        "time": ("it was made more than five minutes ago, or in the future", "elle date de plus de cinq minutes, ou du futur"),
        "digest": ("Content-Digest is not that of the body", "Content-Digest n’est pas celui du corps"),
        "signature": ("it is not by this key, or over another request", "elle n’est pas de cette clé, ou porte sur une autre requête"),
    ]

    private static func addressRefused(_ address: String) -> Problem {
        Problem(
            403, "address_not_allowed",
            LocalizedText(
                en: "This API key may not be used from the address \(address).",
                fr: "Cette clé d’API ne peut pas servir depuis l’adresse \(address)."), extensions: [("address", .string(address))])
    }

    private static let invalidKey = Problem(
        401, "invalid_key",
        LocalizedText(
            en: "This API key is not valid: it was revoked, replaced or mistyped, or it has expired.",
            fr: "Cette clé d’API n’est pas valable : révoquée, remplacée, mal recopiée ou expirée."))
}
