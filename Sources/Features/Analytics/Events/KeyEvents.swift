internal import Bus
internal import Database
internal import FeatureKit
internal import Kernel

/// Which events of the outbox statistics count and keep.
enum KeyEvents {
    /// The types that the consumer reads.
    static let types: Set<String> = [
        "audit.entry", "user.created", "role.assigned", "role.revoked", "role.created", "role.updated", "role.deleted", "user.banned",
        "user.unbanned", "message.created", "media.state",
    ]

    /// Actions that have no event of their own and are read from the audit log.
    private static let acts: Set<String> = ["auth.login", "auth.logout"]

    /// Changes of roles and of their assignments.
    static let roleChanges: Set<String> = ["role.assigned", "role.revoked", "role.created", "role.updated", "role.deleted"]

    /// Marks of films and series, and the types that statistics give them.
    private static let marks = ["favorite.added": "media.favorite", "like.added": "media.like"]

    /// The event's type, the person who caused it and its metadata; nil for an event that is not counted.
    static func read(_ record: OutboxRecord) -> (type: String, user: UserID?, metadata: JSONObject)? {
        let members = record.members
        switch record.type {
        case "audit.entry":
            guard let action = members["action"]?.string, acts.contains(action), members["result"]?.string == "success" else { return nil }
            return (action, person(members["actor_user_id"]), [:])
        case "role.assigned":
            if let user = person(members["user_id"]), record.belongsToCreation(of: user) { return nil }
            return (record.type, person(members["assigned_by"]), about(members, aboutNames))
        case "user.created": return (record.type, person(members["user_id"]), [:])
        case "message.created": return (record.type, person(members["message"]?["author_id"]), [:])
        case "media.state":
            // Without the person: what members like is shown as their own privacy says, not to all who read statistics.
            guard let mark = members["change"]?.string.flatMap({ marks[$0] }) else { return nil }
            return (mark, nil, about(members, ["id"]))
        default: return (record.type, person(members["actor_user_id"]), about(members, aboutNames))
        }
    }

    private static let aboutNames = ["user_id", "role_id", "role_name"]

    private static func person(_ value: JSON?) -> UserID? { value?.string.flatMap { UserID(uuid: $0) } }

    private static func about(_ members: JSONObject, _ names: [String]) -> JSONObject {
        var metadata = JSONObject()
        for name in names { if let value = members[name] { metadata.append(name, value) } }
        return metadata
    }
}
