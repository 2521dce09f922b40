internal import Kernel

/// Every name of every title, folded, and which of them hold three letters in a row: what a search looks through.
///
/// A name holds the trigrams of its words, each with a space in front. A query with few wrong letters shares one of its rarest trigrams with
/// what it means, since a wrong letter spoils no more than three; the few names that share one are compared letter by letter.
struct TitleNames: Sendable {
    /// Names one behind the other.
    private var text: [UInt8] = []
    /// Where each begins, and at last where the next would.
    private var starts: [Int32] = [0]
    /// The place of the title whose name it is; -1 for a name that is no longer anybody's.
    private var owners: [Int32] = []
    /// Each title's names: the first, and how many.
    private var spans: [(first: Int32, count: Int32)] = []
    private var dead = 0

    /// How many names the lists below know; those behind are compared one by one.
    private var indexed = 0
    /// Where the list of each trigram begins in `lists`.
    private var listStarts: [Int32] = []
    private var lists: [Int32] = []
    /// Names so short that a wrong letter may leave no trigram.
    private var short: [Int32] = []

    private static let buckets = 1 << 16
    private static let shortest = 8
    /// Names that no list knows yet, before the lists are made anew.
    private static let waiting = 500

    /// - Parameter names: folded, the original one first; none for a title that is not to be found.
    mutating func set(_ names: [String], of place: Int) {
        while spans.count <= place { spans.append((0, 0)) }
        let old = spans[place]
        for name in old.first..<old.first + old.count { owners[Int(name)] = -1 }
        dead += Int(old.count)
        spans[place] = (Int32(owners.count), Int32(names.count))
        for name in names {
            text += name.utf8
            starts.append(Int32(text.count))
            owners.append(Int32(place))
        }
    }

    /// Makes the lists again where many names are not in them.
    mutating func settle() {
        guard owners.count - indexed > Self.waiting + indexed / 50 || dead > 1000 + owners.count / 2 else { return }
        if dead > owners.count / 4 { pack() }
        var sizes = [Int32](repeating: 0, count: Self.buckets + 1)
        short = []
        for name in owners.indices {
            if starts[name + 1] - starts[name] <= Self.shortest { short.append(Int32(name)) }
            Self.forEachTrigram(of: text[Int(starts[name])..<Int(starts[name + 1])]) { sizes[$0 + 1] += 1 }
        }
        for bucket in 1...Self.buckets { sizes[bucket] += sizes[bucket - 1] }
        listStarts = sizes
        lists = [Int32](repeating: 0, count: Int(sizes[Self.buckets]))
        for name in owners.indices {
            Self.forEachTrigram(of: text[Int(starts[name])..<Int(starts[name + 1])]) { bucket in
                lists[Int(sizes[bucket])] = Int32(name)
                sizes[bucket] += 1
            }
        }
        indexed = owners.count
    }

    private mutating func pack() {
        var packed = TitleNames()
        for (place, span) in spans.enumerated() {
            let names = (span.first..<span.first + span.count).map { name in
                String(own: text[Int(starts[Int(name)])..<Int(starts[Int(name) + 1])])
            }
            packed.set(names, of: place)
        }
        self = packed
    }

    /// The buckets of the trigrams of a folded text.
    private static func forEachTrigram(of text: some RandomAccessCollection<UInt8>, _ body: (Int) -> Void) {
        let space = UInt8(ascii: " ")
        var (one, two, letters): (UInt8, UInt8, Int) = (0, space, 0)
        func end() {
            if (1...2).contains(letters) { body(bucket(one, two, space)) }
            (one, two, letters) = (0, space, 0)
        }
        for byte in text {
            if byte == space {
                end()
                continue
            }
            letters += 1
            if letters > 1 { body(bucket(one, two, byte)) }
            (one, two) = (two, byte)
        }
        end()
    }

    private static func bucket(_ one: UInt8, _ two: UInt8, _ three: UInt8) -> Int {
        Int(((UInt32(one) << 16 | UInt32(two) << 8 | UInt32(three)) &* 2_654_435_761) >> 16)
    }

    /// The titles that a folded text may mean, each with how far it is from that: less is nearer.
    func find(_ query: String) -> [(place: Int, distance: Int)] {
        let query = SearchQuery(query)
        guard !query.text.isEmpty else { return [] }
        var best: [Int32: Int] = [:]
        var seen = [Bool](repeating: false, count: owners.count)
        func look(at name: Int) {
            guard !seen[name] else { return }
            seen[name] = true
            let owner = owners[name]
            guard owner >= 0 else { return }
            let distance = text.withUnsafeBufferPointer { bytes in
                query.distance(to: UnsafeBufferPointer(rebasing: bytes[Int(starts[name])..<Int(starts[name + 1])]))
            }
            guard var distance else { return }
            // Of two titles with one name, the one comes first that has it of its own.
            if name != Int(spans[Int(owner)].first) { distance += 1 }
            if distance < best[owner] ?? .max { best[owner] = distance }
        }
        for list in rarest(of: query) { for entry in list { look(at: Int(lists[entry])) } }
        if query.text.count <= Self.shortest { for name in short { look(at: Int(name)) } }
        for name in indexed..<owners.count { look(at: name) }
        return best.map { (Int($0.key), $0.value) }
    }

    /// The lists of the rarest trigrams of a query, as many as its wrong letters cannot spoil, and more while they are short.
    private func rarest(of query: SearchQuery) -> [Range<Int>] {
        guard !listStarts.isEmpty else { return [] }
        var buckets: Set<Int> = []
        Self.forEachTrigram(of: query.text) { buckets.insert($0) }
        let ranges = buckets.map { Int(listStarts[$0])..<Int(listStarts[$0 + 1]) }.sorted {
            ($0.count, $0.lowerBound) < ($1.count, $1.lowerBound)
        }
        let needed = 3 * query.allowed + 1
        var (chosen, entries): ([Range<Int>], Int) = ([], 0)
        for range in ranges {
            guard chosen.count < needed || entries + range.count <= 1000 else { break }
            // A trigram that every fourth name has tells nothing where rarer ones have been looked at.
            if !chosen.isEmpty, entries > 0, range.count > 40_000 { break }
            chosen.append(range)
            entries += range.count
        }
        return chosen
    }
}
