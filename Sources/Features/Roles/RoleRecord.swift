internal import Authorization
internal import Database
internal import Kernel

/// One row of `roles`: what the rules see, and how it looks.
struct RoleRecord: Sendable {
    var definition: RoleDefinition
    var description: String
    /// `#rrggbb`
    var color: String?
    var icon: String?
    var limits = RoleLimits()
    var deletedAt: Timestamp?
    var version: Int64
    var createdAt: Timestamp
    var updatedAt: Timestamp

    var id: RoleID { definition.id }

    static let columns: SQL = """
        roles.id, roles.name, roles.description, roles.color, roles.icon, roles.priority, roles.permissions, roles.denied, roles.inherits,
        roles.is_system, roles.deleted_at, roles.version, roles.created_at, roles.updated_at, roles.file_bytes, roles.quota_bytes
        """
    static let columnCount = 16

    init(new id: RoleID, name: String, priority: Int, at now: Timestamp) {
        definition = RoleDefinition(id: id, name: name, priority: priority)
        (description, version, createdAt, updatedAt) = ("", 1, now, now)
    }

    init(_ row: Row, from first: Int = 0) {
        let name = row.text(first + 1)
        definition = RoleDefinition(
            id: row.id(first), name: name, priority: row.int(first + 5), allowed: Self.patterns(row.text(first + 6)),
            denied: Self.patterns(row.text(first + 7)),
            inherits: Self.list(row.text(first + 8)).compactMap { $0.integer.map(RoleID.init(rawValue:)) },
            system: row.bool(first + 9) ? SystemRole(rawValue: name) : nil, isDeleted: !row.isNull(first + 10))
        description = row.text(first + 2)
        color = row.optionalText(first + 3)
        icon = row.optionalText(first + 4)
        deletedAt = row.optionalTime(first + 10)
        version = row.int64(first + 11)
        createdAt = row.time(first + 12)
        updatedAt = row.time(first + 13)
        limits = RoleLimits(fileBytes: row.optionalInt64(first + 14), quotaBytes: row.optionalInt64(first + 15))
    }

    /// A key that this version of Foyer does not know gives nothing.
    private static func patterns(_ text: String) -> [PermissionPattern] {
        list(text).compactMap(\.string).compactMap(PermissionPattern.init)
    }

    /// What we stored as JSON is JSON; anything else is damage, read as empty.
    private static func list(_ text: String) -> [JSON] {
        do { return try JSONParser.parse(own: Array(text.utf8)).array ?? [] } catch { return [] }
    }
}

extension RoleRecord {
    /// What a version keeps: everything that a person can edit.
    var snapshot: JSONObject {
        [
            "name": .string(definition.name), "description": .string(description), "color": JSON(color), "icon": JSON(icon),
            "priority": JSON(definition.priority), "permissions": Self.texts(definition.allowed), "denied": Self.texts(definition.denied),
            "inherits": .array(definition.inherits.map { JSON($0) }), "limits": limits.json,
        ]
    }

    /// Takes over what a version kept.
    mutating func restore(_ snapshot: JSONObject) {
        definition.name = snapshot["name"]?.string ?? definition.name
        description = snapshot["description"]?.string ?? ""
        color = snapshot["color"]?.string
        icon = snapshot["icon"]?.string
        definition.priority = snapshot["priority"]?.integer.map { Int($0) } ?? definition.priority
        definition.allowed = Self.patterns(snapshot["permissions"])
        definition.denied = Self.patterns(snapshot["denied"])
        limits = RoleLimits(snapshot["limits"])
        definition.inherits = snapshot["inherits"]?.array?.compactMap { $0.string.flatMap(RoleID.init(uuid:)) } ?? []
    }

    /// The resource as the API shows it.
    func json(memberCount: Int) -> JSON {
        var object: JSONObject = ["id": JSON(id)]
        for (name, value) in snapshot { object.append(name, value) }
        object.append("is_system", .bool(definition.system != nil))
        object.append("member_count", JSON(memberCount))
        object.append("version", .integer(version))
        object.append("created_at", JSON(createdAt))
        object.append("updated_at", JSON(updatedAt))
        object.append("deleted_at", JSON(deletedAt))
        return .object(object)
    }

    /// What an event tells of a role.
    var eventMembers: JSONObject {
        [
            "role_id": JSON(id), "name": .string(definition.name), "color": JSON(color), "priority": JSON(definition.priority),
            "version": .integer(version),
        ]
    }

    static func texts(_ patterns: [PermissionPattern]) -> JSON { .array(patterns.map { .string($0.text) }) }

    private static func patterns(_ list: JSON?) -> [PermissionPattern] {
        (list?.array ?? []).compactMap(\.string).compactMap(PermissionPattern.init)
    }
}
