internal import Kernel
internal import Synchronization

/// Until when a connection may work on its transaction; confined to the connection's thread, but for `AbortSignal`.
public final class TimeLimit {
    /// Of the monotonic clock, in nanoseconds; `max` for no end.
    public var end: UInt64 = .max
    private let signal: AbortSignal

    public init(_ signal: AbortSignal) { self.signal = signal }

    public var isOver: Bool { signal.isRaised || (end != .max && monotonicNanoseconds() >= end) }

    /// Milliseconds that are left, at most `most`.
    public func left(atMost most: Int) -> Int {
        guard !signal.isRaised else { return 0 }
        let now = monotonicNanoseconds()
        guard end != .max else { return most }
        return end <= now ? 0 : min(most, Int((end - now) / 1_000_000) + 1)
    }

    /// What a call throws whose time is over.
    public var error: DatabaseError {
        signal.isRaised ? .unavailable("the database is being closed") : .timedOut("the database took longer than allowed")
    }
}

/// Tells every connection of a driver to give up what it is doing.
public final class AbortSignal: Sendable {
    private let flag = Atomic(false)

    public init() {}

    public var isRaised: Bool { flag.load(ordering: .relaxed) }

    public func raise() { flag.store(true, ordering: .relaxed) }
}
