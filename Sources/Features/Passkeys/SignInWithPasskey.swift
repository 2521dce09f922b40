package import Accounts
internal import Audit
internal import Crypto
package import Database
internal import Directory
package import Kernel
internal import Runtime
internal import Web

/// `POST /auth/passkey/options` and `POST /auth/passkey`
extension PasskeysFeature {
    func beginSignIn(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        try input.finish()
        return try await offerSignIn(call)
    }

    func offerSignIn(_ call: Call) async throws -> Reply {
        try accounts.checkOrigin(call.request)
        let relyingParty = try options.required()
        try limiter?.spend(RateLimiter.Charge(.passkeyChallenges, AddressBlock.of(call.scope.address)))
        let now = clock.now()
        let challenge = try await database.write { try ChallengeTable.issue(.signIn, at: now, in: $0) }
        return .json(200, Self.request(challenge, relyingParty, for: [], verification: "required"))
    }

    /// The person is whom the credential belongs to: the browser names them by their handle.
    func signIn(_ call: Call) async throws -> Reply {
        try accounts.checkOrigin(call.request)
        var input = try Input(try call.body())
        let credential = input.raw("credential")
        try input.finish()
        let given = try CredentialInput(assertion: credential)
        let examined = try await examine(given, needsVerification: true)
        guard given.userHandle == examined.passkey.userHandle else { throw PasskeyProblems.invalid("another handle, or none") }
        let (scope, now) = (call.scope, clock.now())
        return try await accounts.enter(call) { [self] transaction in
            let user = examined.passkey.userID
            try directory.lock(user, in: transaction)
            let challenge = try ChallengeTable.spend(examined.assertion.clientData.challenge, .signIn, at: now, in: transaction)
            guard challenge != nil else { return .refused(PasskeyProblems.invalid("challenge")) }
            if let refusal = try use(examined, by: user, scope: scope, at: now, in: transaction) { return .refused(refusal) }
            return .proven(user, by: "passkey")
        }
    }

    /// What is known of an assertion before the database is changed for it.
    struct Examined: Sendable {
        let passkey: Passkey
        let assertion: Assertion
    }

    /// - Throws: 401 when the credential is not known, or does not prove what it should.
    func examine(_ given: CredentialInput, needsVerification: Bool) async throws -> Examined {
        let relyingParty = try options.required()
        guard let passkey = try await database.read({ try PasskeyTable.find(credential: given.id, in: $0) }) else {
            throw PasskeyProblems.invalid("unknown credential")
        }
        do {
            let assertion = try Assertion(
                authenticatorData: given.authenticatorData, clientData: try ClientData(given.clientData), signature: given.signature,
                by: try passkey.key, for: relyingParty, needsVerification: needsVerification)
            return Examined(passkey: passkey, assertion: assertion)
        } catch let fault as WebAuthnFault {
            throw PasskeyProblems.invalid("\(fault)")
        }
    }

    /// Notes the use, or refuses it for its counter. The caller holds the lock of the person.
    ///
    /// Keys that are never copied count their uses; a count that does not grow means that there are two of them (WebAuthn §6.1.1). Keys that are
    /// copied to other devices may count badly: they are let in, which is written on the audit log.
    func use(_ examined: Examined, by user: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Problem? {
        let data = examined.assertion.data
        guard let current = try PasskeyTable.find(examined.passkey.id, of: user, in: transaction) else {
            return PasskeyProblems.invalid("removed meanwhile, or of another person")
        }
        guard data.isBackupEligible == current.isBackupEligible else { return PasskeyProblems.invalid("\(WebAuthnFault.backup)") }
        let counts = data.signCount != 0 || current.signCount != 0
        if counts, data.signCount <= current.signCount {
            try recordCounter(of: current, data.signCount, scope: scope, in: transaction)
            if !current.isBackupEligible { return PasskeyProblems.copied }
        }
        try PasskeyTable.use(
            current.id, signCount: max(data.signCount, current.signCount), isBackedUp: data.isBackedUp, at: now, in: transaction)
        return nil
    }

    private func recordCounter(of passkey: Passkey, _ given: Int64, scope: Scope, in transaction: Transaction) throws {
        var actor = scope
        actor.userID = passkey.userID
        log.warning(
            "the counter of a passkey went back",
            [("user_id", JSON(passkey.userID)), ("before", .integer(passkey.signCount)), ("given", .integer(given))])
        _ = try audit.record(
            "passkey.counter", target: ("user", passkey.userID.uuid),
            payload: ["name": .string(passkey.name), "before": .integer(passkey.signCount), "after": .integer(given)],
            result: passkey.isBackupEligible ? .success : .fail("passkey_copied"), scope: actor, in: transaction)
    }

    static func request(_ challenge: [UInt8], _ relyingParty: RelyingParty, for passkeys: [Passkey], verification: JSON) -> JSON {
        [
            "challenge": .string(Base64URL.encode(challenge)), "rpId": .string(relyingParty.id),
            "timeout": .integer(ChallengeTable.lifetime * 1000), "userVerification": verification,
            "allowCredentials": .array(passkeys.map(\.descriptor)),
        ]
    }
}

extension PasskeysFeature: PasskeyFactor {
    /// Behind the password: what proves that somebody has the key is enough.
    package func offer(to user: UserID, at now: Timestamp, in transaction: Transaction) throws -> JSON? {
        guard let relyingParty = options.relyingParty else { return nil }
        let passkeys = try PasskeyTable.all(of: user, in: transaction).filter { $0.relyingPartyID == relyingParty.id }
        guard !passkeys.isEmpty else { return nil }
        let challenge = try ChallengeTable.issue(.secondFactor, user: user, at: now, in: transaction)
        return Self.request(challenge, relyingParty, for: passkeys, verification: "preferred")
    }

    package func examine(_ credential: JSON) async throws -> any PasskeyProof {
        let given = try CredentialInput(assertion: credential)
        let examined = try await examine(given, needsVerification: false)
        guard given.userHandle == nil || given.userHandle == examined.passkey.userHandle else {
            throw PasskeyProblems.invalid("another handle")
        }
        return SecondFactorProof(feature: self, examined: examined)
    }

    private struct SecondFactorProof: PasskeyProof {
        let feature: PasskeysFeature
        let examined: Examined

        func spend(by user: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Problem? {
            let given = examined.assertion.clientData.challenge
            let challenge = try ChallengeTable.spend(given, .secondFactor, at: now, in: transaction)
            guard challenge?.user == user else { return PasskeyProblems.invalid("challenge") }
            return try feature.use(examined, by: user, scope: scope, at: now, in: transaction)
        }
    }
}

extension PasskeysFeature {
    /// How many of a person's are good for the site's address of now.
    package func count(of user: UserID, in transaction: Transaction) throws -> Int {
        guard let id = options.relyingParty?.id else { return 0 }
        return try PasskeyTable.all(of: user, in: transaction).filter { $0.relyingPartyID == id }.count
    }

    /// Removes those that were added before the address of the account proved to be the person's.
    ///
    /// - Returns: how many.
    package func endUnproven(of user: UserID, before provenAt: Timestamp?, in transaction: Transaction) throws -> Int {
        let unproven = try PasskeyTable.all(of: user, in: transaction).filter { passkey in provenAt.map { passkey.createdAt < $0 } ?? true }
        for passkey in unproven {
            try PasskeyTable.delete(passkey.id, in: transaction)
            try record("passkey.remove", on: user, before: passkey.audited, after: .null, scope: Scope(userID: user), in: transaction)
        }
        return unproven.count
    }
}
