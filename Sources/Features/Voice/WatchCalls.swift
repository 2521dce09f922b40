internal import Authorization
internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Roles
internal import Runtime
internal import Sanctions

/// Ends calls that nobody answers, whose device is gone, or whose people may not be in one any more. Every node does it: the states in the database
/// decide who comes first.
extension VoiceFeature {
    /// The first leases are judged a lease after the start: who was in a call while the server was down has time to come back.
    func watchCalls() async throws {
        let start = clock.uptime()
        var round = 0
        while true {
            try await Task.sleep(for: .milliseconds(250))
            round += 1
            do {
                if round.isMultiple(of: 8) { try await holdBySockets() }
                try await endBarred()
                let judgesLeases = clock.uptime().milliseconds - start.milliseconds >= Self.lease
                if round.isMultiple(of: 2) { try await endDue(leases: judgesLeases) }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // The database may be away for a while; whatever is due stays due.
                watch.rightsChanged()
                log.warning("calls cannot be checked", [("cause", .string("\(error)"))])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Ends what has rung long enough and what a device has left without a word.
    func endDue(leases: Bool = true) async throws {
        let now = clock.now()
        let due = try await database.read(.system) { try CallTable.due(at: now, leases: leases, in: $0) }
        for id in due {
            try await database.write { [self] transaction in
                guard let call = try relocked(id, in: transaction), try CallTable.due(at: now, leases: leases, in: transaction).contains(id)
                else { return }
                let isMissed = call.state == .ringing && call.ringsUntil <= now
                let state: CallRecord.State = call.state == .active ? .ended : isMissed ? .missed : .cancelled
                try end(call, as: state, by: nil, scope: Scope(), at: now, in: transaction)
            }
        }
    }

    /// Ends the calls of people who lost the right to be in one, and of sessions that ended; tells of rights that changed within a call.
    func endBarred() async throws {
        let (mustCheck, ended) = watch.take()
        guard mustCheck else { return }
        let now = clock.now()
        let calls = try await database.read(.system) { [self] transaction in
            try CallTable.live(in: transaction).map { call in
                let mayBeBarred = try isBarred(call, ended: ended, at: now, in: transaction)
                let devices = try view(call, for: Scope(), at: now, in: transaction)["devices"] ?? .null
                return (id: call.id, isBarred: mayBeBarred, rights: devices.text)
            }
        }
        let changed = watch.changed(calls.map { ($0.id, $0.rights) })
        for (id, mayBeBarred, _) in calls where mayBeBarred || changed.contains(id) {
            try await database.write { [self] transaction in
                guard let call = try relocked(id, in: transaction) else { return }
                if try isBarred(call, ended: ended, at: now, in: transaction) {
                    try end(call, as: call.state == .active ? .ended : .cancelled, by: nil, scope: Scope(), at: now, in: transaction)
                } else {
                    try tell("call.updated", call, scope: Scope(), at: now, in: transaction)
                }
            }
        }
    }

    private func isBarred(_ call: CallRecord, ended: Set<SessionID>, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        if try VoiceSessionTable.live(in: [call.id], transaction).contains(where: { ended.contains($0.device) }) { return true }
        if try friendships.isBlocked(by: call.caller, of: call.callee, in: transaction) { return true }
        for member in try directory.members(call.people, in: transaction) {
            let rights = try roles.authorizer.rights(of: member.id, in: transaction).permissions
            let isAway = member.deletedAt != nil || member.isDisabled
            if isAway || !rights.contains(.voiceJoin) { return true }
            if try sanctions.ban(of: member.id, at: now, in: transaction) != nil { return true }
            if try sanctions.mute(of: member.id, at: now, in: transaction) != nil { return true }
        }
        return false
    }

    /// Renews the devices that have never renewed and whose session has an open connection here.
    func holdBySockets() async throws {
        let held = try await database.read(.system) { try VoiceSessionTable.heldBySockets(in: $0) }
        guard !held.isEmpty else { return }
        let connected = watch.connected
        let present = held.filter { connected.contains($0.device) }.map(\.id)
        guard !present.isEmpty else { return }
        let until = clock.now().adding(milliseconds: Self.lease)
        try await database.write { try VoiceSessionTable.hold(present, until: until, in: $0) }
    }

    /// A call that is on, with its people's rows locked; nil when it is over.
    private func relocked(_ id: RowID, in transaction: Transaction) throws -> CallRecord? {
        guard let found = try CallTable.call(id, in: transaction), found.state.isLive else { return nil }
        try lock(found.caller, found.callee, in: transaction)
        return try CallTable.call(id, in: transaction).flatMap { $0.state.isLive ? $0 : nil }
    }
}
