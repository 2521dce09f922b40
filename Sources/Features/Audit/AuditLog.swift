package import Database
package import Kernel

/// Records who did what, in the transaction of the act itself. The chain that keeps the entries comes next; until then this is the seam.
package struct AuditLog: Sendable {
    package enum Outcome: Sendable {
        case success
        case fail(String)
    }

    package init() {}

    /// - Parameter payload: `{"before": …, "after": …}`
    @discardableResult
    package func record(
        _ action: String, target: (type: String, id: String)?, payload: JSON, result: Outcome, scope: Scope, in transaction: Transaction
    ) throws -> AuditEntryID {
        AuditEntryID(rawValue: 0)
    }
}
