internal import Kernel

/// The filters of a list of titles.
struct TitleFilter: Sendable {
    var kind: TitleKind?
    var genre: String?
    var years: ClosedRange<Int16>?
    var showsAdult = false

    /// A year, or a decade as `1990s`; nil for anything else.
    static func years(_ text: String) -> ClosedRange<Int16>? {
        let isDecade = text.utf8.count == 5 && text.utf8.last == UInt8(ascii: "s")
        let digits = isDecade ? Substring(text.utf8.dropLast()) : Substring(text)
        guard digits.utf8.count == 4, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let year = Int16(digits), year >= 1800
        else { return nil }
        guard isDecade else { return year...year }
        return year % 10 == 0 ? year...year + 9 : nil
    }
}

/// The number of titles for each value of a filter. Each filter is counted with the other filters applied, not with its own.
struct Facets: Sendable, Equatable {
    var genres: [String: Int] = [:]
    var decades: [Int: Int] = [:]
    var kinds: [TitleKind: Int] = [:]
    /// With all filters.
    var total = 0
}

extension CatalogueTable {
    /// A filter with its genre as a bit of this table.
    struct Test {
        fileprivate let kind: TitleKind?
        fileprivate let genre: UInt64?
        fileprivate let years: ClosedRange<Int16>?
        fileprivate let showsAdult: Bool
    }

    func test(_ filter: TitleFilter) -> Test {
        // A genre without titles has no bit: 0 matches no title.
        Test(
            kind: filter.kind, genre: filter.genre.map { bit(of: $0) ?? 0 }, years: filter.years, showsAdult: filter.showsAdult)
    }

    func isShown(_ place: Int, _ test: Test) -> Bool { isListed[place] && (test.showsAdult || !isAdult[place]) }

    func passes(_ place: Int, _ test: Test) -> Bool {
        isShown(place, test) && (test.kind.map { $0 == kinds[place] } ?? true)
            && (test.genre.map { genreSets[place] & $0 != 0 } ?? true) && (test.years?.contains(years[place]) ?? true)
    }

    /// - Parameter places: the results of a search; nil for all titles.
    func facets(_ filter: TitleFilter, among places: [Int]?) -> Facets {
        let test = test(filter)
        var (facets, genres) = (Facets(), [Int](repeating: 0, count: Self.mostGenres))
        var decades = [Int](repeating: 0, count: 3300)
        func count(_ place: Int) {
            guard isShown(place, test) else { return }
            let isOfKind = test.kind.map { $0 == kinds[place] } ?? true
            let isOfGenre = test.genre.map { genreSets[place] & $0 != 0 } ?? true
            let isOfYears = test.years?.contains(years[place]) ?? true
            if isOfGenre, isOfYears { facets.kinds[kinds[place], default: 0] += 1 }
            if isOfKind, isOfGenre, years[place] > 0 { decades[Int(years[place]) / 10] += 1 }
            if isOfKind, isOfYears {
                var rest = genreSets[place]
                while rest != 0 {
                    genres[rest.trailingZeroBitCount] += 1
                    rest &= rest - 1
                }
            }
            if isOfKind, isOfGenre, isOfYears { facets.total += 1 }
        }
        if let places { for place in places { count(place) } } else { for place in ids.indices { count(place) } }
        for (bit, name) in self.genres.enumerated() where genres[bit] > 0 { facets.genres[name] = genres[bit] }
        for (decade, number) in decades.enumerated() where number > 0 { facets.decades[decade * 10] = number }
        return facets
    }
}
