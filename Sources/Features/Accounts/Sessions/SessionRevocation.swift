internal import Database
package import Kernel
package import Realtime

/// The end of one session before its time, or of what is open with an API key, whose number then stands for the session’s.
package struct SessionRevocation: Sendable, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        /// The person signed out.
        case logout
        /// The person, or somebody who may, ended it from the list.
        case revoked
        /// The password was changed elsewhere.
        case password
        /// A second factor was taken into use: whoever came in without it is out.
        case factor
        /// A spent refresh token came back: somebody holds a copy.
        case reuse
        case banned
        /// The team kicked the person, who may sign in again.
        case kicked
        case disabled
        case deleted
        /// An API key's secret, scopes or end changed: whoever holds it comes back with what it may do now.
        case changed

        /// What the gateway tells the sockets of the session.
        package var closeCode: CloseCode {
            switch self {
            case .logout: .loggedOut
            case .revoked, .password, .factor, .reuse, .deleted, .kicked: .revoked
            case .banned: .banned
            case .disabled: .disabled
            case .changed: .unauthenticated
            }
        }
    }

    package let sessionID: SessionID
    package let userID: UserID
    package let reason: Reason
    package let at: Timestamp
}

/// Numbers revocations just before COMMIT, under a lock held until then: a node that reads "after N" misses none.
struct NumberedRevocation: DeferredWrite {
    let revocation: SessionRevocation

    /// Behind the outbox, whichever of the two a transaction wrote first: two that take both heads in turn would wait for each other.
    static var order: Int { 1 }

    static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws {
        let count = writes.count
        guard
            let head = try transaction.row(
                "UPDATE session_revocation_head SET next_seq = next_seq + \(count) WHERE id = 1 RETURNING next_seq")
        else { throw DatabaseError.other(code: 0, message: "session_revocation_head has lost its row") }
        var sequence = head.int64(0) - Int64(count)
        for case let write as NumberedRevocation in writes {
            let revocation = write.revocation
            try transaction.execute(
                """
                INSERT INTO session_revocations (seq, session_id, user_id, reason, created_at)
                VALUES (\(sequence), \(revocation.sessionID), \(revocation.userID), \(revocation.reason.rawValue), \(revocation.at))
                """)
            sequence += 1
        }
    }
}
