internal import CUV
internal import Glibc
internal import Synchronization

/// The process's loops, one a core as a rule.
public final class EventLoopGroup: Sendable {
    public let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// Starts the loops; without a count one for each core. They write by io_uring where many write at once, unless `usesRing` is false.
    ///
    /// The process then ignores SIGPIPE, and may open as many files as its hard limit lets it.
    public init(count: Int? = nil, usesRing: Bool = true) {
        let wanted = count ?? Int(uv_available_parallelism())
        signal(SIGPIPE, SIG_IGN)
        Self.raiseFileLimit()
        loops = (0..<max(1, wanted)).map { EventLoop(label: "loop-\($0)", usesRing: usesRing) }
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

    /// A socket is a file, and the usual soft limit is a thousand. Where it cannot be raised the old one stays: accepting tells then.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
