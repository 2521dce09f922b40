internal import Synchronization

/// How far the bytes of an answer were read.
final class ReadCursor: Sendable {
    private let rest: Mutex<Range<Int64>>

    init(_ range: Range<Int64>) { rest = Mutex(range) }

    /// The next bytes, at most so many; an empty range at the end.
    func next(_ count: Int64) -> Range<Int64> {
        rest.withLock { rest in
            let end = min(rest.upperBound, rest.lowerBound + count)
            defer { rest = end..<rest.upperBound }
            return rest.lowerBound..<end
        }
    }
}
