internal import Database
internal import Kernel
internal import Roles

/// Which of some roles exist.
enum RoleNames {
    static func live(_ roles: [RoleID], in transaction: Transaction) throws -> Set<RoleID> {
        Set(try RoleReference.summaries(of: roles, in: transaction).keys)
    }
}
