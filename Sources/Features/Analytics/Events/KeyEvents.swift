internal import Bus
internal import Database
internal import Kernel

/// What of all that happens on a site is counted and kept as an event.
enum KeyEvents {
    /// The outbox's types that are looked at.
    static let types: Set<String> = [
        "audit.entry", "user.created", "role.assigned", "role.revoked", "role.created", "role.updated", "role.deleted", "user.banned",
        "user.unbanned", "message.created", "media.state",
    ]

    /// Acts that only the audit log tells of.
    private static let acts: Set<String> = ["auth.login", "auth.logout"]

    /// Those that change who has which role, or what a role allows.
    static let roleChanges: Set<String> = ["role.assigned", "role.revoked", "role.created", "role.updated", "role.deleted"]

    /// An account and its first roles are made together.
    private static let newcomerMilliseconds: Int64 = 2000

    /// The event's type, who did it and what it is about; nil for what is not counted.
    static func read(_ record: OutboxRecord) -> (type: String, user: UserID?, metadata: JSONObject)? {
        let members = record.members
        switch record.type {
        case "audit.entry":
            guard let action = members["action"]?.string, acts.contains(action), members["result"]?.string == "success" else { return nil }
            return (action, person(members["actor_user_id"]), [:])
        case "role.assigned":
            let user = person(members["user_id"])
            if let user, record.at.milliseconds - user.timestamp.milliseconds < newcomerMilliseconds { return nil }
            return (record.type, person(members["assigned_by"]), about(members, aboutNames))
        case "user.created": return (record.type, person(members["user_id"]), [:])
        case "message.created": return (record.type, person(members["message"]?["author_id"]), [:])
        case "media.state":
            guard let state = members["state"], let mark = mark(state) else { return nil }
            return (mark, record.recipients.first ?? person(members["user_id"]), about(members, ["id"]))
        default: return (record.type, person(members["actor_user_id"]), about(members, aboutNames))
        }
    }

    private static let aboutNames = ["user_id", "role_id", "role_name"]

    /// The mark that was set last, as far as the state tells.
    private static func mark(_ state: JSON) -> String? {
        for mark in ["favorite", "like"] where state[mark]?.bool == true { return "media.\(mark)" }
        return nil
    }

    private static func person(_ value: JSON?) -> UserID? { value?.string.flatMap { UserID(uuid: $0) } }

    private static func about(_ members: JSONObject, _ names: [String]) -> JSONObject {
        var metadata = JSONObject()
        for name in names { if let value = members[name] { metadata.append(name, value) } }
        return metadata
    }
}
