internal import Kernel
internal import Synchronization

/// The work when somebody hides: reading their friends, and checking subscriptions again.
final class HidingWork: Sendable {
    let loads: AsyncStream<UserID>
    private let waiting: AsyncStream<UserID>.Continuation
    private let teller = Mutex<@Sendable (Set<UserID>?) -> Void>({ _ in })

    init() { (loads, waiting) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(10_000)) }

    func load(_ user: UserID) { waiting.yield(user) }

    func onTell(_ body: @escaping @Sendable (Set<UserID>?) -> Void) { teller.withLock { $0 = body } }

    /// - Parameter readers: nil for everybody.
    func tell(_ readers: Set<UserID>?) { teller.withLock { $0 }(readers) }
}
