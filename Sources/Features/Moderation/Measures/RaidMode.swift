internal import Accounts
internal import Audit
internal import Conversations
internal import Database
internal import Kernel
internal import Sanctions
internal import Web

/// `GET`, `PUT`, `POST` and `DELETE /moderation/raid`
extension ModerationFeature {
    func connectMeasures() {
        let feature = self
        accounts.sanctions.measures.connect(
            newID: { feature.ids.next() },
            onRaid: { measure, transaction in
                try feature.record("raid.start", measure, scope: Scope(), in: transaction)
            })
    }

    func readRaid(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        return try await database.read { [self] in try raidReply(200, scope, at: now, in: $0) }
    }

    private func raidReply(_ status: Int, _ scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Reply {
        let raid = try accounts.sanctions.measures.raid(at: now, in: transaction)
        let view = try raid.map { try views(of: [$0], for: scope, at: now, in: transaction)[0] }
        return .json(status, ["active": view ?? .null, "rule": .object(try MeasureTable.rule(in: transaction).json)])
    }

    func putRaid(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        var rule = RaidRule()
        rule.isEnabled = input.bool("enabled", required: true) ?? false
        rule.joins = input.integer("joins", RaidRule.counts) ?? rule.joins
        rule.joinsWithin = input.integer("joins_within_s", RaidRule.spans) ?? rule.joinsWithin
        rule.accounts = input.integer("accounts", RaidRule.counts) ?? rule.accounts
        rule.accountsWithin = input.integer("accounts_within_s", RaidRule.spans) ?? rule.accountsWithin
        rule.seconds = input.integer("duration_s", Measure.seconds) ?? rule.seconds
        rule.age = input.integer("age_s", RaidRule.ages) ?? rule.age
        rule.slowMode = input.integer("slow_mode_s", RaidRule.pauses) ?? rule.slowMode
        rule.holds = input.bool("holds") ?? rule.holds
        rule.door = input.choice("door", RaidRule.Door.self) ?? rule.door
        try input.finish()
        let (scope, now, wanted) = (call.scope, clock.now(), rule)
        return try await call.mutate(database) { [self] transaction in
            let before = try MeasureTable.rule(in: transaction)
            if before != wanted {
                try MeasureTable.put(wanted, in: transaction)
                try audit.record(
                    "raid.rule", target: nil, payload: ["before": .object(before.json), "after": .object(wanted.json)], result: .success,
                    scope: scope, in: transaction)
            }
            return try raidReply(200, scope, at: now, in: transaction)
        }
    }

    /// Begins raid mode by hand; while one is in force, nothing changes.
    func startRaid(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.integer("duration_s", Measure.seconds)
        try input.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let seconds = try given ?? MeasureTable.rule(in: transaction).seconds
            let measure = Measure(.raid, id: ids.next(), by: scope.userID, at: now, seconds: seconds)
            if try MeasureTable.insert(measure, in: transaction) { try record("raid.start", measure, scope: scope, in: transaction) }
            return try raidReply(200, scope, at: now, in: transaction)
        }
    }

    /// Ends raid mode, and with `restore` shows again all that it held: its cases are dismissed in one act.
    func endRaid(_ call: Call) async throws -> Reply {
        var query = try call.query
        let restores = query.bool("restore") ?? false
        try query.finish()
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            if let raid = try accounts.sanctions.measures.raid(at: now, in: transaction),
                try MeasureTable.end(raid.id, by: scope.userID, at: now, in: transaction)
            {
                try record("raid.end", raid, scope: scope, in: transaction)
            }
            if restores {
                try scope.require(.chatModerate)
                try restoreHeld(scope: scope, at: now, in: transaction)
            }
            return try raidReply(200, scope, at: now, in: transaction)
        }
    }

    private static let restored = 500

    /// The open cases that raid mode alone reported, and that the caller may decide.
    private func restoreHeld(scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        let rows = try transaction.rows(
            """
            SELECT \(sql: Case.columns) FROM cases WHERE state = 'open' AND target_type = 'message'
                AND EXISTS (SELECT 1 FROM reports WHERE reports.case_id = cases.id AND reports.filter_name = \(FilterBook.raidName))
                AND NOT EXISTS (SELECT 1 FROM reports WHERE reports.case_id = cases.id
                    AND (reports.filter_name IS NULL OR reports.filter_name <> \(FilterBook.raidName)))
                AND \(sql: visible(to: scope, in: transaction)) ORDER BY id LIMIT \(Self.restored)
            """)
        for row in rows {
            var found = try Case(row)
            try restore(contentOf: found.id, scope: scope, at: now, in: transaction)
            try close(&found, .dismissed, reason: nil, scope: scope, at: now, in: transaction)
            try record("case.decide", found, ["acts": [], "reason": .null], scope: scope, in: transaction)
        }
    }
}
