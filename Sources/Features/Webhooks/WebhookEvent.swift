internal import Bus
internal import Kernel

/// A type of event that webhooks can subscribe to.
struct WebhookEvent: Sendable {
    let type: String
    let title: LocalizedText
    /// The permission that the author of a webhook needs when the event is sent.
    let permission: Permission
    /// The topic whose event it is, since some events go to several topics with different members; nil for any.
    var topic: String?
    /// The members of the event that are sent: ids and states, no texts of people.
    let members: [String]
    let example: JSONObject
    /// Whether it is about a message of a channel, which the author must be able to read. Direct messages and groups are never sent.
    var isOfMessage = false

    /// The version of the payloads; a release only adds members.
    static let version: Int64 = 1

    /// Sent by `POST /webhooks/{id}/test` only.
    static let test = "webhook.test"

    /// The body of a request: `{"type", "timestamp", "version", "data"}`.
    static func body(_ type: String, at time: Timestamp, _ data: JSONObject) -> JSON {
        ["type": .string(type), "timestamp": JSON(time), "version": .integer(version), "data": .object(data)]
    }

    /// The data of an event; nil if this type does not stand for the event.
    func data(of record: OutboxRecord) -> JSONObject? {
        guard record.type == type else { return nil }
        if let topic { guard record.topics.contains(topic) else { return nil } }
        var source = record.members
        if isOfMessage {
            guard record.topics.contains(where: { $0.hasPrefix("conversation:") }), let message = record.members["message"]?.object else {
                return nil
            }
            source = message
        }
        var data = JSONObject()
        for name in members { if let value = source[name] { data.append(name, value) } }
        return data
    }

    private static let user = "018f0000-0000-8000-8000-000000000001"
    private static let role = "018f0000-0000-8000-8000-000000000002"
    private static let other = "018f0000-0000-8000-8000-000000000003"

    private static func ofUser(_ type: String, _ title: LocalizedText, _ members: [String] = [], _ example: JSONObject = [:])
        -> WebhookEvent
    {
        var shown: JSONObject = ["user_id": .string(user)]
        for (name, value) in example { shown.append(name, value) }
        shown.append("actor_user_id", .string(other))
        return WebhookEvent(
            type: type, title: title, permission: .usersRead, topic: "users", members: ["user_id"] + members + ["actor_user_id"],
            example: shown)
    }

    private static func ofRole(_ type: String, _ title: LocalizedText, _ members: [String], _ example: JSONObject) -> WebhookEvent {
        WebhookEvent(type: type, title: title, permission: .rolesRead, topic: "roles", members: members, example: example)
    }

    private static func ofMessage(_ type: String, _ title: LocalizedText) -> WebhookEvent {
        WebhookEvent(
            type: type, title: title, permission: Permission(known: "chat.read"), topic: nil,
            members: ["id", "conversation_id", "seq", "author_id"],
            example: ["id": .string(other), "conversation_id": .string(role), "seq": 12, "author_id": .string(user)], isOfMessage: true)
    }

    private static let roleMembers = ["role_id", "name", "version", "actor_user_id"]
    private static let roleExample: JSONObject = [
        "role_id": .string(role), "name": "critics", "version": 3, "actor_user_id": .string(other),
    ]
    private static let holderMembers = ["user_id", "role_id", "role_name", "expires_at", "reason", "actor_user_id"]
    private static let holderExample: JSONObject = [
        "user_id": .string(user), "role_id": .string(role), "role_name": "critics", "actor_user_id": .string(other),
    ]

    static let all: [WebhookEvent] = [
        ofUser("user.created", LocalizedText(en: "A member is created", fr: "Un membre est créé")),
        ofUser(
            "user.updated", LocalizedText(en: "A member is changed", fr: "Un membre est modifié"), ["changed"],
            ["changed": ["display_name"]]),
        ofUser("user.deleted", LocalizedText(en: "A member is deleted", fr: "Un membre est supprimé"), ["hard"], ["hard": false]),
        ofUser("user.restored", LocalizedText(en: "A member is restored", fr: "Un membre est rétabli")),
        ofUser("user.disabled", LocalizedText(en: "A member is disabled", fr: "Un membre est désactivé")),
        ofUser("user.enabled", LocalizedText(en: "A member is enabled", fr: "Un membre est réactivé")),
        ofUser(
            "user.banned", LocalizedText(en: "A member is banned", fr: "Un membre est banni"), ["banned_until"],
            ["banned_until": "2026-02-01T12:00:00.000Z"]),
        ofUser("user.unbanned", LocalizedText(en: "A member is unbanned", fr: "Un membre n’est plus banni")),
        ofRole("role.created", LocalizedText(en: "A role is created", fr: "Un rôle est créé"), roleMembers, roleExample),
        ofRole("role.updated", LocalizedText(en: "A role is changed", fr: "Un rôle est modifié"), roleMembers, roleExample),
        ofRole("role.deleted", LocalizedText(en: "A role is deleted", fr: "Un rôle est supprimé"), roleMembers, roleExample),
        ofRole("role.assigned", LocalizedText(en: "A role is given", fr: "Un rôle est donné"), holderMembers, holderExample),
        ofRole("role.revoked", LocalizedText(en: "A role is taken away", fr: "Un rôle est retiré"), holderMembers, holderExample),
        WebhookEvent(
            type: "status.changed", title: LocalizedText(en: "A member chooses a status", fr: "Un membre choisit un statut"),
            permission: .presenceRead, topic: "users", members: ["user_id", "version"],
            example: ["user_id": .string(user), "version": 1_767_225_600_000]),
        ofMessage("message.created", LocalizedText(en: "A message is sent in a channel", fr: "Un message est envoyé dans un salon")),
        ofMessage("message.updated", LocalizedText(en: "A message of a channel is edited", fr: "Un message d’un salon est modifié")),
        ofMessage("message.deleted", LocalizedText(en: "A message of a channel is deleted", fr: "Un message d’un salon est supprimé")),
        WebhookEvent(
            type: "registration.updated",
            title: LocalizedText(en: "A registration waits or is decided", fr: "Une inscription attend ou est tranchée"),
            permission: .registrationsReview, topic: "registrations", members: ["registration_id", "state"],
            example: ["registration_id": .string(other), "state": "pending"]),
        WebhookEvent(
            type: "case.created", title: LocalizedText(en: "A moderation case is opened", fr: "Un dossier de modération est ouvert"),
            permission: Permission(known: "moderation.reports"), topic: nil, members: ["case_id", "version"],
            example: ["case_id": .string(other), "version": 1]),
        WebhookEvent(
            type: "audit.entry",
            title: LocalizedText(en: "An entry is added to the audit log", fr: "Une entrée s’ajoute au journal d’audit"),
            permission: .auditRead, topic: "audit",
            members: ["id", "actor_user_id", "action", "target_type", "target_id", "result"],
            example: [
                "id": .string(other), "actor_user_id": .string(user), "action": "role.update", "target_type": "role",
                "target_id": .string(role),
                "result": "success",
            ]),
        WebhookEvent(
            type: "analytics.alert",
            title: LocalizedText(en: "An alert fires or is resolved", fr: "Une alerte se déclenche ou est résolue"),
            permission: Permission(known: "analytics.read"), topic: nil,
            members: ["alert_id", "name", "series", "state", "severity", "value", "since"],
            example: [
                "alert_id": .string(other), "name": "Errors", "series": "", "state": "firing", "severity": "high", "value": 0.12,
                "since": "2026-01-01T00:00:00.000Z",
            ]),
    ]

    static let byType = Dictionary(uniqueKeysWithValues: all.map { ($0.type, $0) })
}
