internal import Kernel
internal import Synchronization

/// How many uploads are held in memory at once: one a person, and so many in all.
final class UploadSlots: Sendable {
    private let limit: Int
    private let people = Mutex<Set<UserID>>([])

    init(limit: Int = 16) { self.limit = limit }

    /// Runs the body while it has a slot.
    ///
    /// - Throws: 503 when there is none.
    func with<Result>(_ user: UserID, _ body: () async throws -> Result) async throws -> Result {
        let isLetIn = people.withLock { $0.count < limit && $0.insert(user).inserted }
        guard isLetIn else { throw Problem.unavailable(retryAfter: 2, cause: "too many uploads at once") }
        defer { people.withLock { _ = $0.remove(user) } }
        return try await body()
    }
}
