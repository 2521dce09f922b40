internal import Accounts
internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Mail
internal import Runtime
internal import Web

/// What options are asked for.
enum PasskeyPurpose: String, CaseIterable, Sendable {
    case register, login
}

/// `POST /users/me/passkeys/options` and `POST /users/me/passkeys`
extension PasskeysFeature {
    private static let handleCount = 64

    /// The challenge is good for the session that asked, after its person proved again who they are.
    func beginRegistration(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let password = input.string("password", length: 1...200, trimmed: false)
        let code = input.string("code", length: 1...40)
        try input.finish()
        return try await beginRegistration(call, password: password, code: code)
    }

    /// Whichever of the two options is wanted.
    func beginEither(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let purpose = input.choice("purpose", PasskeyPurpose.self)
        let password = input.string("password", length: 1...200, trimmed: false)
        let code = input.string("code", length: 1...40)
        try input.finish()
        switch purpose ?? (call.scope.userID == nil ? .login : .register) {
        case .register: return try await beginRegistration(call, password: password, code: code)
        case .login: return try await offerSignIn(call)
        }
    }

    private func beginRegistration(_ call: Call, password: String?, code: String?) async throws -> Reply {
        let user = try call.scope.requireWithoutAPIKey()
        let relyingParty = try options.required()
        try limiter?.spend(RateLimiter.Charge(.passkeyChallenges, user.uuid))
        let (scope, now) = (call.scope, clock.now())
        try await accounts.confirmPerson(user, password: password, code: code, action: "passkey.add", scope: scope)
        return try await database.write { [self] transaction in
            try directory.lock(user, in: transaction)
            let member = try directory.member(user, in: transaction)
            let passkeys = try PasskeyTable.all(of: user, in: transaction)
            guard passkeys.count < Passkey.maximumCount else { throw PasskeyProblems.tooMany }
            // One handle a person, so that a device keeps one passkey of theirs.
            let handle = passkeys.last?.userHandle ?? Random.bytes(Self.handleCount)
            let challenge = try ChallengeTable.issue(
                .register, session: scope.sessionID, user: user, handle: handle, at: now, in: transaction)
            let algorithms: [JSON] = CredentialKey.Algorithm.allCases.map { ["type": "public-key", "alg": .integer($0.rawValue)] }
            return .json(
                200,
                [
                    "challenge": .string(Base64URL.encode(challenge)),
                    "rp": ["id": .string(relyingParty.id), "name": .string(relyingParty.id)],
                    "user": [
                        "id": .string(Base64URL.encode(handle)), "name": .string(member.username),
                        "displayName": .string(member.displayName),
                    ], "pubKeyCredParams": .array(algorithms), "timeout": .integer(ChallengeTable.lifetime * 1000),
                    "excludeCredentials": .array(passkeys.filter { $0.relyingPartyID == relyingParty.id }.map(\.descriptor)),
                    "authenticatorSelection": [
                        "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
                    ], "attestation": "none", "extensions": ["credProps": true],
                ])
        }
    }

    func register(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireWithoutAPIKey()
        var input = try Input(try call.body())
        let given = input.name("name", length: Passkey.nameLength)
        let credential = input.raw("credential")
        try input.finish()
        let relyingParty = try options.required()
        let made = try CredentialInput(registration: credential)
        let (clientData, attestation) = try Self.check(made, relyingParty)
        let (scope, now) = (call.scope, clock.now())
        let passkey = Passkey(
            id: ids.next(AnyEntity.self), of: user, attestation, handle: [], transports: made.transports,
            name: given ?? Self.name(in: scope.userAgent, scope.language), relyingParty: relyingParty, at: now)
        return try await call.mutate(database) { [self] transaction in
            try directory.lock(user, in: transaction)
            let challenge = try ChallengeTable.spend(clientData.challenge, .register, at: now, in: transaction)
            guard let challenge, challenge.user == user, challenge.session == scope.sessionID, let handle = challenge.handle else {
                throw PasskeyProblems.challenge
            }
            guard try PasskeyTable.all(of: user, in: transaction).count < Passkey.maximumCount else { throw PasskeyProblems.tooMany }
            guard try PasskeyTable.find(credential: passkey.credentialID, in: transaction) == nil else { throw PasskeyProblems.registered }
            let kept = passkey.known(by: handle)
            try PasskeyTable.insert(kept, in: transaction)
            try record("passkey.add", on: user, before: .null, after: kept.audited, scope: scope, in: transaction)
            try tell(user, of: kept, in: transaction)
            return Reply.json(201, kept.json(relyingParty))
        }
    }

    private static func check(_ made: CredentialInput, _ relyingParty: RelyingParty) throws(Problem) -> (ClientData, Attestation) {
        do throws(WebAuthnFault) {
            let clientData = try ClientData(made.clientData)
            let attestation = try Attestation(made.attestation, clientData, for: relyingParty)
            guard attestation.credential.id == made.id else { throw WebAuthnFault.malformed("two ids") }
            return (clientData, attestation)
        } catch {
            throw PasskeyProblems.refused(error)
        }
    }

    /// A name for a passkey that was given none.
    private static func name(in userAgent: String, _ language: Language) -> String {
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
        ]
        let system = systems.first { userAgent.contains($0.0) }?.1
        return system ?? LocalizedText(en: "Passkey", fr: "Clé d’accès")(language)
    }

    /// By mail: a passkey that somebody else added opens the account until it is removed.
    private func tell(_ user: UserID, of passkey: Passkey, in transaction: Transaction) throws {
        let member = try directory.member(user, in: transaction)
        try accounts.post("passkey_added", lifetime: 7 * 86_400, to: member, in: transaction) { language, site in
            let host = String(site.drop { $0 != "/" }.drop { $0 == "/" })
            return MailText(
                language, subject: LocalizedText(en: "A passkey was added", fr: "Une clé d’accès a été ajoutée"),
                [
                    LocalizedText(
                        en:
                            "The passkey “\(passkey.name)” was added to your account on \(host). One can sign in with it without a password.",
                        fr:
                            "La clé d’accès « \(passkey.name) » a été ajoutée à votre compte sur \(host). Elle permet de se connecter sans mot de passe."
                    ),
                    LocalizedText(
                        en: "If it was not you, remove it, choose a new password and tell the site’s team.",
                        fr: "Si ce n’était pas vous, retirez-la, choisissez un nouveau mot de passe et prévenez l’équipe du site."),
                ], link: (LocalizedText(en: "My passkeys", fr: "Mes clés d’accès"), "\(site)/settings/security"))
        }
    }
}
