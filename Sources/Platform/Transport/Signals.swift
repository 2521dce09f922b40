internal import CUV
internal import Glibc

/// The signals that ask a server for something.
public enum Signals {
    public enum Signal: Sendable, CaseIterable {
        case interrupt
        case terminate
        case hangUp

        var number: Int32 {
            switch self {
            case .interrupt: SIGINT
            case .terminate: SIGTERM
            case .hangUp: SIGHUP
            }
        }
    }

    /// From now on, until a stream of it is read, a hang-up is ignored instead of ending the process.
    public static func ignoreHangUp() { signal(SIGHUP, SIG_IGN) }

    /// The signals as they come, in place of what they do by default; ends with the task that reads it.
    public static func stream(of signals: [Signal] = Signal.allCases, on loop: EventLoop) -> AsyncStream<Signal> {
        AsyncStream { continuation in
            loop.execute {
                let watchers = signals.map { SignalWatcher($0, on: loop, continuation) }
                continuation.onTermination = { _ in
                    loop.execute { for watcher in watchers { watcher.close() } }
                }
            }
        }
    }
}

/// One libuv signal handle. Loop-confined.
private final class SignalWatcher: @unchecked Sendable {
    // SAFETY: made, called and closed on the loop's thread.
    private let handle = UnsafeMutablePointer<uv_signal_t>.allocate(capacity: 1)
    private let signal: Signals.Signal
    private let continuation: AsyncStream<Signals.Signal>.Continuation

    init(_ signal: Signals.Signal, on loop: EventLoop, _ continuation: AsyncStream<Signals.Signal>.Continuation) {
        self.signal = signal
        self.continuation = continuation
        EventLoop.check(uv_signal_init(loop.uv, handle), "uv_signal_init")
        handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let caught: uv_signal_cb = { handle, _ in
            let watcher = Unmanaged<SignalWatcher>.fromOpaque(handle!.pointee.data).takeUnretainedValue()
            watcher.continuation.yield(watcher.signal)
        }
        EventLoop.check(uv_signal_start(handle, caught, signal.number), "uv_signal_start")
    }

    func close() {
        uv_close(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)) { handle in
            Unmanaged<SignalWatcher>.fromOpaque(handle!.pointee.data).release()
            UnsafeMutableRawPointer(handle!).deallocate()
        }
    }
}
