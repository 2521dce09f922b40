internal import Synchronization

/// Counts what the readers of a peer's text do, so that tests can hold its growth to the input's; a release build counts nothing.
public enum Steps {
    #if DEBUG
        private final class Counter: Sendable {
            let value = Atomic<Int>(0)
        }

        @TaskLocal private static var counter: Counter?
    #endif

    @inline(__always)
    public static func add(_ count: Int) {
        #if DEBUG
            _ = counter?.value.wrappingAdd(count, ordering: .relaxed)
        #endif
    }

    /// - Returns: the steps that `body` took; 0 in a release build.
    public static func count(_ body: () throws -> Void) rethrows -> Int {
        #if DEBUG
            let counter = Counter()
            try $counter.withValue(counter) { try body() }
            return counter.value.load(ordering: .relaxed)
        #else
            try body()
            return 0
        #endif
    }
}
