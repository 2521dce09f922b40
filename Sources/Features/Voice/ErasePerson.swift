package import Database
package import Kernel

extension VoiceFeature {
    /// A call that is on ends.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        let now = clock.now()
        for call in try CallTable.live(of: person, in: transaction) {
            try end(call, as: call.state == .active ? .ended : .cancelled, by: nil, scope: Scope(), at: now, in: transaction)
        }
        try transaction.execute("DELETE FROM voice_sessions WHERE user_id = \(person)")
        try transaction.execute("DELETE FROM calls WHERE caller_id = \(person) OR callee_id = \(person)")
    }

    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let calls = try transaction.rows(
            "SELECT \(sql: CallRecord.columns) FROM calls WHERE caller_id = \(person) OR callee_id = \(person) ORDER BY id"
        ).map { CallRecord($0) }
        guard !calls.isEmpty else { return [:] }
        let sessions = try VoiceSessionTable.page(of: person, isLive: nil, before: RowID(rawValue: .max), limit: 100_000, in: transaction)
        return [
            "calls": .array(
                calls.map { call in
                    [
                        "id": JSON(call.id), "caller_id": JSON(call.caller), "callee_id": JSON(call.callee),
                        "state": .string(call.state.rawValue), "created_at": JSON(call.createdAt), "answered_at": JSON(call.answeredAt),
                        "ended_at": JSON(call.endedAt),
                    ]
                }), "voice_sessions": .array(sessions.map { .object($0.view) }),
        ]
    }
}
