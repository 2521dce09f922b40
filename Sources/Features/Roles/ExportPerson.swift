package import Database
package import Kernel

extension RolesFeature {
    /// Every role that somebody ever held, and their exceptions.
    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let roles = try transaction.rows(
            """
            SELECT roles.name, user_roles.assigned_at, user_roles.reason, user_roles.expires_at, user_roles.revoked_at
            FROM user_roles JOIN roles ON roles.id = user_roles.role_id WHERE user_roles.user_id = \(person) ORDER BY user_roles.id
            """
        ).map { row -> JSON in
            [
                "role": .string(row.text(0)), "assigned_at": JSON(row.time(1)), "reason": JSON(row.optionalText(2)),
                "expires_at": JSON(row.optionalTime(3)), "revoked_at": JSON(row.optionalTime(4)),
            ]
        }
        let overrides = try transaction.rows(
            "SELECT permission, effect, reason, set_at FROM user_overrides WHERE user_id = \(person) ORDER BY permission"
        ).map { row -> JSON in
            [
                "permission": .string(row.text(0)), "effect": .string(row.text(1)), "reason": JSON(row.optionalText(2)),
                "set_at": JSON(row.time(3)),
            ]
        }
        var part = JSONObject()
        if !roles.isEmpty { part.append("roles", .array(roles)) }
        if !overrides.isEmpty { part.append("exceptions", .array(overrides)) }
        return part
    }
}
