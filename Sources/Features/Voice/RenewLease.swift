internal import Bus
internal import Database
internal import Kernel
internal import Realtime
internal import Runtime
internal import Web

/// `POST /calls/{id}/renew`, `POST /calls/{id}/signal`, and the same as commands: `voice.renew`, `voice.signal`
extension VoiceFeature {
    func renewLease(_ call: Call) async throws -> Reply {
        try await renew(Input(try call.body()), call.parameter("id"), scope: call.scope)
        return .noContent
    }

    func renewLease(_ command: CommandCall) async throws {
        _ = try command.scope.requireOwn(.write)
        var input = try Input(.object(command.body))
        let id = input.string("call_id", length: 1...100, required: true)
        try await renew(input, id ?? "", scope: command.scope)
    }

    private func renew(_ given: Input, _ reference: String, scope: Scope) async throws {
        var input = given
        let device = input.string("device_id", length: 1...100, required: true)
        let measured = input.raw("quality")
        try input.finish()
        let quality = try measured.flatMap { $0 == .null ? nil : try CallQuality($0) }
        let id = try input.required(device)
        try limiter.spend(RateLimiter.Charge(Self.renewals, scope.sessionID?.uuid ?? ""))
        let until = clock.now().adding(milliseconds: Self.lease)
        try await database.write { [self] transaction in
            let (_, session) = try own(id, in: reference, scope: scope, transaction)
            guard try VoiceSessionTable.renew(session.id, until: until, quality, in: transaction) else { throw CallProblems.isOver }
        }
    }

    func sendSignal(_ call: Call) async throws -> Reply {
        try await relay(Input(try call.body()), call.parameter("id"), scope: call.scope)
        return .noContent
    }

    func sendSignal(_ command: CommandCall) async throws {
        _ = try command.scope.requireOwn(.write)
        var input = try Input(.object(command.body))
        let id = input.string("call_id", length: 1...100, required: true)
        try await relay(input, id ?? "", scope: command.scope)
    }

    /// Hands a signal to the other device of the call, and to no other.
    private func relay(_ given: Input, _ reference: String, scope: Scope) async throws {
        var input = given
        let device = input.string("device_id", length: 1...100, required: true)
        let data = input.raw("data")
        try input.finish()
        let id = try input.required(device)
        guard let data else {
            throw Problem.invalid("/data", "required", LocalizedText(en: "A signal is expected.", fr: "Un signal est attendu."))
        }
        try limiter.spend(RateLimiter.Charge(Self.signals, scope.sessionID?.uuid ?? ""))
        guard data.bytes.count <= Self.signalBytes else { throw CallProblems.signalTooLarge }
        let (session, peer) = try await database.read { [self] transaction in
            let (call, session) = try own(id, in: reference, scope: scope, transaction)
            let others = try VoiceSessionTable.live(in: [call.id], transaction).filter { $0.id != session.id }
            return (session, others.first)
        }
        guard let peer else { throw CallProblems.noPeer }
        broker.publish(
            [
                Event(
                    "voice.signal",
                    members: [
                        "call_id": JSON(session.call), "from": JSON(session.id), "to": JSON(peer.id), "data": data,
                    ])
            ], to: peer.topic)
    }

    /// The call and the asking device's place in it.
    private func own(_ id: String, in reference: String, scope: Scope, _ transaction: Transaction) throws -> (CallRecord, VoiceSession) {
        let call = try find(reference, for: try scope.requireUser(), in: transaction)
        guard call.state.isLive else { throw CallProblems.isOver }
        guard let id = RowID(uuid: id), let session = try VoiceSessionTable.session(id, in: transaction), session.call == call.id,
            session.leftAt == nil, session.isOf(scope)
        else { throw CallProblems.notInCall }
        return (call, session)
    }
}

extension CallQuality {
    init(_ json: JSON) throws(Problem) {
        var input = try Input(json)
        let totals: ClosedRange<Int64> = 0...(1 << 40)
        packetsLost = input.integer("packets_lost", totals, required: true) ?? 0
        packetsReceived = input.integer("packets_received", totals, required: true) ?? 0
        jitter = input.integer("jitter_ms", 0...60_000, required: true) ?? 0
        roundTrip = input.integer("rtt_ms", 0...60_000, required: true) ?? 0
        try input.finish()
    }
}
