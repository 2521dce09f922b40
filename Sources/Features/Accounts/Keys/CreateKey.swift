internal import Authorization
internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Roles
internal import Web

/// `POST /api-keys`
extension AccountsFeature {
    /// What can be given to a key, new or not.
    struct KeyInput: Sendable {
        var name: String?
        var scopes: [PermissionPattern]?
        /// `.some(nil)`: without an end.
        var expiresAt: Timestamp??
        var requiresSignature: Bool?
        var addresses: [String]?

        init(_ body: JSON, isNew: Bool, at now: Timestamp) throws(Problem) {
            var input = try Input(body)
            if isNew || input.has("name") { name = input.name("name", length: KeyRecord.nameLength, required: true) }
            if isNew || input.has("scopes") { scopes = input.patterns("scopes", required: true, areKeys: true) }
            if isNew || input.has("expires_at") { expiresAt = .some(input.time("expires_at")) }
            if let end = expiresAt ?? nil, end <= now {
                input.fail("expires_at", "past", LocalizedText(en: "This is in the past.", fr: "Cette date est passée."))
            }
            requiresSignature = input.bool("requires_signature")
            addresses = Self.addresses(&input)
            try input.finish()
        }

        private static func addresses(_ input: inout Input) -> [String]? {
            guard let texts = input.strings("addresses", count: 0...KeyRecord.addressLimit, length: 1...64) else { return nil }
            for (index, text) in texts.enumerated() where NetworkBlock(text) == nil {
                input.fail(
                    "addresses", at: index, "network",
                    LocalizedText(
                        en: "An address or a network such as 203.0.113.0/24 is expected.",
                        fr: "Une adresse ou un réseau tel que 203.0.113.0/24 est attendu."))
            }
            return texts
        }
    }

    /// Shows the secret this once. The key may do at most what its person may when it is made, and at most what they may when it is used.
    func createKey(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireWithoutAPIKey()
        let (scope, now) = (call.scope, clock.now())
        let given = try KeyInput(try call.body(), isNew: true, at: now)
        let secret = KeySecret(for: ids.next())
        return try await call.mutate(database) { [self] transaction in
            try lockUser(user, in: transaction)
            guard try keys.count(of: user, in: transaction) < KeyRecord.maximumCount else { throw Self.tooManyKeys }
            let scopes = given.scopes ?? []
            try requireHeld(scopes, by: user, in: transaction)
            var key = KeyRecord(secret, of: user, name: given.name ?? "", scopes: scopes, expiresAt: given.expiresAt ?? nil, at: now)
            key.addresses = given.addresses ?? []
            let signing = given.requiresSignature == true ? renewSigning(of: &key, overlaps: false) : nil
            try keys.insert(key, in: transaction)
            try record("api_key.create", key, before: nil, after: key.audited, scope: scope, in: transaction)
            return reply(key, secret, signing: signing, status: 201, at: now)
        }
    }

    /// Gives a key a new signing secret.
    ///
    /// - Parameter overlaps: whether the one before it is good for as long as the key's secret before.
    func renewSigning(of key: inout KeyRecord, overlaps: Bool) -> String {
        let secret = KeySecret.newSigningSecret()
        let sealed = keyring.fields.seal(secret, column: KeyRecord.signingColumn, id: key.id.rawValue)
        key.signing = (sealed, overlaps ? key.signing?.secret : nil)
        return secret
    }

    /// - Throws: 403 naming what the person does not hold, so cannot give to a key.
    func requireHeld(_ scopes: [PermissionPattern], by user: UserID, in transaction: Transaction) throws {
        let rights = try authorizer.rights(of: user, in: transaction)
        let missing = scopes.filter { !rights.canGrant($0) }
        guard missing.isEmpty else { throw Refusal.cannotGrant(missing.normalized).problem }
    }

    /// The key with its secret, which no second answer repeats.
    func reply(_ key: KeyRecord, _ secret: KeySecret, signing: String?, status: Int, at now: Timestamp) -> Reply {
        var members = key.json(at: now).object ?? [:]
        members.append("key", .string(secret.text))
        if let signing { members.append("signing_secret", .string(signing)) }
        var reply = Reply.json(status, .object(members)).tagged(version: key.version).secret(id: key.id.uuid)
        if status == 201 { reply.headers["Location"] = "/api/v1/api-keys/\(key.id)" }
        return reply
    }

    private static let tooManyKeys = Problem.conflict(
        "too_many_keys",
        LocalizedText(
            en: "A member can have \(KeyRecord.maximumCount) API keys. Revoke one first.",
            fr: "Un membre peut avoir \(KeyRecord.maximumCount) clés d’API. Révoquez-en une d’abord."))
}
