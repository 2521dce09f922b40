extension Timestamp {
    /// As it stands in a sentence, in UTC and to the minute, the next one where it is not whole: `31 January 2026 at 09:15 UTC`.
    public func inWords(_ language: Language) -> String {
        let minutes = milliseconds / 60_000 + (milliseconds % 60_000 > 0 ? 1 : 0)
        let (day, minute) = minutes.flooredDivision(by: 1440)
        let date = CivilDate(daysSinceEpoch: day)
        let (hours, rest) = (minute / 60, minute % 60)
        let month = Self.months(language)[Int(date.month) - 1]
        let two = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
        switch language {
        case .english: return "\(date.day) \(month) \(date.year) at \(two(hours)):\(two(rest)) UTC"
        case .french: return "\(date.day == 1 ? "1er" : "\(date.day)") \(month) \(date.year) à \(hours) h \(two(rest)) UTC"
        }
    }

    private static func months(_ language: Language) -> [String] {
        switch language {
        case .english:
            [
                "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
            ]
        case .french:
            [
                "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
            ]
        }
    }
}
