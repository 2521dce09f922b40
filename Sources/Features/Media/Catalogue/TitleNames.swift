internal import Kernel

/// The search index: every name of every title, folded, and for each trigram the names that contain it.
///
/// One mistyped letter changes at most three trigrams of a query. So a name that a slightly mistyped query means contains at least one of the query's
/// rarest trigrams, and only the few names that do are compared letter by letter.
struct TitleNames: Sendable {
    /// All names, one after the other.
    private var text: [UInt8] = []
    /// The offset at which each name begins, and the end of the last one.
    private var starts: [Int32] = [0]
    /// The place of each name's title; -1 for a name that its title no longer has.
    private var owners: [Int32] = []
    /// The names of each title: the first one, and their number.
    private var spans: [(first: Int32, count: Int32)] = []
    /// Names without a title.
    private var dead = 0

    /// The names from the first to this one are in `lists`. A search compares the others one by one.
    private var indexed = 0
    /// The offset in `lists` at which the names with each trigram begin.
    private var listStarts: [Int32] = []
    private var lists: [Int32] = []
    /// Names so short that one mistyped letter may leave none of their trigrams.
    private var short: [Int32] = []

    private static let buckets = 1 << 16
    private static let shortest = 8
    /// Names that may be missing from the lists before the lists are built again.
    private static let waiting = 500

    /// - Parameter names: folded, the original title first; empty for a title that no search finds.
    mutating func set(_ names: [String], of place: Int) {
        while spans.count <= place { spans.append((0, 0)) }
        let old = spans[place]
        // A mark changes a title's orders, not its names: the lists stay as they are.
        guard !hasNames(names, old) else { return }
        for name in old.first..<old.first + old.count { owners[Int(name)] = -1 }
        dead += Int(old.count)
        spans[place] = (Int32(owners.count), Int32(names.count))
        for name in names {
            text += name.utf8
            starts.append(Int32(text.count))
            owners.append(Int32(place))
        }
    }

    private func hasNames(_ names: [String], _ span: (first: Int32, count: Int32)) -> Bool {
        names.count == Int(span.count)
            && names.enumerated().allSatisfy { offset, name in
                let known = Int(span.first) + offset
                return text[Int(starts[known])..<Int(starts[known + 1])].elementsEqual(name.utf8)
            }
    }

    /// Builds the lists again when many names are missing from them.
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

    /// The titles that a folded text may mean, with their distance from it.
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
            // Of two titles with the same name, the one whose original title it is comes first.
            if name != Int(spans[Int(owner)].first) { distance += 1 }
            if distance < best[owner] ?? .max { best[owner] = distance }
        }
        for list in rarest(of: query) { for entry in list { look(at: Int(lists[entry])) } }
        if query.text.count <= Self.shortest { for name in short { look(at: Int(name)) } }
        for name in indexed..<owners.count { look(at: name) }
        return best.map { (Int($0.key), $0.value) }
    }

    /// The lists of a query's rarest trigrams: one more than its mistyped letters can change, and further ones while the lists are short.
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
            // After rarer trigrams, one that very many names contain adds only work.
            if !chosen.isEmpty, entries > 0, range.count > 40_000 { break }
            chosen.append(range)
            entries += range.count
        }
        return chosen
    }
}
