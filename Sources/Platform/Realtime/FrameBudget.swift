internal import Kernel

/// How many frames a client may send: a bucket of tokens that refills with time.
struct FrameBudget {
    private var tokens: Double
    private var refilledAt: Uptime
    /// Frames that were refused since the bucket was last half full.
    private(set) var refused = 0

    init(_ limits: GatewaySession.Limits, at now: Uptime) { (tokens, refilledAt) = (limits.burst, now) }

    /// A frame costs one token, and one more for each 4 KiB, since reading it costs time in proportion to its bytes.
    ///
    /// - Returns: whether there were enough.
    mutating func take(_ now: Uptime, bytes: Int = 0, _ limits: GatewaySession.Limits) -> Bool {
        let elapsed = Double(max(0, now.milliseconds - refilledAt.milliseconds)) / 1000
        tokens = min(limits.burst, tokens + elapsed * limits.rate)
        refilledAt = now
        if tokens >= limits.burst / 2 { refused = 0 }
        let cost = Double(1 + bytes / 4096)
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    mutating func refuse() { refused += 1 }
}
