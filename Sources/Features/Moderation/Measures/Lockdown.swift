internal import Audit
internal import Conversations
internal import Database
internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// `GET` and `POST /moderation/lockdowns`, `DELETE /moderation/lockdowns/{id}`
extension ModerationFeature {
    func listLockdowns(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] transaction in
            let found = try MeasureTable.inForce(at: now, in: transaction).filter { $0.kind == .lockdown }
            return .json(200, ["items": .array(try views(of: found, for: scope, at: now, in: transaction))])
        }
    }

    func views(of measures: [Measure], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        let cards = try cards.cards(of: measures.compactMap(\.startedBy), for: scope, at: now, in: transaction)
        return measures.map { measure in
            [
                "id": JSON(measure.id), "channels": .array(measure.channels.map { JSON($0) }), "reason": JSON(measure.reason),
                "started_by": measure.startedBy.flatMap { cards[$0] } ?? .null, "started_at": JSON(measure.startedAt),
                "ends_at": JSON(measure.endsAt),
            ]
        }
    }

    func startLockdown(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let references = input.strings("channels", count: 0...Measure.channelLimit, length: 1...100) ?? []
        let seconds = input.integer("duration_s", Measure.seconds, required: true)
        let reason = input.string("reason", length: 0...SanctionLimits.reason)
        var channels: [ConversationID] = []
        for (index, reference) in references.enumerated() {
            if let id = ConversationID(uuid: reference) {
                channels.append(id)
            } else {
                input.fail("channels", at: index, "unknown", LocalizedText(en: "No such channel.", fr: "Ce salon n’existe pas."))
            }
        }
        try input.finish()
        let (scope, now, covered, span) = (call.scope, clock.now(), channels, try input.required(seconds))
        return try await call.mutate(database) { [self] transaction in
            let open = try MeasureTable.inForce(at: now, in: transaction).count { $0.kind == .lockdown }
            guard open < Self.lockdowns else { throw ModerationProblems.tooManyLockdowns }
            var measure = Measure(.lockdown, id: ids.next(), by: scope.userID, at: now, seconds: span)
            (measure.channels, measure.reason) = (covered, reason.flatMap { $0.isEmpty ? nil : $0 })
            _ = try MeasureTable.insert(measure, in: transaction)
            try record("lockdown.start", measure, scope: scope, in: transaction)
            return .json(201, try views(of: [measure], for: scope, at: now, in: transaction)[0])
        }
    }

    static let lockdowns = 200

    /// Repeating the request changes nothing.
    func endLockdown(_ call: Call) async throws -> Reply {
        let (scope, now, id) = (call.scope, clock.now(), MeasureID(uuid: call.parameter("id")))
        return try await call.mutate(database) { [self] transaction in
            guard let id, let measure = try MeasureTable.measure(id, in: transaction), measure.kind == .lockdown else {
                throw Problem.notFound
            }
            if try MeasureTable.end(id, by: scope.userID, at: now, in: transaction) {
                try record("lockdown.end", measure, scope: scope, in: transaction)
            }
            return .noContent
        }
    }

    func record(_ action: String, _ measure: Measure, scope: Scope, in transaction: Transaction) throws {
        try audit.record(
            action, target: ("measure", measure.id.uuid),
            payload: [
                "channels": .array(measure.channels.map { JSON($0) }), "reason": JSON(measure.reason), "ends_at": JSON(measure.endsAt),
            ], result: .success, scope: scope, in: transaction)
        announceToTeam(
            "measure.updated", ["kind": .string(measure.kind.rawValue)], scope: scope, at: clock.now(), in: transaction)
    }
}

extension ModerationProblems {
    static let tooManyLockdowns = Problem.conflict(
        "too_many_lockdowns",
        LocalizedText(
            en: "\(ModerationFeature.lockdowns) lockdowns are in force, which is the limit.",
            fr: "\(ModerationFeature.lockdowns) verrouillages sont en cours, ce qui est la limite."))
}
