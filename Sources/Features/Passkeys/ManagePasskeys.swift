internal import Accounts
internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `GET /users/me/passkeys`, `PATCH` and `DELETE /users/me/passkeys/{id}`
extension PasskeysFeature {
    func listPasskeys(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        let (relyingParty, language) = (options.relyingParty, call.scope.language)
        let unavailable = relyingParty == nil ? options.absence.sentence(language) : nil
        return try await database.read { transaction in
            let passkeys = try PasskeyTable.all(of: user, in: transaction)
            return .json(
                200,
                [
                    "items": .array(passkeys.map { $0.json(relyingParty) }), "next": nil, "rp_id": JSON(relyingParty?.id),
                    "unavailable": JSON(unavailable),
                    "limit": JSON(Passkey.maximumCount),
                ])
        }
    }

    func rename(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireWithoutAPIKey()
        var input = try Input(try call.body())
        let given = input.name("name", length: Passkey.nameLength, required: true)
        try input.finish()
        let name = try input.required(given)
        let (reference, scope, relyingParty) = (call.parameter("id"), call.scope, options.relyingParty)
        return try await call.mutate(database) { [self] transaction in
            try directory.lock(user, in: transaction)
            var passkey = try own(reference, of: user, in: transaction)
            if !passkey.name.hasSameBytes(as: name) {
                let before = passkey.audited
                passkey.name = name
                try PasskeyTable.rename(passkey.id, name, in: transaction)
                try record("passkey.rename", on: user, before: before, after: passkey.audited, scope: scope, in: transaction)
            }
            return .json(200, passkey.json(relyingParty))
        }
    }

    /// Not the last thing by which somebody can come in.
    func remove(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireWithoutAPIKey()
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await call.mutate(database) { [self] transaction in
            try directory.lock(user, in: transaction)
            let passkey = try own(reference, of: user, in: transaction)
            let counts = passkey.relyingPartyID == options.relyingParty?.id
            guard try accounts.waysIn(of: user, in: transaction) > (counts ? 1 : 0) else { throw PasskeyProblems.lastWayIn }
            try PasskeyTable.delete(passkey.id, in: transaction)
            try record("passkey.remove", on: user, before: passkey.audited, after: .null, scope: scope, in: transaction)
            return .noContent
        }
    }

    /// - Throws: 404 for another's, too.
    private func own(_ reference: String, of user: UserID, in transaction: Transaction) throws -> Passkey {
        guard let id = RowID(uuid: reference), let passkey = try PasskeyTable.find(id, of: user, in: transaction) else {
            throw Problem.notFound
        }
        return passkey
    }
}
