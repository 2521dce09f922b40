internal import Glibc

/// Unix milliseconds, UTC; shown as RFC 3339 with three decimals.
public struct Timestamp: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    public func adding(milliseconds delta: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds &+ delta) }

    public func adding(seconds: Int64) -> Timestamp { adding(milliseconds: seconds &* 1000) }
}

/// Milliseconds since a start that only this process knows: never steps, whatever is done to the time of day.
public struct Uptime: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    public func adding(milliseconds delta: Int64) -> Uptime { Uptime(milliseconds: milliseconds &+ delta) }
}

/// One look at both clocks: the time of day for what is shown and stored, the uptime for leases, graces and heartbeats.
public struct Moment: Hashable, Sendable {
    public var time: Timestamp
    public var uptime: Uptime

    public init(time: Timestamp, uptime: Uptime) { (self.time, self.uptime) = (time, uptime) }

    /// What the time of day was then, by the clock of now.
    public func time(at past: Uptime) -> Timestamp { time.adding(milliseconds: past.milliseconds &- uptime.milliseconds) }
    /// When the time of day will be this, unless the clock is set.
    public func uptime(at time: Timestamp) -> Uptime { uptime.adding(milliseconds: time.milliseconds &- self.time.milliseconds) }
}

/// Where the time of day comes from, and the uptime; injected, so that tests move them.
public struct WallClock: Sendable {
    public let now: @Sendable () -> Timestamp
    /// For durations: somebody who sets the machine's clock does not end them.
    public let uptime: @Sendable () -> Uptime

    /// - Parameter uptime: nil for one that goes with the time of day.
    public init(uptime: (@Sendable () -> Uptime)? = nil, now: @escaping @Sendable () -> Timestamp) {
        self.now = now
        self.uptime = uptime ?? { Uptime(milliseconds: now().milliseconds) }
    }

    public func moment() -> Moment { Moment(time: now(), uptime: uptime()) }

    /// The machine's clocks.
    public static let system = WallClock {
        Uptime(milliseconds: Int64(monotonicNanoseconds() / 1_000_000))
    } now: {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Nanoseconds that never step back, for durations.
public func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

extension Timestamp: CustomStringConvertible {
    /// `2026-01-31T09:15:00.000Z`
    public var description: String { rfc3339 }

    public var rfc3339: String {
        let (day, rest) = milliseconds.flooredDivision(by: 86_400_000)
        let date = CivilDate(daysSinceEpoch: day)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func put(_ value: Int64, _ width: Int) {
            var digits = Array(String(value).utf8)
            while digits.count < width { digits.insert(UInt8(ascii: "0"), at: 0) }
            text += digits
        }
        put(date.year, 4)
        text.append(UInt8(ascii: "-"))
        put(date.month, 2)
        text.append(UInt8(ascii: "-"))
        put(date.day, 2)
        text.append(UInt8(ascii: "T"))
        put(rest / 3_600_000, 2)
        text.append(UInt8(ascii: ":"))
        put(rest / 60_000 % 60, 2)
        text.append(UInt8(ascii: ":"))
        put(rest / 1000 % 60, 2)
        text.append(UInt8(ascii: "."))
        put(rest % 1000, 3)
        text.append(UInt8(ascii: "Z"))
        return String(own: text)
    }

    /// The first and the last millisecond of the years 0000 to 9999, in UTC: what RFC 3339 can write.
    private static let writable: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// Reads RFC 3339 with `Z` or an offset, with or without decimals (milliseconds are kept); a plain date is its midnight UTC.
    ///
    /// Nil also where the offset or the leap second leads out of the years that `rfc3339` can write.
    public init?(rfc3339 text: some StringProtocol) {
        var reader = DigitReader(Array(text.utf8))
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"), let day = reader.number(2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let midnight = date.daysSinceEpoch * 86_400_000
        if reader.isAtEnd {
            self.init(milliseconds: midnight)
            return
        }
        guard reader.skip("T") || reader.skip("t") || reader.skip(" "), let hour = reader.number(2), hour < 24, reader.skip(":"),
            let minute = reader.number(2), minute < 60, reader.skip(":"), let second = reader.number(2), second <= 60,
            let fraction = reader.fraction(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let milliseconds = midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction
        guard Self.writable.contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
    }
}

/// A date of the proleptic Gregorian calendar.
struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64

    init?(year: Int64, month: Int64, day: Int64) {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), day >= 1, day <= lengths[Int(month) - 1] else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Howard Hinnant's civil-from-days.
    init(daysSinceEpoch: Int64) {
        let (era, dayOfEra) = (daysSinceEpoch + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shifted.flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

private struct DigitReader {
    let bytes: [UInt8]
    var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        guard index + width <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[index..<index + width] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        index += width
        return value
    }

    /// Milliseconds; further digits are cut.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        var value: Int64 = 0
        var digits = 0
        while let digit = number(1) {
            if digits < 3 { value = value * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { return nil }
        while digits < 3 {
            value *= 10
            digits += 1
        }
        return value
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int64 = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2), hours < 24, skip(":"), let minutes = number(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

extension Int64 {
    func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
        let remainder = self % divisor
        return remainder < 0 ? (self / divisor - 1, remainder + divisor) : (self / divisor, remainder)
    }
}
