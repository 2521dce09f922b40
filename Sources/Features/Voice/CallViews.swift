internal import Authorization
internal import Database
internal import Friends
internal import Kernel
internal import Roles
internal import Web

extension VoiceFeature {
    /// A call as events tell of it: the same for both people.
    func view(_ call: CallRecord, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> JSONObject {
        let devices = call.state.isLive ? try VoiceSessionTable.live(in: [call.id], transaction) : []
        let people = try cards.cards(of: call.people, for: scope, at: now, in: transaction)
        let shown = try devices.map { device -> JSON in
            let rights = try roles.authorizer.rights(of: device.user, in: transaction).permissions
            return [
                "id": JSON(device.id), "user_id": JSON(device.user), "joined_at": JSON(device.joinedAt),
                "may_speak": .bool(rights.contains(.voiceSpeak)), "may_video": .bool(rights.contains(.voiceVideo)),
            ]
        }
        return [
            "id": JSON(call.id), "conversation_id": JSON(call.conversation), "state": .string(call.state.rawValue),
            "caller": people[call.caller] ?? .null, "callee": people[call.callee] ?? .null, "created_at": JSON(call.createdAt),
            "rings_until": JSON(call.ringsUntil), "answered_at": JSON(call.answeredAt), "ended_at": JSON(call.endedAt),
            "ended_by": JSON(call.endedBy), "devices": .array(shown),
        ]
    }

    /// The same with the reader's own device.
    func ownView(_ call: CallRecord, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> JSON {
        var view = try view(call, for: scope, at: now, in: transaction)
        let own = call.state.isLive ? try VoiceSessionTable.live(in: [call.id], transaction).first { $0.isOf(scope) } : nil
        let device = own.map { own -> JSON in
            ["id": JSON(own.id), "topic": .string(own.topic), "lease_s": .integer(Self.lease / 1000)]
        }
        view.append("device", device ?? .null)
        return .object(view)
    }
}

extension VoiceSession {
    /// Whether it is the device that asks.
    func isOf(_ scope: Scope) -> Bool { user == scope.userID && device == scope.sessionID }
}
