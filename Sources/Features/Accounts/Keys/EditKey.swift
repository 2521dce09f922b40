internal import Authorization
internal import Database
internal import Kernel
internal import Roles
internal import Web

/// `PATCH /api-keys/{id}`, `POST /api-keys/{id}/rotate` and `DELETE /api-keys/{id}`
extension AccountsFeature {
    private static let maximumOverlap: Int64 = 7 * 86_400
    private static let defaultOverlap: Int64 = 86_400

    /// Its name, scopes and end; what is open with it comes back with what it may do now.
    func editKey(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        let given = try KeyInput(try call.body(), isNew: false, at: now)
        return try await changeKey(call) { [self] key, transaction in
            let before = key
            if let name = given.name { key.name = name }
            if let end = given.expiresAt { key.expiresAt = end }
            if let scopes = given.scopes {
                // What it has already may stay, even if its person has lost it since: it is of no use meanwhile.
                try requireHeld(scopes.filter { scope in !before.scopes.contains { $0.covers(scope) } }, by: key.userID, in: transaction)
                key.scopes = scopes.normalized
            }
            if let addresses = given.addresses { key.addresses = addresses }
            var signing: String?
            if let requires = given.requiresSignature, requires != before.requiresSignature {
                if requires { signing = renewSigning(of: &key, overlaps: false) } else { key.signing = nil }
            }
            let hasOtherLimits =
                key.scopes != before.scopes || key.expiresAt != before.expiresAt || key.addresses != before.addresses
                || key.requiresSignature != before.requiresSignature
            guard hasOtherLimits || key.name != before.name else {
                return (Reply.json(200, key.json(at: now)).tagged(version: key.version), false)
            }
            try keys.update(&key, in: transaction)
            try record("api_key.update", key, before: before.audited, after: key.audited, scope: scope, in: transaction)
            guard let signing else { return (Reply.json(200, key.json(at: now)).tagged(version: key.version), hasOtherLimits) }
            var members = key.json(at: now).object ?? [:]
            members.append("signing_secret", .string(signing))
            return (Reply.json(200, .object(members)).tagged(version: key.version).secret(id: key.id.uuid), true)
        }
    }

    /// A new secret, shown this once; the old one is good for `overlap_s` seconds more, and the one before that not any more.
    func rotateKey(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        var input = try Input(try call.body())
        let overlap = input.integer("overlap_s", 0...Self.maximumOverlap) ?? Self.defaultOverlap
        try input.finish()
        return try await changeKey(call) { [self] key, transaction in
            guard !key.hasExpired(at: now) else { throw Self.expiredKey }
            let secret = KeySecret(for: key.id)
            let end = now.adding(seconds: overlap)
            (key.previous, key.hash, key.rotatedAt) = (overlap > 0 ? (key.hash, end) : nil, secret.hash, now)
            let signing = key.requiresSignature ? renewSigning(of: &key, overlaps: overlap > 0) : nil
            try keys.update(&key, in: transaction)
            try record("api_key.rotate", key, before: nil, after: ["overlap_s": .integer(overlap)], scope: scope, in: transaction)
            return (reply(key, secret, signing: signing, status: 200, at: now), true)
        }
    }

    /// One change of one's own key. With other people's, whoever may revoke them may do nothing else: a new secret would be a way to be that person.
    ///
    /// - Parameter change: returns whether what is open with the key must begin anew.
    private func changeKey(
        _ call: Call, _ change: @escaping @Sendable (inout KeyRecord, Transaction) throws -> (Reply, closes: Bool)
    ) async throws -> Reply {
        let user = try call.scope.requireWithoutAPIKey()
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            try lockUser(user, in: transaction)
            var key = try visibleKey(reference, scope: scope, in: transaction)
            guard key.userID == user else { throw Self.notYourKey }
            try call.checkIfMatch(version: key.version)
            let (reply, closes) = try change(&key, transaction)
            if closes { keys.end(key.id, of: user, .changed, at: now, in: transaction) }
            return reply
        }
    }

    /// Ends a key: one's own, or with `api_keys.manage` that of somebody below.
    func revokeKey(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireWithoutAPIKey()
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let key = try visibleKey(reference, scope: scope, in: transaction)
            if key.userID != user {
                try authorizer.requireMayManage(scope, target: key.userID, requiring: [.apiKeysManage], in: transaction)
            }
            try call.checkIfMatch(version: key.version)
            try keys.delete(key.id, in: transaction)
            try record("api_key.revoke", key, before: key.audited, after: nil, scope: scope, in: transaction)
            keys.end(key.id, of: key.userID, .revoked, at: now, in: transaction)
            return .noContent
        }
    }

    private static let notYourKey = Problem.forbidden(
        "not_your_key",
        LocalizedText(
            en: "Only its owner can change an API key. You can revoke it.",
            fr: "Seul son propriétaire peut modifier une clé d’API. Vous pouvez la révoquer."))

    private static let expiredKey = Problem.conflict(
        "key_expired",
        LocalizedText(
            en: "This key has expired. Give it a later end first.",
            fr: "Cette clé a expiré. Donnez-lui d’abord une échéance plus lointaine."))
}
