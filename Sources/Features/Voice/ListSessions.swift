internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `GET /voice/sessions`
extension VoiceFeature {
    func listSessions(_ call: Call) async throws -> Reply {
        var query = try call.query
        let active = query.bool("active")
        let person = query.string("user")
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { RowID(uuid: $0) } } ?? RowID(rawValue: .max)
        let scope = call.scope
        return try await database.read { [self] transaction in
            let user = try directory.resolve(person ?? "me", ownOr: .voiceModerate, scope: scope, in: transaction)
            let found = try VoiceSessionTable.page(of: user, isLive: active, before: before, limit: page.limit + 1, in: transaction)
            let shown = found.prefix(page.limit)
            let next = found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil
            let total = page.wantsTotal ? try VoiceSessionTable.count(of: user, isLive: active, in: transaction) : nil
            return .page(shown.map { .object($0.view) }, next: next, total: total)
        }
    }
}

extension VoiceSession {
    /// Jitter and round trip are means of what was measured; null without a measurement.
    var view: JSONObject {
        func mean(_ total: Int64) -> JSON { samples > 0 ? .integer(total / samples) : .null }
        return [
            "id": JSON(id), "call_id": JSON(call), "conversation_id": JSON(conversation), "user_id": JSON(user),
            "joined_at": JSON(joinedAt), "left_at": JSON(leftAt), "packets_lost": .integer(packetsLost),
            "packets_received": .integer(packetsReceived), "jitter_ms": mean(jitterTotal), "rtt_ms": mean(roundTripTotal),
        ]
    }
}
