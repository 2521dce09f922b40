internal import Bus
internal import Conversations
internal import Database
internal import Kernel
internal import Notifications
internal import Web

/// `POST /calls/{id}/decline | cancel | leave`, and every other end of a call
extension VoiceFeature {
    enum Ending: Sendable { case decline, cancel, leave }

    /// The same answer again is nothing.
    func endCall(_ call: Call, _ wish: Ending) async throws -> Reply {
        let (user, scope, now, reference) = (try call.scope.requireUser(), call.scope, clock.now(), call.parameter("id"))
        return try await call.mutate(database) { [self] transaction in
            var call = try locked(reference, for: user, in: transaction)
            if let state = try Self.end(of: call, by: user, wish) {
                call = try end(call, as: state, by: user, scope: scope, at: now, in: transaction)
            }
            return .json(200, try ownView(call, for: scope, at: now, in: transaction))
        }
    }

    /// What becomes of the call; nil for nothing.
    private static func end(of call: CallRecord, by user: UserID, _ wish: Ending) throws(Problem) -> CallRecord.State? {
        let isCaller = user == call.caller
        switch (wish, call.state) {
        case (.leave, .active): return .ended
        case (.leave, .ringing): return isCaller ? .cancelled : .declined
        case (.leave, _): return nil
        case (.decline, _) where isCaller, (.cancel, _) where !isCaller: throw CallProblems.notYours
        case (.decline, .declined), (.cancel, .cancelled): return nil
        case (.decline, .ringing): return .declined
        case (.cancel, .ringing): return .cancelled
        default: throw CallProblems.isOver
        }
    }

    /// Ends a call that is on. The people's rows are locked.
    ///
    /// - Parameter user: who ended it; nil for the site.
    @discardableResult
    func end(
        _ call: CallRecord, as state: CallRecord.State, by user: UserID?, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> CallRecord {
        var ended = call
        (ended.state, ended.endedAt, ended.endedBy) = (state, now, user)
        guard try CallTable.update(ended, from: call.state, in: transaction) else { throw DatabaseError.retry }
        try VoiceSessionTable.leave(call.id, at: now, in: transaction)
        try tellEnd(of: ended, scope: scope, at: now, in: transaction)
        return ended
    }

    /// The event, the line in the conversation, and the notification of a call that its person did not answer.
    func tellEnd(of call: CallRecord, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        try tell("call.updated", call, scope: scope, at: now, in: transaction)
        let seconds = call.answeredAt.map { max(0, now.milliseconds - $0.milliseconds) / 1000 }
        try conversations.sayCall(
            CallLine(call.state.line, from: call.caller, to: call.callee, seconds: seconds), in: call.conversation, scope: scope, at: now,
            transaction)
        guard call.state == .missed || call.state == .busy || call.state == .cancelled, tellsPeople() else { return }
        try centre.notify(
            NotificationDraft(
                to: call.callee, kind: "call.missed", groupKey: "call.missed:\(call.conversation)", actor: call.caller,
                url: "/direct/\(call.conversation)", requestID: scope.requestID), in: transaction)
    }

    /// To every device of both.
    func tell(_ type: String, _ call: CallRecord, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        let view = try view(call, for: Scope(), at: now, in: transaction)
        transaction.atCommit(
            OutboxEvent(type, to: [.users(call.people)], members: ["call": .object(view)], requestID: scope.requestID, at: now)
                .sealed(by: cipher))
    }
}

extension CallRecord.State {
    fileprivate var line: CallLine.Kind {
        switch self {
        case .ringing, .active, .ended: .ended
        case .missed: .missed
        case .declined: .declined
        case .cancelled: .cancelled
        case .busy: .busy
        }
    }
}
