package import Database
package import Kernel

extension AuditFeature {
    /// What somebody did, as far as the log tells of it.
    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let acts = try transaction.rows(
            """
            SELECT action, target_type, target_id, result, timestamp, ip FROM audit_log
            WHERE actor_user_id = \(person) ORDER BY id DESC LIMIT 50000
            """
        ).map { row -> JSON in
            [
                "action": .string(row.text(0)), "target_type": JSON(row.optionalText(1)), "target_id": JSON(row.optionalText(2)),
                "result": .string(row.text(3)), "at": JSON(row.time(4)), "ip": JSON(row.optionalText(5)),
            ]
        }
        return acts.isEmpty ? [:] : ["acts": .array(acts)]
    }
}
