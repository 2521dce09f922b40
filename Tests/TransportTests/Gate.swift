/// Opens once; who waits for it goes on then, or fails after five minutes.
final class Gate: Sendable {
    struct Closed: Error {}

    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() {
        continuation.yield()
        continuation.finish()
    }

    func wait() async throws {
        let stream = stream
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream {} }
            group.addTask {
                try await Task.sleep(for: .seconds(300))
                throw Closed()
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
