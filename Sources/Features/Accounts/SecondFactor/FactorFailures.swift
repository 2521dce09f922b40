internal import Database
internal import Kernel
internal import Runtime

/// How often wrong six-digit codes came after the right password, in the database, so that neither a restart nor a second node begins anew.
///
/// Six digits are guessed by a third of a million tries. So after five that failed each further one waits, twice as long each time, an hour in the end:
/// about thirty a day, which is one chance in ten thousand. Only who has the password gets that far. Addresses that the account was entered from, with the
/// factor, have a count each; all others share one. So whoever guesses elsewhere does not keep the person out at home, and a recovery
/// code, which nobody guesses, is heard at any time and place.
struct FactorFailures: Sendable {
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
        (failures, failedAt) = (row?.int64(0) ?? 0, row?.time(1) ?? Timestamp(milliseconds: 0))
        // The clock was set back since: the wait begins now, or it would last until the clock is there again.
        if failedAt > now { try write(failures, now, in: transaction) }
    }

    /// Seconds until the next code is looked at; 0 when that is now.
    func wait(at now: Timestamp) -> Int {
        let left = RateLimiter.Budget.codes.wait(failures: Int(failures), sinceLast: now.milliseconds - failedAt.milliseconds)
        return Int((left + 999) / 1000)
    }

    func fail(at now: Timestamp, in transaction: Transaction) throws {
        try write(
            RateLimiter.Budget.codes.counts(sinceLast: now.milliseconds - failedAt.milliseconds) ? failures + 1 : 1, now, in: transaction)
    }

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
