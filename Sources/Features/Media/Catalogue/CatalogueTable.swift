internal import Kernel

/// The columns of all titles that lists, searches and facets need.
struct CatalogueTable: Sendable {
    private(set) var ids: [MediaID] = []
    private var places: [MediaID: Int] = [:]
    private(set) var kinds: [TitleKind] = []
    /// 0 for an unknown year.
    private(set) var years: [Int16] = []
    /// A bit for each genre, by its place in `genres`.
    private(set) var genreSets: [UInt64] = []
    private(set) var isListed: [Bool] = []
    private(set) var isAdult: [Bool] = []
    private var numbers: [[Double]] = Array(repeating: [], count: 4)
    private var titles: [[String]] = [[], []]
    private var names = TitleNames()
    private var orders: [[Int32]] = Array(repeating: [], count: OrderName.allCases.count)
    /// The ids of the genres, in the order of their bits.
    private(set) var genres: [String] = []

    /// The most genres of a site: one bit each.
    static let mostGenres = 64

    var count: Int { ids.count }

    func place(of id: MediaID) -> Int? { places[id] }
    func popularity(_ place: Int) -> Double { numbers[0][place] }
    func released(_ place: Int) -> Int { Int(numbers[1][place]) }
    func rating(_ place: Int) -> Double { numbers[2][place] }
    func trend(_ place: Int) -> Double { numbers[3][place] }
    func bit(of genre: String) -> UInt64? { genres.firstIndex(of: genre).map { 1 << UInt64($0) } }

    // MARK: Changes

    /// Adds or updates titles, and removes those of `gone` from every list.
    mutating func take(_ records: [(record: TitleRecord, names: [String])], gone: [MediaID] = [], isFirst: Bool = false) {
        let isMany = isFirst || records.count > 200
        if !isMany { for each in records { leaveOrders(each.record.id) } }
        for each in records { set(each.record, each.names) }
        if isMany { sortAll() } else { for each in records { enterOrders(each.record.id) } }
        for id in gone {
            guard let place = places[id] else { continue }
            isListed[place] = false
            names.set([], of: place)
        }
        names.settle()
    }

    private mutating func set(_ record: TitleRecord, _ titleNames: [String]) {
        let place: Int
        if let known = places[record.id] {
            place = known
        } else {
            place = ids.count
            places[record.id] = place
            ids.append(record.id)
            kinds.append(record.kind)
            years.append(0)
            genreSets.append(0)
            isListed.append(false)
            isAdult.append(false)
            for column in numbers.indices { numbers[column].append(0) }
            for column in titles.indices { titles[column].append("") }
        }
        years[place] = Int16(clamping: record.year ?? 0)
        genreSets[place] = record.genres.reduce(0) { $0 | bitMaking($1) }
        isListed[place] = record.isListed
        isAdult[place] = record.isAdult
        numbers[0][place] = record.popularity
        numbers[1][place] = Double(record.releaseKey)
        numbers[2][place] = record.rating ?? 0
        numbers[3][place] = record.trend
        for (column, language) in [Language.english, .french].enumerated() {
            titles[column][place] = Self.sortTitle(record.title(ReadingLanguages(nil, language)), language)
        }
        names.set(record.isListed ? titleNames : [], of: place)
    }

    private mutating func bitMaking(_ genre: String) -> UInt64 {
        if let bit = bit(of: genre) { return bit }
        guard genres.count < Self.mostGenres else { return 0 }
        genres.append(genre)
        return 1 << UInt64(genres.count - 1)
    }

    /// Without an article in front, as libraries sort.
    static func sortTitle(_ title: String, _ language: Language) -> String {
        let folded = TitleText.fold(title)
        let articles = language == .french ? ["le ", "la ", "les ", "l ", "un ", "une "] : ["the ", "a ", "an "]
        for article in articles where folded.utf8.count > article.utf8.count && folded.hasPrefix(article) {
            return String(Substring(folded.utf8.dropFirst(article.utf8.count)))
        }
        return folded
    }

    // MARK: Orders

    func key(_ place: Int, _ order: OrderName) -> OrderKey {
        switch order {
        case .popularity: OrderKey(.number(numbers[0][place]), ids[place])
        case .englishTitle: OrderKey(.text(titles[0][place]), ids[place])
        case .frenchTitle: OrderKey(.text(titles[1][place]), ids[place])
        case .released: OrderKey(.number(numbers[1][place]), ids[place])
        case .rating: OrderKey(.number(numbers[2][place]), ids[place])
        case .trending: OrderKey(.number(numbers[3][place]), ids[place])
        }
    }

    /// The places of the titles in an order.
    func order(_ name: OrderName) -> [Int32] { orders[name.rawValue] }

    /// The number of titles up to a key in an order, including the title with that key.
    func position(after key: OrderKey, in order: OrderName) -> Int {
        let places = orders[order.rawValue]
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if key.precedes(self.key(Int(places[middle]), order)) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func sortAll() {
        for name in OrderName.allCases {
            let keys = ids.indices.map { key($0, name) }
            orders[name.rawValue] = ids.indices.map(Int32.init).sorted { keys[Int($0)].precedes(keys[Int($1)]) }
        }
    }

    private mutating func leaveOrders(_ id: MediaID) {
        guard let place = places[id] else { return }
        for name in OrderName.allCases {
            let position = position(after: key(place, name), in: name) - 1
            precondition(orders[name.rawValue][position] == place, "an order has lost a title")
            orders[name.rawValue].remove(at: position)
        }
    }

    private mutating func enterOrders(_ id: MediaID) {
        guard let place = places[id] else { return }
        for name in OrderName.allCases {
            let position = position(after: key(place, name), in: name)
            // One title may stand among the changes more than once.
            if position > 0, orders[name.rawValue][position - 1] == place { continue }
            orders[name.rawValue].insert(Int32(place), at: position)
        }
    }

    // MARK: Search

    /// The titles that a text may mean, the nearest first. Of equally near titles, the most popular one comes first.
    ///
    /// A year at the end of the text is either a part of the name or the year of the title.
    func find(_ text: String) -> [(place: Int, distance: Int)] {
        let query = TitleText.fold(text)
        var best = Dictionary(names.find(query).map { ($0.place, $0.distance) }, uniquingKeysWith: min)
        let words = query.utf8.split(separator: UInt8(ascii: " "))
        if words.count > 1, let year = words.last.flatMap({ Int16(String(Substring($0))) }), (1870...2100).contains(year) {
            let rest = words.dropLast().map { String(Substring($0)) }.joined(separator: " ")
            for found in names.find(rest) where years[found.place] == year {
                best[found.place] = min(best[found.place] ?? .max, found.distance)
            }
        }
        let found = best.map { (place: $0.key, distance: $0.value) }
        return found.sorted { one, two in
            if one.distance != two.distance { return one.distance < two.distance }
            return key(one.place, .popularity).precedes(key(two.place, .popularity))
        }
    }
}
