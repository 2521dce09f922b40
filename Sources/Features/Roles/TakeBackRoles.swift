internal import Authorization
package import Database
package import Kernel

/// Roles that a rule of the site gave, and takes back when it does not hold any more.
extension RoleAssignments {
    /// Takes roles back by the server's own decision; one that is not held is not a fault.
    ///
    /// Takes the lock of `lockAuthorisation`.
    package func takeBack(_ roles: [RoleID], from user: UserID, reason: String, requestID: String, in transaction: Transaction) throws {
        let locked = try RoleTransaction(tools, Scope(requestID: requestID), asServer: true, in: transaction)
        for id in roles {
            guard let role = locked.records[id], let held = try AssignmentStore.active(user, id, in: transaction) else { continue }
            try locked.end(held, role, by: nil, reason: reason)
        }
        locked.changed(.users([user]))
    }
}
