internal import Audit
package import Database
internal import Directory
package import HTTP
package import Kernel
internal import Synchronization
package import Web

/// A passkey that stands for the code of a second factor.
package protocol PasskeyFactor: Sendable {
    /// What a browser is asked with; nil for somebody without a passkey.
    func offer(to user: UserID, at now: Timestamp, in transaction: Transaction) throws -> JSON?

    /// Looks at what the browser gave, outside of any transaction.
    func examine(_ credential: JSON) async throws -> any PasskeyProof
}

/// What was examined, to be spent in the transaction of the sign-in.
package protocol PasskeyProof: Sendable {
    /// - Returns: the refusal; nil when it is accepted. What it writes is committed either way. The caller holds the lock of the person.
    func spend(by user: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Problem?
}

extension AccountsFeature {
    /// Who somebody proved to be, without a password.
    package enum Proof: Sendable {
        /// - Parameter by: the means, as the audit log names it: `passkey`.
        case proven(UserID, by: String)
        case refused(Problem)
    }

    /// Makes passkeys known as a second factor; before the first request.
    package func use(passkeys: any PasskeyFactor) { passkeyFactor.withLock { $0 = passkeys } }

    var passkeys: (any PasskeyFactor)? { passkeyFactor.withLock { $0 } }

    /// - Throws: 403 for a browser’s request that comes from another site.
    package func checkOrigin(_ request: HTTPRequest) throws(Problem) { try publicOrigin.checkIfPresent(request) }

    /// Opens a session for whoever proves who they are by something that needs neither password nor second factor; the answer is that of a login.
    ///
    /// - Parameter prove: runs in the transaction that opens the session. What it writes is committed even when it refuses.
    package func enter(_ call: Call, prove: @escaping @Sendable (Transaction) throws -> Proof) async throws -> Reply {
        try checkOrigin(call.request)
        let mode = try Self.sessionMode(call.request)
        let (scope, now, address) = (call.scope, clock.now(), addressKey(call.scope.address))
        let entry = try await database.write { [self] transaction -> ProvenEntry in
            switch try prove(transaction) {
            case .refused(let problem): return .refused(problem)
            case .proven(let user, let means):
                try lockUser(user, in: transaction)
                let member = try directory.member(user, includingDeleted: true, in: transaction)
                switch standing(of: member, at: now).ruling(on: .signIn) {
                case .absent: return .refused(Self.invalidCredentials)
                case .barred: return .barred(member)
                case .allowed: break
                }
                if member.leftAt != nil { try comeBack(member, scope: scope, at: now, in: transaction) }
                return .opened(
                    try enter(
                        user, mode, address: address, action: "auth.login", detail: ["method": .string(means)], scope: scope, at: now,
                        in: transaction))
            }
        }
        switch entry {
        case .opened(let session): return try await sessionReply(session, scope: scope)
        case .refused(let problem): throw problem
        case .barred(let member): throw try await refusal(of: member, at: now)
        }
    }

    private enum ProvenEntry: Sendable {
        case opened(OpenedSession)
        case refused(Problem)
        case barred(Member)
    }
}
