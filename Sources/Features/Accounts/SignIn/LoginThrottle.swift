internal import Kernel
internal import Synchronization
internal import Web

/// Slows down guessing without giving anybody the power to lock somebody else out.
///
/// Failures count for the pair (account, address), for the address, and for the account. After some free tries each further one doubles
/// the wait, to a quarter of an hour at most. An address from which the account was entered before is held to the pair's count alone, so neither a
/// crowd that guesses elsewhere nor a bad neighbour behind the same router keeps the owner out. Tries count before the password is hashed.
final class LoginThrottle: Sendable {
    fileprivate enum Key: Hashable {
        case pair([UInt8], String)
        case address(String)
        case account([UInt8])

        var freeTries: Int {
            switch self {
            case .pair: 10
            case .address: 40
            case .account: 100
            }
        }
    }

    private struct Count {
        var failures = 0
        /// Counted, but not yet known to have failed.
        var pending = 0
        var lastFailure: Int64 = 0
    }

    /// A counted try, to be settled when its outcome is known.
    struct Attempt: Sendable {
        fileprivate let keys: [Key]
    }

    static let maximumWait: Int64 = 900
    /// Milliseconds without a failure after which all is forgotten.
    private static let memory: Int64 = 1_800_000
    private static let maximumCount = 50_000

    private let counts = Mutex<[Key: Count]>([:])

    /// Counts one try.
    ///
    /// - Parameters:
    ///   - account: the same for an account that exists and one that does not.
    ///   - isKnown: the account was entered from this address before.
    /// - Throws: 429 with the seconds to wait; a refused try costs nothing.
    func begin(account: [UInt8], address: String, isKnown: Bool, now: Timestamp) throws(Problem) -> Attempt {
        let address = AddressBlock.of(address)
        let keys: [Key] = isKnown ? [.pair(account, address)] : [.pair(account, address), .address(address), .account(account)]
        let wait = counts.withLock { counts -> Int64 in
            if counts.count > Self.maximumCount { Self.sweep(&counts, now) }
            let wait = keys.map { Self.wait($0, counts[$0], now, countsPending: !isKnown) }.max() ?? 0
            if wait == 0 { for key in keys { counts[key, default: Count()].pending += 1 } }
            return wait
        }
        if wait > 0 { throw .tooManyRequests(retryAfter: Int(wait)) }
        return Attempt(keys: keys)
    }

    /// - Parameter succeeded: nil when the try came to no verdict (the server was busy).
    func settle(_ attempt: Attempt, succeeded: Bool?, now: Timestamp) {
        counts.withLock { counts in
            for key in attempt.keys {
                guard var count = counts[key] else { continue }
                count.pending -= 1
                if succeeded == false {
                    count.failures = (now.milliseconds - count.lastFailure > Self.memory ? 0 : count.failures) + 1
                    count.lastFailure = now.milliseconds
                }
                if succeeded == true, case .pair = key { count.failures = 0 }
                counts[key] = count.failures == 0 && count.pending == 0 ? nil : count
            }
        }
    }

    /// Seconds until this key allows a try; 0 when it does now.
    private static func wait(_ key: Key, _ count: Count?, _ now: Timestamp, countsPending: Bool) -> Int64 {
        guard let count else { return 0 }
        let isForgotten = now.milliseconds - count.lastFailure > memory
        let failures = isForgotten ? 0 : count.failures
        if failures < key.freeTries { return countsPending && failures + count.pending >= key.freeTries ? 1 : 0 }
        let seconds = min(maximumWait, 1 << min(Int64(failures - key.freeTries), 10))
        let until = count.lastFailure + seconds * 1000
        if until > now.milliseconds { return (until - now.milliseconds + 999) / 1000 }
        return count.pending > 0 && countsPending ? 1 : 0
    }

    private static func sweep(_ counts: inout [Key: Count], _ now: Timestamp) {
        counts = counts.filter { $0.value.pending > 0 || now.milliseconds - $0.value.lastFailure < memory }
        guard counts.count > maximumCount else { return }
        let oldest = counts.filter { $0.value.pending == 0 }.sorted { $0.value.lastFailure < $1.value.lastFailure }
        for (key, _) in oldest.prefix(maximumCount / 10) { counts[key] = nil }
    }
}
