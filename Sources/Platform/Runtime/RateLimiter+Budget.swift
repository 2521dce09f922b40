extension RateLimiter {
    /// How much a subject may spend on one purpose, and how it comes back.
    public struct Budget: Sendable {
        /// How what was spent comes back.
        public enum Recovery: Sendable, Hashable {
            /// So many a second.
            case steady(perSecond: Double)
            /// For failures: beyond the burst each further one doubles the wait, from `first` to `maximum` milliseconds. All are forgotten after
            /// `memory` milliseconds without one.
            case doubling(first: Int64, maximum: Int64, memory: Int64)
        }

        public let purpose: String
        /// How many at once after a rest; of failures, how many before the first wait.
        public let burst: Int
        public let recovery: Recovery
        /// Whether a success forgets the failures before it.
        public let isClearedBySuccess: Bool

        private init(_ purpose: String, _ burst: Int, _ recovery: Recovery, _ isClearedBySuccess: Bool) {
            (self.purpose, self.burst, self.recovery, self.isClearedBySuccess) = (purpose, burst, recovery, isClearedBySuccess)
        }

        /// So many at once, then so many a second.
        public static func steady(_ purpose: String, burst: Int, perSecond: Double) -> Budget {
            Budget(purpose, burst, .steady(perSecond: perSecond), false)
        }

        /// So many failures for free, then waits that double; times in seconds.
        public static func failures(
            _ purpose: String, free: Int, firstWait: Int64 = 1, maximumWait: Int64, memory: Int64, isClearedBySuccess: Bool = false
        ) -> Budget {
            Budget(
                purpose, free, .doubling(first: firstWait * 1000, maximum: maximumWait * 1000, memory: memory * 1000), isClearedBySuccess)
        }

        /// How long a steady one takes from empty to full.
        public var secondsToRefill: Double {
            guard case .steady(let rate) = recovery else { return 0 }
            return Double(burst) / rate
        }

        /// Whether failures are remembered so many milliseconds after the last one.
        public func counts(sinceLast: Int64) -> Bool {
            guard case .doubling(_, _, let memory) = recovery else { return false }
            return sinceLast < memory
        }

        /// Milliseconds that a further try waits after so many failures, of which the last was so long ago.
        public func wait(failures: Int, sinceLast: Int64) -> Int64 {
            guard case .doubling(let first, let maximum, _) = recovery, failures >= burst, counts(sinceLast: sinceLast) else { return 0 }
            return max(0, min(maximum, first << min(Int64(failures - burst), 20)) - max(0, sinceLast))
        }
    }

    /// What one subject has spent of one budget.
    struct Count {
        /// Drawn and not yet come back; of failures, how many.
        private var spent = 0.0
        /// Failures that are not known to be any yet.
        private(set) var pending = 0
        private(set) var changedAt: Int64 = 0
        /// When it is as good as none.
        private var forgottenAt: Int64 = 0

        func isForgotten(at now: Int64) -> Bool { pending == 0 && forgottenAt <= now }

        func remaining(_ budget: Budget) -> Int { max(0, Int(Double(budget.burst) - spent)) }

        /// Milliseconds until one more is allowed; what came back since the last time is taken off first.
        mutating func wait(_ budget: Budget, at now: Int64) -> Int64 {
            switch budget.recovery {
            case .steady(let rate):
                spent = max(0, spent - Double(max(0, now - changedAt)) / 1000 * rate)
                changedAt = now
                let excess = spent + 1 - Double(budget.burst)
                return excess <= 0 ? 0 : Int64((excess / rate * 1000).rounded(.up))
            case .doubling:
                if !budget.counts(sinceLast: now - changedAt) { spent = 0 }
                let wait = budget.wait(failures: Int(spent), sinceLast: now - changedAt)
                // A try under way may be the failure that begins the wait.
                return wait == 0 && pending > 0 && Int(spent) + pending >= budget.burst ? 1000 : wait
            }
        }

        mutating func draw(_ budget: Budget, at now: Int64) {
            switch budget.recovery {
            case .steady: add(1, budget, at: now)
            case .doubling: pending += 1
            }
        }

        mutating func settle(_ budget: Budget, succeeded: Bool?, at now: Int64) {
            switch budget.recovery {
            case .steady:
                if succeeded != false { add(-1, budget, at: now) }
            case .doubling:
                pending = max(0, pending - 1)
                if succeeded == false { add(1, budget, at: now) }
                if succeeded == true, budget.isClearedBySuccess { (spent, forgottenAt) = (0, 0) }
            }
        }

        private mutating func add(_ amount: Double, _ budget: Budget, at now: Int64) {
            (spent, changedAt) = (max(0, spent + amount), now)
            switch budget.recovery {
            case .steady(let rate): forgottenAt = now + Int64((spent / rate * 1000).rounded(.up))
            case .doubling(_, _, let memory): forgottenAt = now + memory
            }
        }
    }
}
