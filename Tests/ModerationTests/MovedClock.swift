import Kernel
import Synchronization

/// A clock that a test moves.
final class MovedClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var wall: WallClock { WallClock { self.time.withLock { $0 } } }

    func advance(seconds: Int64 = 0, milliseconds: Int64 = 0) {
        time.withLock { $0 = $0.adding(seconds: seconds).adding(milliseconds: milliseconds) }
    }
}
