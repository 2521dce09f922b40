package import Database
package import Kernel

extension PresenceFeature {
    /// The changes of status that are kept.
    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let changes = try transaction.rows(
            "SELECT from_status, to_status, cause, at FROM presence_history WHERE user_id = \(person) ORDER BY id DESC LIMIT 100000"
        ).map { row -> JSON in
            ["from": .string(row.text(0)), "to": .string(row.text(1)), "cause": .string(row.text(2)), "at": JSON(row.time(3))]
        }
        return changes.isEmpty ? [:] : ["status_changes": .array(changes)]
    }
}
