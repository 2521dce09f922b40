internal import Glibc
internal import Synchronization

/// The threads of one owner, for C calls that block. Closing the owner waits for the last of them.
public final class ThreadGroup: Sendable {
    private struct State {
        var running = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Starts a thread that takes no signals.
    /// - Parameter name: at most 15 bytes, for the kernel's list of threads.
    public func start(named name: String, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.running += 1 }
        let context = Unmanaged.passRetained(
            ThreadBody { [self] in
                Self.name(name)
                body()
                end()
            })
        var every = sigset_t()
        var before = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, &before)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                // The context came from `passRetained` above and is taken once.
                let body = context.map { Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue() }
                body?.run()
                return nil
            }, context.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        precondition(code == 0, "no thread could be started: error \(code)")
        pthread_detach(thread)
    }

    /// Names the calling thread, for tools that list threads; a failure changes nothing.
    private static func name(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, name.utf8.count)
        close(file)
    }

    /// Returns when every thread has ended.
    public func join() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.running > 0 { state.waiters.append(continuation) }
                return state.running == 0
            }
            if isDone { continuation.resume() }
        }
    }

    private func end() {
        let waiters = state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
