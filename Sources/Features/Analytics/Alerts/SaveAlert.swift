internal import Audit
internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Outbound
internal import Web

extension AnalyticsFeature {
    /// Alerts of a site, at most.
    static let mostAlerts = 100

    /// `POST /alerts`: a new alert, or another form of the one with that name.
    func saveAlert(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        let input = try AlertInput(try call.body(), isNew: true)
        let author = try scope.requireUser()
        let expression = try AlertExpression.read(input.expression ?? "")
        try await check(input)
        let key = Self.key(input.name ?? "")
        return try await call.mutate(database) { [self] transaction in
            try AlertTable.lock(in: transaction)
            if let known = try alerts.rule(named: key, in: transaction) {
                let rule = try change(known, input, expression, scope: scope, at: now, in: transaction)
                return Self.reply(200, try view(rule, for: scope, in: transaction), rule, before: known)
            }
            guard try alerts.count(in: transaction) < Self.mostAlerts else {
                throw Problem.conflict(
                    "too_many_alerts",
                    LocalizedText(
                        en: "A site has at most \(Self.mostAlerts) alerts.", fr: "Un site compte au plus \(Self.mostAlerts) alertes."))
            }
            let rule = input.apply(
                to: AlertRule(
                    id: ids.next(), name: "", expression: "", severity: .medium, channels: [.inApp], webhookURL: nil, webhookSecret: nil,
                    isEnabled: true, resolveAfter: nil, noData: .keep, author: author, silencedUntil: nil, version: 1, createdAt: now,
                    updatedAt: now), at: now
            ).withSecret()
            try Self.check(rule)
            try alerts.insert(rule, key: key, in: transaction)
            try record("alert.create", rule, before: .null, scope: scope, in: transaction)
            var reply = Self.reply(201, try view(rule, for: scope, in: transaction), rule, before: nil)
            reply.headers["Location"] = "/api/v1/alerts/\(rule.id)"
            return reply
        }
    }

    /// `PATCH /alerts/{id}`
    func editAlert(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        let input = try AlertInput(try call.body(), isNew: false)
        let expression = try input.expression.map { text throws(Problem) in try AlertExpression.read(text) }
        try await check(input)
        let id = call.parameter("id")
        return try await call.mutate(database) { [self] transaction in
            try AlertTable.lock(in: transaction)
            let known = try alerts.rule(id, in: transaction)
            try call.checkIfMatch(version: known.version)
            let rule = try change(known, input, expression, scope: scope, at: now, in: transaction)
            return Self.reply(200, try view(rule, for: scope, in: transaction), rule, before: known)
        }
    }

    private func change(
        _ known: AlertRule, _ input: AlertInput, _ expression: AlertExpression?, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws -> AlertRule {
        var rule = input.apply(to: known, at: now).withSecret()
        rule.version = known.version + 1
        try Self.check(rule)
        let key = Self.key(rule.name)
        if let other = try alerts.rule(named: key, in: transaction), other.id != rule.id {
            throw Problem.conflict(
                "name_taken", LocalizedText(en: "Another alert has this name.", fr: "Une autre alerte porte ce nom."),
                faults: [
                    Problem.Fault("/name", "taken", LocalizedText(en: "Another alert has this name.", fr: "Une autre alerte porte ce nom."))
                ])
        }
        guard try alerts.update(rule, key: key, in: transaction) else { throw Problem.stale }
        if rule.expression != known.expression || known.isEnabled && !rule.isEnabled {
            try notices.settle(known, at: now, in: transaction)
            try AlertTable.forgetStates(of: rule.id, in: transaction)
        }
        try record("alert.update", rule, before: known.audited, scope: scope, in: transaction)
        return rule
    }

    /// `DELETE /alerts/{id}`
    func deleteAlert(_ call: Call) async throws -> Reply {
        let (scope, now, id) = (call.scope, clock.now(), call.parameter("id"))
        return try await call.mutate(database) { [self] transaction in
            try AlertTable.lock(in: transaction)
            let rule = try alerts.rule(id, in: transaction)
            try notices.settle(rule, at: now, in: transaction)
            try alerts.delete(rule.id, in: transaction)
            try audit.record(
                "alert.delete", target: ("alert", rule.id.uuid), payload: ["before": rule.audited, "after": nil], result: .success,
                scope: scope, in: transaction)
            return .noContent
        }
    }

    /// `POST /alerts/{id}/silence`: until a time; null ends a silence.
    func silenceAlert(_ call: Call) async throws -> Reply {
        let (scope, now, id) = (call.scope, clock.now(), call.parameter("id"))
        var input = try Input(try call.body())
        let until = input.time("until")
        _ = input.has("until")
        if let until, until <= now { input.fail("until", "past", LocalizedText(en: "This is in the past.", fr: "Cette date est passée.")) }
        if let until, until > now.adding(seconds: 366 * 86_400) {
            input.fail("until", "out_of_range", LocalizedText(en: "A year at most.", fr: "Un an au plus."))
        }
        try input.finish()
        return try await call.mutate(database) { [self] transaction in
            try AlertTable.lock(in: transaction)
            let known = try alerts.rule(id, in: transaction)
            var rule = known
            (rule.silencedUntil, rule.version, rule.updatedAt) = (until, known.version + 1, now)
            guard try alerts.update(rule, key: Self.key(rule.name), in: transaction) else { throw Problem.stale }
            try audit.record(
                "alert.silence", target: ("alert", rule.id.uuid),
                payload: ["before": ["until": JSON(known.silencedUntil)], "after": ["until": JSON(until)], "name": .string(rule.name)],
                result: .success, scope: scope, in: transaction)
            return .json(200, try view(rule, for: scope, in: transaction)).tagged(version: rule.version)
        }
    }

    // MARK: Checks

    static func key(_ name: String) -> String { name.nfc.searchFold }

    private static func check(_ rule: AlertRule) throws(Problem) {
        guard rule.channels.contains(.webhook), rule.webhookURL == nil else { return }
        throw .invalid(
            "/webhook_url", "required", LocalizedText(en: "Enter the address of the webhook.", fr: "Indiquez l’adresse du webhook."))
    }

    /// - Throws: 422 for an address that is none, or that leads to a private network.
    private func check(_ input: AlertInput) async throws {
        guard case .some(.some(let url)) = input.webhookURL else { return }
        do {
            try await notices.client.check(url)
        } catch HTTPClient.AddressFault.refused {
            throw Problem.invalid(
                "/webhook_url", "private_address",
                LocalizedText(
                    en: "This address is of a private network. The site’s owner can allow it with FOYER_OUTBOUND_ALLOW.",
                    fr: "Cette adresse est celle d’un réseau privé. Le propriétaire du site peut l’autoriser avec FOYER_OUTBOUND_ALLOW."))
        } catch is HTTPClient.AddressFault {
            throw Problem.invalid(
                "/webhook_url", "invalid",
                LocalizedText(
                    en: "This must be an http:// or https:// address without a name and a password.",
                    fr: "Indiquez une adresse http:// ou https:// sans nom ni mot de passe."))
        }
    }

    private func record(_ action: String, _ rule: AlertRule, before: JSON, scope: Scope, in transaction: Transaction) throws {
        _ = try audit.record(
            action, target: ("alert", rule.id.uuid), payload: ["before": before, "after": rule.audited], result: .success, scope: scope,
            in: transaction)
    }

    /// The alert, with the secret of its webhook where this request made it.
    private static func reply(_ status: Int, _ view: JSON, _ rule: AlertRule, before: AlertRule?) -> Reply {
        guard let secret = rule.webhookSecret, secret != before?.webhookSecret else {
            return Reply.json(status, view).tagged(version: rule.version)
        }
        var members = view.object ?? [:]
        members["webhook_secret"] = .string(secret)
        return Reply.json(status, .object(members)).tagged(version: rule.version).secret(id: rule.id.uuid)
    }
}

extension AlertRule {
    /// The rule with a new secret if its webhook has none, without one if it has no webhook.
    func withSecret() -> AlertRule {
        var rule = self
        if webhookURL == nil { rule.webhookSecret = nil } else if webhookSecret == nil { rule.webhookSecret = WebhookSignature.newSecret() }
        return rule
    }
}
