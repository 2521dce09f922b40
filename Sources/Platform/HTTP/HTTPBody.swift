internal import Synchronization

/// A request's body as it arrives, for one reader: what is not read yet is bounded, because the connection is then not read on.
public final class HTTPBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    /// The body will not arrive whole: the peer left, broke the protocol, was too slow, or sent more than the limit (413).
    public struct BodyError: Error {
        public let status: Int
    }

    private struct State {
        var pieces: [[UInt8]] = []
        var count = 0
        var end: Result<Void, BodyError>?
        var reader: CheckedContinuation<[UInt8]?, any Error>?
    }

    private let state = Mutex(State())
    /// Called when the reader wants more, from any thread.
    private let wants: @Sendable () -> Void

    public init(wants: @escaping @Sendable () -> Void = {}) { self.wants = wants }

    /// Bytes that the reader has not taken.
    public var buffered: Int { state.withLock { $0.count } }

    public func append(_ bytes: [UInt8]) {
        let reader = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            state.pieces.append(bytes)
            state.count += bytes.count
            return nil
        }
        reader?.resume(returning: bytes)
    }

    public func finish() { end(.success(())) }
    public func cut(_ status: Int) { end(.failure(BodyError(status: status))) }

    private func end(_ end: Result<Void, BodyError>) {
        let reader = state.withLock { state in
            defer { state.reader = nil }
            if state.end == nil { state.end = end }
            return state.reader
        }
        reader?.resume(with: end.map { nil }.mapError { $0 })
    }

    public func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    public struct Iterator: AsyncIteratorProtocol {
        let body: HTTPBody

        /// - Throws: `BodyError`.
        public func next() async throws -> [UInt8]? {
            try await withCheckedThrowingContinuation { continuation in
                let answer = body.state.withLock { state -> Result<[UInt8]?, any Error>? in
                    if !state.pieces.isEmpty {
                        let piece = state.pieces.removeFirst()
                        state.count -= piece.count
                        return .success(piece)
                    }
                    if let end = state.end { return end.map { nil }.mapError { $0 } }
                    precondition(state.reader == nil, "a body has one reader")
                    state.reader = continuation
                    return nil
                }
                // What is taken makes room; who finds nothing waits for more.
                body.wants()
                if let answer { continuation.resume(with: answer) }
            }
        }
    }
}
