package import Database
package import Kernel

extension RoleAssignments {
    /// Forgets everything that somebody ever held: before their row is deleted for good. The audit log keeps what it says.
    package func erase(_ user: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM user_roles WHERE user_id = \(user)")
        try transaction.execute("DELETE FROM user_overrides WHERE user_id = \(user)")
        try transaction.execute("DELETE FROM user_override_versions WHERE user_id = \(user)")
    }
}
