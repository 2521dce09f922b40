internal import Kernel

/// When a failed delivery is sent again.
enum RetrySchedule {
    /// Seconds between one attempt and the next: nine attempts within a day.
    static let pauses: [Int64] = [5, 20, 300, 1800, 7200, 18_000, 36_000, 23_100]
    /// Attempts of one delivery.
    static let attempts = Int64(pauses.count + 1)
    /// Seconds without a success after which a webhook is paused.
    static let failingLimit: Int64 = 86_400
    /// Seconds that a target may ask to wait.
    static let longestRetryAfter: Int64 = 86_400

    /// - Parameters:
    ///   - failures: how many attempts have failed, from 1 on.
    ///   - random: from 0 to 1, which moves the pause by up to a fifth.
    static func next(after failures: Int64, retryAfter: Int64?, at now: Timestamp, random: Double = .random(in: 0...1)) -> Timestamp {
        if let retryAfter { return now.adding(seconds: min(max(1, retryAfter), longestRetryAfter)) }
        let pause = pauses[Int(min(max(1, failures), Int64(pauses.count))) - 1]
        return now.adding(milliseconds: Int64(Double(pause) * 1000 * (0.8 + 0.4 * random)))
    }
}
