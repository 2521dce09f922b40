internal import Glibc

/// Where days begin: at midnight of the site's time zone, which is the machine's (`TZ`); a day has 23 or 25 hours when clocks change.
struct SiteCalendar: Sendable {
    /// Milliseconds that the wall clock is ahead of UTC at a moment.
    let offset: @Sendable (Int64) -> Int64

    /// The zone of this process.
    static let local = SiteCalendar { milliseconds in
        var (seconds, parts) = (time_t(milliseconds / 1000), tm())
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int64(parts.tm_gmtoff) * 1000
    }

    private static let dayLength: Int64 = 86_400_000

    /// The start of the day that a moment is in.
    func day(of milliseconds: Int64) -> Int64 {
        let midnight = (milliseconds + offset(milliseconds)).floored(to: Self.dayLength)
        // The zone of the midnight itself, which may be another than that of the moment.
        let start = midnight - offset(milliseconds)
        return midnight - offset(start)
    }

    /// The start of the day after the one that begins then.
    func next(after day: Int64) -> Int64 { self.day(of: day + Self.dayLength + Self.dayLength / 4) }

    /// The start of the day before.
    func previous(before day: Int64) -> Int64 { self.day(of: day - Self.dayLength / 2) }
}
