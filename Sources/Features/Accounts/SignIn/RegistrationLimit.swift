internal import Kernel
internal import Synchronization
internal import Web

/// How many accounts one address may make: fifty at once, then one a minute.
final class RegistrationLimit: Sendable {
    private static let burst: Int64 = 50
    private static let interval: Int64 = 60_000
    private static let maximumCount = 20_000

    /// When the allowance of an address is full again.
    private let fullAt = Mutex<[String: Int64]>([:])

    /// - Throws: 429.
    func take(_ address: String, now: Timestamp) throws(Problem) {
        let address = AddressBlock.of(address)
        let wait = fullAt.withLock { fullAt -> Int64 in
            if fullAt.count > Self.maximumCount { fullAt = fullAt.filter { $0.value > now.milliseconds } }
            let next = max(fullAt[address] ?? 0, now.milliseconds) + Self.interval
            let excess = next - now.milliseconds - Self.burst * Self.interval
            if excess <= 0 { fullAt[address] = next }
            return max(0, excess)
        }
        if wait > 0 { throw .tooManyRequests(retryAfter: Int((wait + 999) / 1000)) }
    }
}
