internal import Kernel
internal import Web

/// The parameters of `GET /analytics/live`.
struct LiveQuery: Sendable {
    enum Comparison: String, CaseIterable, Sendable {
        case yesterday
        case lastWeek = "last_week"

        var milliseconds: Int64 { self == .yesterday ? 86_400_000 : 7 * 86_400_000 }
    }

    enum Interval: String, CaseIterable, Sendable {
        case second = "1s"
        case five = "5s"
        case minute = "1m"
        case hour = "1h"
        case day = "1d"
    }

    let resolution: Resolution
    /// The number of windows.
    let last: Int
    let dimension: Segment.Dimension?
    let filter: MeasureFilter?
    let comparison: Comparison?
    /// Nil for the page itself; otherwise a file.
    let format: ExportFormat?

    /// How many windows of a width can be asked for at once.
    static func most(_ resolution: Resolution) -> Int {
        switch resolution {
        case .second: 900
        case .five, .minute: 1440
        case .hour: 744
        case .day: 760
        }
    }

    init(_ query: inout Query) {
        resolution = query.choice("interval", Interval.self).flatMap { Resolution(name: $0.rawValue) } ?? .second
        last = query.integer("last", 1...Self.most(resolution)) ?? 60
        dimension = query.choice("by", Segment.Dimension.self)
        comparison = query.choice("compare", Comparison.self)
        filter = Self.filter(&query)
        format = query.choice("format", ExportFormat.self)
        if filter != nil, dimension != nil {
            query.fail(
                "by", "exclusive",
                LocalizedText(
                    en: "Either a filter or a segmentation: one at a time.", fr: "Soit un filtre, soit une segmentation : un à la fois."))
        }
    }

    /// `role=mod`, `device=mobile`, `route=/users/{id}`, `route=GET /users/{id}`.
    private static func filter(_ query: inout Query) -> MeasureFilter? {
        guard let text = query.string("filter", maximum: 200) else { return nil }
        guard let sign = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            query.fail("filter", "invalid", expected)
            return nil
        }
        let (name, value) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
        if let dimension = Segment.Dimension(rawValue: name), !value.isEmpty {
            return .segment(Segment(dimension: dimension, value: value))
        }
        guard name == "route", !value.isEmpty else {
            query.fail("filter", "invalid", expected)
            return nil
        }
        let words = value.split(separator: " ", maxSplits: 1).map(String.init)
        return words.count == 2 ? .route(words[1], method: words[0].uppercased()) : .route(value, method: nil)
    }

    private static let expected = LocalizedText(
        en: "A filter such as role=mod, device=mobile, version=web/1.0 or route=/users/{id} is expected.",
        fr: "Un filtre tel que role=mod, device=mobile, version=web/1.0 ou route=/users/{id} est attendu.")
}

/// The format of an export.
enum ExportFormat: String, CaseIterable, Sendable {
    case json, csv
}
