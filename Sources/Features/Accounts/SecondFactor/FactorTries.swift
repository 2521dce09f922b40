internal import Database
internal import Kernel

/// How often wrong six-digit codes came after the right password, in the database, so that neither a restart nor a second node begins anew.
///
/// Six digits are guessed by a third of a million tries. So after five that failed each further one waits, twice as long each time, an hour in the end:
/// about thirty a day, which is one chance in ten thousand. Only who has the password gets that far. Addresses that the account was entered from, with the
/// factor, have a count each; all others share one. So whoever guesses elsewhere does not keep the person out at home, and a recovery
/// code, which nobody guesses, is heard at any time and place.
struct FactorTries: Sendable {
    private static let free: Int64 = 5
    private static let firstWait: Int64 = 30
    private static let maximumWait: Int64 = 3600
    /// Seconds without a failure after which all is forgotten.
    private static let memory: Int64 = 86_400

    private let user: UserID
    /// Nil for an address that the account was not entered from.
    private let known: [UInt8]?
    private let failures: Int64
    private let failedAt: Timestamp

    init(_ user: UserID, from address: [UInt8], at now: Timestamp, in transaction: Transaction) throws {
        self.user = user
        let own = try transaction.row(
            "SELECT otp_failures, otp_failed_at FROM known_addresses WHERE user_id = \(user) AND address = \(address)")
        known = own == nil ? nil : address
        let row = try own ?? transaction.row("SELECT failures, failed_at FROM totp_factors WHERE user_id = \(user)")
        failedAt = row?.time(1) ?? Timestamp(milliseconds: 0)
        failures = failedAt.adding(seconds: Self.memory) <= now ? 0 : row?.int64(0) ?? 0
    }

    /// Seconds until the next code is looked at; 0 when that is now.
    func wait(at now: Timestamp) -> Int {
        guard failures >= Self.free else { return 0 }
        let seconds = min(Self.maximumWait, Self.firstWait << min(failures - Self.free, 10))
        let left = failedAt.adding(seconds: seconds).milliseconds - now.milliseconds
        return left > 0 ? Int((left + 999) / 1000) : 0
    }

    func fail(at now: Timestamp, in transaction: Transaction) throws { try write(failures + 1, now, in: transaction) }

    func succeed(in transaction: Transaction) throws {
        if failures > 0 { try write(0, Timestamp(milliseconds: 0), in: transaction) }
    }

    private func write(_ failures: Int64, _ at: Timestamp, in transaction: Transaction) throws {
        if let known {
            try transaction.execute(
                """
                UPDATE known_addresses SET otp_failures = \(failures), otp_failed_at = \(at) WHERE user_id = \(user) AND address = \(known)
                """)
        } else {
            try transaction.execute("UPDATE totp_factors SET failures = \(failures), failed_at = \(at) WHERE user_id = \(user)")
        }
    }
}
