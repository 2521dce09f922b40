internal import Synchronization

/// Those whom a driver tells of each commit.
public final class CommitListeners: Sendable {
    private let bodies = Mutex<[@Sendable () -> Void]>([])

    public init() {}

    public func add(_ body: @escaping @Sendable () -> Void) { bodies.withLock { $0.append(body) } }

    public func call() {
        for body in bodies.withLock({ $0 }) { body() }
    }
}
