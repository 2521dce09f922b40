import Kernel
import Synchronization

/// A clock that a test moves on.
final class MovableClock: Sendable {
    private let ahead = Atomic<Int64>(0)

    var wall: WallClock {
        WallClock(now: { [self] in WallClock.system.now().adding(milliseconds: ahead.load(ordering: .relaxed)) })
    }

    func advance(seconds: Int64) { ahead.add(seconds * 1000, ordering: .relaxed) }
}
