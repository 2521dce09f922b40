internal import Authorization
package import Kernel

/// A live role as one person holds it.
package struct HeldRole: Sendable {
    package let id: RoleID
    package let name: String
    /// What one sees beside a person's name.
    package let summary: JSONObject
    /// With who gave it and why: for the person and those who may see roles.
    package let details: JSONObject

    init(_ assignment: AssignmentRecord, _ role: RoleRecord) {
        (id, name) = (role.id, role.definition.name)
        var members: JSONObject = [
            "id": JSON(role.id), "name": .string(role.definition.name), "color": JSON(role.color), "icon": JSON(role.icon),
            "priority": JSON(role.definition.priority), "is_system": .bool(role.definition.system != nil),
            "assigned_at": JSON(assignment.assignedAt), "expires_at": JSON(assignment.expiresAt),
        ]
        summary = members
        members.append("assigned_by", JSON(assignment.assignedBy))
        members.append("reason", JSON(assignment.reason))
        details = members
    }
}
