internal import Kernel

/// The fields of an alert in a request; nil for an absent one.
struct AlertInput: Sendable {
    var name: String?
    var expression: String?
    var severity: AlertRule.Severity?
    var channels: [AlertRule.Channel]?
    /// Present and null: no webhook.
    var webhookURL: String??
    var isEnabled: Bool?
    var resolveAfter: Int64??
    var noData: AlertState.NoData?

    static let longestName = 80

    /// - Parameter isNew: name and expression are required.
    init(_ body: JSON, isNew: Bool) throws(Problem) {
        var input = try Input(body)
        name = input.string("name", length: 1...Self.longestName, required: isNew)
        if let given = name {
            if let (code, detail) = NameText.fault(in: given) { input.fail("name", code, detail) }
        }
        expression = input.string("expression", length: 1...AlertParser.longest, required: isNew, trimmed: false)
        severity = input.choice("severity", AlertRule.Severity.self)
        if let names = input.strings("channels", count: 0...3) {
            channels = []
            for (index, name) in names.enumerated() {
                guard let channel = AlertRule.Channel(rawValue: name) else {
                    input.fail(
                        "channels", at: index, "choice",
                        LocalizedText(en: "One of: in_app, email, webhook.", fr: "L’une de ces valeurs : in_app, email, webhook."))
                    continue
                }
                if !(channels?.contains(channel) ?? false) { channels?.append(channel) }
            }
        }
        if input.has("webhook_url") { webhookURL = .some(input.string("webhook_url", length: 1...2000)) }
        isEnabled = input.bool("enabled")
        if input.has("resolve_after_s") { resolveAfter = .some(input.integer("resolve_after_s", 5...86_400)) }
        noData = input.choice("no_data", AlertState.NoData.self)
        try input.finish()
    }

    /// The rule with the fields of the request.
    func apply(to rule: AlertRule, at now: Timestamp) -> AlertRule {
        var rule = rule
        if let name { rule.name = name }
        if let expression { rule.expression = expression }
        if let severity { rule.severity = severity }
        if let channels { rule.channels = channels }
        if let webhookURL { rule.webhookURL = webhookURL }
        if let isEnabled { rule.isEnabled = isEnabled }
        if let resolveAfter { rule.resolveAfter = resolveAfter }
        if let noData { rule.noData = noData }
        rule.updatedAt = now
        return rule
    }
}

extension AlertExpression {
    /// - Throws: 422 with the place in the text: `position` and `length`, in characters.
    static func read(_ text: String) throws(Problem) -> AlertExpression {
        do {
            return try AlertParser.parse(text)
        } catch {
            var problem = Problem.invalid("/expression", error.code, error.detail)
            problem.extensions = [("position", JSON(error.position)), ("length", JSON(error.length))]
            throw problem
        }
    }
}
