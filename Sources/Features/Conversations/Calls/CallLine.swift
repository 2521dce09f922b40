package import Database
package import Kernel

/// How a call ended, as its conversation tells it.
package struct CallLine: Sendable {
    package enum Kind: Sendable { case ended, missed, declined, cancelled, busy }

    let kind: Kind
    let caller: UserID
    let callee: UserID
    let seconds: Int64?

    /// - Parameter seconds: how long it lasted; nil for one that was not answered.
    package init(_ kind: Kind, from caller: UserID, to callee: UserID, seconds: Int64?) {
        (self.kind, self.caller, self.callee, self.seconds) = (kind, caller, callee, seconds)
    }
}

/// What calls need of conversations.
extension ConversationsFeature {
    /// The other person of a direct conversation of this one.
    ///
    /// - Throws: 404 for a conversation that the person is not in, 422 for a group or a channel.
    package func partner(in reference: String, of user: UserID, in transaction: Transaction) throws -> (ConversationID, UserID) {
        guard let id = ConversationID(uuid: reference), let record = try conversation(id, in: transaction), !record.isChannel,
            try MemberTable.contains(user, id, in: transaction)
        else { throw Problem.notFound }
        let others = try MemberTable.members(of: id, in: transaction).filter { $0 != user }
        guard record.kind == .direct, let other = others.first else {
            throw Problem.invalid(
                "/conversation_id", "not_direct",
                LocalizedText(en: "A call is between two people.", fr: "Un appel se fait entre deux personnes."))
        }
        return (id, other)
    }

    /// The direct conversation of two people, begun when there is none. The caller has asked whether the one may call the other.
    package func directConversation(
        of one: UserID, with other: UserID, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> ConversationID {
        try direct(one, other, asks: false, scope: scope, at: now, in: transaction).0.id
    }

    /// Writes how a call ended as a system message; nothing in a conversation that is gone.
    package func sayCall(_ line: CallLine, in id: ConversationID, scope: Scope, at now: Timestamp, _ transaction: Transaction) throws {
        guard let record = try conversation(id, in: transaction) else { return }
        let kind: SystemLine.Kind =
            switch line.kind {
            case .ended: .callEnded
            case .missed: .callMissed
            case .declined: .callDeclined
            case .cancelled: .callCancelled
            case .busy: .callBusy
            }
        try say(
            SystemLine(kind, by: line.caller, to: line.callee, seconds: line.seconds), in: record, scope: scope, at: now, transaction)
    }
}
