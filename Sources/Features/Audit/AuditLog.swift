package import Crypto
package import Database
internal import Directory
package import Kernel
internal import Synchronization

/// Records who did what, in the transaction of the act itself: no act without its entry.
package struct AuditLog: Sendable {
    package enum Outcome: Sendable {
        case success
        /// With the reason.
        case fail(String)
    }

    let chain: AuditChain
    /// Public keys of all signatures of the log, former keys included.
    let publicKeys: [String: Ed25519PublicKey]
    private let ids: IDGenerator
    private let database: any Database
    /// A choice of status that tells of being invisible: shown to the person and to owners alone.
    package static let privateStatus = "status.update_private"
    private let denials = DenialWindow()
    let roleID: RoleNames

    /// Finds the id behind `role_<name>`, a role deleted since included: the roles are another feature's.
    package typealias RoleNames = @Sendable (_ reference: String, Transaction) throws -> RoleID?

    /// - Parameter chainID: the node's number: each node has a chain of its own.
    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, chainID: Int64 = 0, roleID: @escaping RoleNames = { _, _ in nil }
    ) {
        (self.database, self.ids, self.roleID) = (database, ids, roleID)
        publicKeys = keyring.auditPublicKeys
        chain = AuditChain(id: chainID, key: keyring.audit, keyID: keyring.auditKeyID)
    }

    /// - Parameter payload: `{"before": …, "after": …}`, to which `api_key_id` is added where a key acted for the person.
    @discardableResult
    package func record(
        _ action: String, target: (type: String, id: String)?, payload: JSON, result: Outcome, scope: Scope, in transaction: Transaction
    ) throws -> AuditEntryID {
        let id = ids.next(AuditEntry.self)
        var payload = payload
        if let key = scope.key, case .object(var members) = payload {
            members.append("api_key_id", JSON(key.id))
            payload = .object(members)
        }
        var reason: String?
        if case .fail(let text) = result { reason = text }
        let entry = AuditContent(
            id: id, actor: scope.userID, action: action, targetType: target?.type, targetID: target?.id, payload: payload.text,
            isSuccess: reason == nil, reason: reason, ip: scope.address.nonEmpty, userAgent: scope.userAgent.nonEmpty,
            requestID: scope.requestID.nonEmpty)
        transaction.atCommit(AuditRecord(content: entry, chain: chain))
        return id
    }

    /// Records a refusal in a transaction of its own, once a minute for the same person, action and target; nothing for those who are not signed in.
    ///
    /// Whoever is refused at very many targets in a minute fills no disk: what goes beyond is one entry for each action, without a target.
    /// - Parameter target: an alias is stored as the id behind it.
    /// - Throws: what the database throws; the refusal itself stands either way.
    package func recordDenial(_ action: String, target: (type: String, id: String)?, reason: String, scope: Scope) async throws {
        guard let actor = scope.userID else { return }
        let minute = ids.next(AuditEntry.self).timestamp.milliseconds / 60_000
        let wanted = DenialWindow.Key(actor: actor, action: action, target: target?.id)
        guard let key = denials.admit(wanted, minute: minute) else { return }
        do {
            try await database.write { transaction in
                let resolved = try key.target.flatMap { _ in target }.map { (type: $0.type, id: try resolvedID($0, scope, transaction)) }
                let isFirst = try transaction.execute(
                    """
                    INSERT INTO audit_denials (minute, actor_user_id, action, target_id) VALUES (\(minute), \(actor), \(action), \(resolved?.id ?? ""))
                    ON CONFLICT DO NOTHING
                    """)
                guard isFirst == 1 else { return }
                try record(action, target: resolved, payload: [:], result: .fail(reason), scope: scope, in: transaction)
            }
        } catch {
            denials.forget(key, minute: minute)
            throw error
        }
    }

    /// Erases what is kept of somebody beside the chain: their requests and the marks of their refusals, before their row is deleted for good.
    package func eraseAccess(of user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM access_log WHERE user_id = \(user)")
        try transaction.execute("DELETE FROM audit_denials WHERE actor_user_id = \(user)")
    }

    private func resolvedID(_ target: (type: String, id: String), _ scope: Scope, _ transaction: Transaction) throws -> String {
        if target.type == "role" { return try roleID(target.id, transaction)?.uuid ?? String(target.id.prefix(100)) }
        guard target.type == "user", UserID(uuid: target.id) == nil else { return String(target.id.prefix(100)) }
        do {
            return try MemberDirectory().resolve(target.id, scope: scope, includingDeleted: true, in: transaction).uuid
        } catch is Problem {
            // Nobody of that name: what was asked for stands as it was written.
            return String(target.id.prefix(100))
        }
    }
}

/// The refusals of this minute that have been recorded by this process; in front of the table that coalesces for all nodes.
private final class DenialWindow: Sendable {
    struct Key: Hashable {
        let actor: UserID
        let action: String
        var target: String?
    }

    private struct State {
        var minute: Int64 = 0
        var keys: Set<Key> = []
        var counts: [UserID: Int] = [:]
    }

    private let state = Mutex(State())
    /// Beyond so many of one person, and so many of all, targets are no longer told apart.
    static let (ofOne, ofAll) = (30, 10_000)

    /// - Returns: what is to be recorded; nil when it was already.
    func admit(_ key: Key, minute: Int64) -> Key? {
        state.withLock { state in
            if state.minute != minute { state = State(minute: minute) }
            guard !state.keys.contains(key) else { return nil }
            var admitted = key
            if state.counts[key.actor, default: 0] >= Self.ofOne || state.keys.count >= Self.ofAll { admitted.target = nil }
            guard state.keys.insert(admitted).inserted else { return nil }
            state.counts[key.actor, default: 0] += 1
            return admitted
        }
    }

    func forget(_ key: Key, minute: Int64) {
        state.withLock { if $0.minute == minute { $0.keys.remove(key) } }
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
