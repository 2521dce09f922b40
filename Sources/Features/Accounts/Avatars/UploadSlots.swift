internal import Kernel
internal import Synchronization

/// How many uploads are held in memory at once: one a person, a few an address, and so many in all.
final class UploadSlots: Sendable {
    private struct State {
        var people: Set<UserID> = []
        var addresses: [String: Int] = [:]
    }

    private let limit: Int
    private let limitPerAddress: Int
    private let state = Mutex(State())

    init(limit: Int = 16, limitPerAddress: Int = 4) { (self.limit, self.limitPerAddress) = (limit, limitPerAddress) }

    /// Runs the body while it has a slot.
    ///
    /// - Throws: 503 when there is none.
    func with<Result>(_ user: UserID, at address: String, _ body: () async throws -> Result) async throws -> Result {
        let isLetIn = state.withLock { state in
            guard state.people.count < limit, state.addresses[address] ?? 0 < limitPerAddress, state.people.insert(user).inserted else {
                return false
            }
            state.addresses[address, default: 0] += 1
            return true
        }
        guard isLetIn else { throw Problem.unavailable(retryAfter: 2, cause: "too many uploads at once") }
        defer {
            state.withLock { state in
                state.people.remove(user)
                let rest = (state.addresses[address] ?? 1) - 1
                state.addresses[address] = rest > 0 ? rest : nil
            }
        }
        return try await body()
    }
}
