internal import Audit
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Sanctions
internal import Web

/// `GET` and `PUT /moderation/escalations`, `GET /sanctions/preview`
extension ModerationFeature {
    static let (rules, within): (Int, ClosedRange<Int64>) = (20, 60...31_536_000)

    func readEscalations(_ call: Call) async throws -> Reply {
        try await database.read { Self.reply(try EscalationTable.rules(in: $0)) }
    }

    private static func reply(_ rules: [EscalationRule]) -> Reply { .json(200, ["items": .array(rules.map(\.json))]) }

    /// Replaces the whole list; a rule that is equal to a former one keeps its id. A new rule needs the permission of its result.
    func writeEscalations(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.raw("items")?.array
        if given == nil || (given?.count ?? 0) > Self.rules {
            input.fail("items", "count", LocalizedText(en: "At most \(Self.rules) rules.", fr: "\(Self.rules) règles au plus."))
        }
        let user = try call.scope.requireUser()
        var wanted: [EscalationRule] = []
        for (index, item) in (given ?? []).prefix(Self.rules).enumerated() {
            do { wanted.append(try rule(item, index, by: user)) } catch { input.take(error.faults) }
        }
        try input.finish()
        let (scope, now, list) = (call.scope, clock.now(), wanted)
        return try await call.mutate(database) { [self] transaction in
            // The row that every change of rights locks: one of two lists saved at once wins as a whole.
            _ = try roles.authorizer.lockAuthorisation(in: transaction)
            let before = try EscalationTable.rules(in: transaction)
            for old in before where !list.contains(where: { $0.equals(old) }) { try EscalationTable.delete(old.id, in: transaction) }
            for new in list where !before.contains(where: { $0.equals(new) }) {
                try scope.require(new.result.permission)
                try EscalationTable.insert(new, at: now, in: transaction)
            }
            let after = try EscalationTable.rules(in: transaction)
            try audit.record(
                "escalation.update", target: nil,
                payload: ["before": .array(before.map(\.json)), "after": .array(after.map(\.json))], result: .success, scope: scope,
                in: transaction)
            return Self.reply(after)
        }
    }

    private func rule(_ json: JSON, _ index: Int, by user: UserID) throws(Problem) -> EscalationRule {
        var input = try Input(json, at: "/items/\(index)")
        _ = input.string("id", length: 0...100)
        let kind = input.choice("kind", EscalationTrigger.self, required: true)
        let count = input.integer("count", 2...100, required: true)
        let within = input.integer("within_s", Self.within, required: true)
        let result = input.choice("result_kind", EscalationResult.self, required: true)
        let duration = input.integer("duration_s", SanctionLimits.seconds)
        try input.finish()
        return EscalationRule(
            id: ids.next(), kind: try input.required(kind).kind, count: try input.required(count), within: try input.required(within),
            result: try input.required(result).kind, duration: result == .kick ? nil : duration, author: user)
    }

    /// The sanctions in force and the escalation that one more sanction would cause.
    func previewSanction(_ call: Call) async throws -> Reply {
        var query = try call.query
        let reference = query.string("user")
        let kind = query.choice("kind", SanctionKind.self)
        if reference == nil { query.fail("user", "required", LocalizedText(en: "This is required.", fr: "Ce paramètre est obligatoire.")) }
        try query.finish()
        let (scope, now, person) = (call.scope, clock.now(), reference ?? "")
        return try await database.read { [self] transaction in
            let user = try directory.resolve(person, scope: scope, includingDeleted: true, in: transaction)
            let inForce = try transaction.rows(
                """
                SELECT \(sql: Sanction.columns) FROM sanctions WHERE user_id = \(user) AND kind IN ('mute', 'ban')
                    AND \(sql: Self.inForce(true, at: now)) ORDER BY id DESC LIMIT 50
                """
            ).map(Sanction.init)
            let views = try views(inForce, for: scope, at: now, in: transaction)
            return .json(
                200,
                [
                    "user_id": JSON(user), "in_force": .array(views.map { .object($0) }),
                    "escalation": try escalationView(of: kind ?? .warn, for: user, at: now, in: transaction),
                ])
        }
    }
}

/// Kinds that a rule can count.
enum EscalationTrigger: String, Sendable, CaseIterable {
    case warn, mute

    var kind: SanctionKind { self == .warn ? .warn : .mute }
}

/// Kinds that a rule can impose.
enum EscalationResult: String, Sendable, CaseIterable {
    case mute, kick, ban

    var kind: SanctionKind {
        switch self {
        case .mute: .mute
        case .kick: .kick
        case .ban: .ban
        }
    }
}
