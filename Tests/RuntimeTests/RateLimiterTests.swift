import Kernel
import Runtime
import Synchronization
import Testing

@Suite struct RateLimiterTests {
    /// An uptime that the test moves, apart from the time of day.
    private final class Clock: Sendable {
        private let state = Mutex((time: Int64(1_800_000_000_000), uptime: Int64(5_000)))

        var wall: WallClock {
            WallClock {
                Uptime(milliseconds: self.state.withLock { $0.uptime })
            } now: {
                Timestamp(milliseconds: self.state.withLock { $0.time })
            }
        }

        func advance(_ milliseconds: Int64) { state.withLock { $0 = ($0.time + milliseconds, $0.uptime + milliseconds) } }
        func set(by milliseconds: Int64) { state.withLock { $0.time += milliseconds } }
    }

    private static let guesses = RateLimiter.Budget.failures("guesses", free: 3, maximumWait: 60, memory: 600, isClearedBySuccess: true)
    private static let requests = RateLimiter.Budget.steady("requests", burst: 3, perSecond: 0.001)

    private func fail(_ limiter: RateLimiter, _ subject: String = "a") throws {
        limiter.settle(try limiter.begin([RateLimiter.Charge(Self.guesses, subject)]), succeeded: false)
    }

    private func wait(_ limiter: RateLimiter, _ subject: String = "a") -> Int? {
        do {
            limiter.settle(try limiter.begin([RateLimiter.Charge(Self.guesses, subject)]), succeeded: nil)
            return nil
        } catch let problem {
            return problem.retryAfter
        }
    }

    @Test func aSteadyBudgetRefusesWhatIsBeyondTheBurst() {
        let clock = Clock()
        let limiter = RateLimiter(clock: clock.wall)
        let verdicts = (0..<5).map { _ in limiter.take(Self.requests, "a") }
        #expect(verdicts.map(\.isAllowed) == [true, true, true, false, false])
        #expect(verdicts[0].remaining == 2 && verdicts[4].retryAfter == 1000)
        #expect(limiter.take(Self.requests, "b").isAllowed)
        clock.advance(999_999)
        #expect(!limiter.take(Self.requests, "a").isAllowed)
        clock.advance(1)
        #expect(limiter.take(Self.requests, "a").isAllowed)
    }

    @Test func failuresDoubleTheWaitAndAreForgotten() throws {
        let clock = Clock()
        let limiter = RateLimiter(clock: clock.wall)
        var waits: [Int] = []
        for _ in 0..<3 { try fail(limiter) }
        for _ in 0..<8 {
            waits.append(wait(limiter) ?? 0)
            clock.advance(Int64(waits.last ?? 0) * 1000)
            try fail(limiter)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60])
        #expect(wait(limiter, "b") == nil)
        clock.advance(600_000)
        for _ in 0..<3 { try fail(limiter) }
        #expect(wait(limiter) == 1)
    }

    /// Setting the clock of the machine ahead and back makes nobody wait.
    @Test func theTimeOfDayDoesNotMatter() throws {
        let clock = Clock()
        let limiter = RateLimiter(clock: clock.wall)
        clock.set(by: 3_600_000)
        for _ in 0..<4 {
            try fail(limiter)
            clock.advance(1000)
        }
        clock.set(by: -3_600_000)
        clock.advance(1000)
        #expect(wait(limiter) == nil)
    }

    @Test func pendingTriesCount() throws {
        let limiter = RateLimiter(clock: Clock().wall)
        let charge = [RateLimiter.Charge(Self.guesses, "a")]
        let attempts = try (0..<3).map { _ in try limiter.begin(charge) }
        #expect(wait(limiter) == 1)
        for attempt in attempts { limiter.settle(attempt, succeeded: true) }
        #expect(wait(limiter) == nil && limiter.count == 0)
    }

    @Test func aRefusedTryCostsNoneOfItsBudgets() throws {
        let limiter = RateLimiter(clock: Clock().wall)
        let (wide, narrow) = (RateLimiter.Budget.steady("wide", burst: 2, perSecond: 0.001), Self.requests)
        for _ in 0..<3 { _ = limiter.take(narrow, "a") }
        for _ in 0..<5 { #expect(!limiter.allows(RateLimiter.Charge(wide, "a"), RateLimiter.Charge(narrow, "a"))) }
        #expect(limiter.take(wide, "a").isAllowed && limiter.take(wide, "a").isAllowed)
    }

    /// A crowd of addresses does not give a member's empty budget back to them.
    @Test func aFullTableForgetsNoEmptyBudgetForAnother() {
        let clock = Clock()
        let limiter = RateLimiter(clock: clock.wall)
        let address = RateLimiter.Budget.steady("address", burst: 1, perSecond: 1_000_000)
        for _ in 0..<3 { #expect(limiter.take(Self.requests, "member").isAllowed) }
        for key in 0..<100_000 {
            if key.isMultiple(of: 1000) { clock.advance(1) }
            _ = limiter.take(address, "\(key)")
        }
        #expect(!limiter.take(Self.requests, "member").isAllowed)
    }

    @Test func manySubjectsStayBounded() {
        let limiter = RateLimiter(clock: Clock().wall)
        let budget = RateLimiter.Budget.steady("many", burst: 10, perSecond: 1)
        for key in 0..<100_000 { #expect(limiter.take(budget, "\(key)").isAllowed) }
        #expect(limiter.count <= 16 * 4096)
    }
}
