internal import Database
internal import Kernel
internal import Web

extension AnalyticsFeature {
    /// `GET /alerts`: all of them, by name.
    func listAlerts(_ call: Call) async throws -> Reply {
        let scope = call.scope
        return try await database.read { [self] transaction in
            let states = try AlertTable.states(in: transaction)
            return .page(try alerts.rules(in: transaction).map { view($0, states, for: scope) }, next: nil)
        }
    }

    /// `GET /alerts/{id}`
    func readAlert(_ call: Call) async throws -> Reply {
        let (id, scope) = (call.parameter("id"), call.scope)
        return try await database.read { [self] transaction in
            let rule = try alerts.rule(id, in: transaction)
            return .json(200, try view(rule, for: scope, in: transaction)).tagged(version: rule.version)
        }
    }

    /// `GET /alerts/history`: the transitions, the newest first.
    func listAlertHistory(_ call: Call) async throws -> Reply {
        var query = try call.query
        let alert = query.string("alert")
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { RowID(uuid: $0) } } ?? RowID(rawValue: .max)
        return try await database.read { [self] transaction in
            let names = Dictionary(uniqueKeysWithValues: try alerts.rules(in: transaction).map { ($0.id, $0.name) })
            let condition: SQL = alert.map { "alert_id = \(AlertID(uuid: $0)?.rawValue ?? 0)" } ?? "alert_id > 0"
            let found = try AlertTable.history(condition, before: before, limit: page.limit + 1, in: transaction)
            let shown = found.prefix(page.limit)
            let items = shown.map { record -> JSON in
                [
                    "id": JSON(record.id), "alert_id": JSON(record.alert), "name": JSON(names[record.alert]),
                    "series": .string(record.series),
                    "state": .string(record.state), "value": LiveView.number(record.value, digits: 6), "at": JSON(record.at),
                ]
            }
            let total =
                page.wantsTotal
                ? try transaction.row("SELECT COUNT(*) FROM alert_transitions WHERE \(sql: condition)")?.int(0) : nil
            return .page(items, next: found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil, total: total)
        }
    }

    func view(_ rule: AlertRule, for scope: Scope, in transaction: Transaction) throws -> JSON {
        view(rule, try AlertTable.states(in: transaction), for: scope)
    }

    /// The address of the webhook is shown to people who may set up alerts: addresses often hold a key.
    private func view(_ rule: AlertRule, _ states: [AlertTable.Place: AlertState], for scope: Scope) -> JSON {
        let own = states.filter { $0.key.alert == rule.id }.sorted { $0.key.series < $1.key.series }
        let worst = own.max { Self.weight($0.value.phase) < Self.weight($1.value.phase) }
        let expression = try? AlertParser.parse(rule.expression)
        let threshold = expression?.condition.threshold
        let metric = threshold?.term.metric ?? expression?.terms.first?.metric
        let series = own.filter { !$0.key.series.isEmpty }.map { place, state -> JSON in
            [
                "series": .string(place.series), "state": .string(state.phase.rawValue), "since": JSON(state.since),
                "value": LiveView.number(evaluation.outcome(of: place)?.value, digits: 6),
            ]
        }
        let webhookURL = scope.can(.alertsManage) ? rule.webhookURL : nil
        let value = worst.flatMap { evaluation.outcome(of: $0.key)?.value }
        return [
            "id": JSON(rule.id), "name": .string(rule.name), "expression": .string(rule.expression),
            "severity": .string(rule.severity.rawValue), "channels": .array(rule.channels.map { .string($0.rawValue) }),
            "webhook_url": JSON(webhookURL), "enabled": .bool(rule.isEnabled),
            "resolve_after_s": JSON(rule.resolveAfter),
            "no_data": .string(rule.noData.rawValue), "author_id": JSON(rule.author), "silenced_until": JSON(rule.silencedUntil),
            "state": .string((worst?.value.phase ?? .ok).rawValue), "since": JSON(worst?.value.since ?? rule.createdAt),
            "value": LiveView.number(value, digits: 6), "metric": JSON(metric?.rawValue), "unit": JSON(metric.map { AlertShapes.unit($0) }),
            "threshold": LiveView.number(threshold?.number, digits: 6), "flapping": .bool(own.contains { $0.value.isFlapping }),
            "error": JSON(evaluation.error(of: rule.id)?.detail(.english)), "series": .array(series), "version": .integer(rule.version),
            "created_at": JSON(rule.createdAt), "updated_at": JSON(rule.updatedAt),
        ]
    }

    private static func weight(_ phase: AlertState.Phase) -> Int {
        switch phase {
        case .ok: 0
        case .resolved: 1
        case .pending: 2
        case .firing: 3
        }
    }
}
