internal import Authorization
internal import Database
internal import Kernel
internal import Runtime

/// Revokes assignments whose time is over, with its entry and its event. What is late (a restart) is done at the next turn; rights do not wait for it.
struct ExpiryService: Sendable {
    private static let interval = Duration.milliseconds(500)
    private static let batch = 200

    let database: any Database
    let tools: RolesTools

    func run() async throws {
        while !Task.isCancelled {
            do {
                while try await revokeExpired() == Self.batch {}
            } catch let error where !(error is CancellationError) {
                // The next turn tries again, and evaluation ignores what has expired all the same.
                tools.log.warning("expired assignments could not be revoked", [("cause", .string("\(error)"))])
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// - Returns: how many were revoked, at most a batch.
    @discardableResult
    func revokeExpired() async throws -> Int {
        let now = tools.clock.now()
        guard try await !database.read(.system, { try AssignmentStore.expired(at: now, limit: 1, in: $0) }).isEmpty else { return 0 }
        return try await database.write { [tools] transaction in
            let locked = try RoleTransaction(tools, Scope(requestID: "expiry"), asServer: true, in: transaction)
            let expired = try AssignmentStore.expired(at: locked.now, limit: Self.batch, in: transaction)
            for assignment in expired {
                guard let role = try locked.records[assignment.role] ?? RoleStore.record(assignment.role, in: transaction) else { continue }
                try locked.end(assignment, role, by: nil, reason: RoleTransaction.expired)
            }
            locked.changed(.users(Set(expired.map(\.user))))
            return expired.count
        }
    }
}
