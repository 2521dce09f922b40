internal import Database
internal import Kernel

/// The tag of alerts.
enum Alert {}
typealias AlertID = ID<Alert>

/// The settings of an alert.
struct AlertRule: Sendable {
    enum Channel: String, CaseIterable, Sendable {
        case inApp = "in_app"
        case email, webhook
    }

    enum Severity: String, CaseIterable, Sendable {
        case low, medium, high, critical
    }

    let id: AlertID
    var name: String
    var expression: String
    var severity: Severity
    var channels: [Channel]
    /// The address of the webhook; encrypted at rest.
    var webhookURL: String?
    var webhookSecret: String?
    var isEnabled: Bool
    /// Seconds without the condition until the alert is resolved; nil for the duration of the rule, 30 at least.
    var resolveAfter: Int64?
    var noData: AlertState.NoData
    var author: UserID?
    var silencedUntil: Timestamp?
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp

    func isSilenced(at now: Timestamp) -> Bool { silencedUntil.map { $0 > now } ?? false }

    func terms(_ expression: AlertExpression) -> AlertState.Terms {
        AlertState.Terms(duration: expression.duration, resolveAfter: resolveAfter.map { $0 * 1000 }, noData: noData)
    }

    /// What the audit log keeps: neither the address nor the secret of the webhook.
    var audited: JSON {
        [
            "name": .string(name), "expression": .string(expression), "severity": .string(severity.rawValue),
            "channels": .array(channels.map { .string($0.rawValue) }), "enabled": .bool(isEnabled), "resolve_after_s": JSON(resolveAfter),
            "no_data": .string(noData.rawValue),
        ]
    }
}
