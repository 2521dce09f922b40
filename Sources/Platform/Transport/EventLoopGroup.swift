internal import CUV
internal import Glibc
internal import Synchronization

/// The process's loops, one a core as a rule.
public final class EventLoopGroup: Sendable {
    public let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// Starts the loops; without a count one for each core.
    public init(count: Int? = nil) {
        let wanted = count ?? Int(uv_available_parallelism())
        signal(SIGPIPE, SIG_IGN)
        loops = (0..<max(1, wanted)).map { EventLoop(label: "loop-\($0)") }
        for loop in loops { loop.start() }
    }

    /// The loops in turn, for work that may run on any.
    public func next() -> EventLoop {
        loops[turn.wrappingAdd(1, ordering: .relaxed).oldValue % loops.count]
    }

    /// Ends the threads; all sockets must be closed before.
    public func stop() {
        for loop in loops { loop.stop() }
    }
}
