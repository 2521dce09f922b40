internal import Kernel

/// The latest events of all topics, as far back in each: the oldest gives way first, whatever its topic.
struct EventMemory: Sendable {
    private struct Kept: Sendable {
        let topics: [String]
        /// Of a durable event; nil for one of a volatile topic.
        let offset: Int64?
        let bytes: Int
        let at: Uptime
    }

    let bounds: MemoryBroker.Bounds
    private var volatile: [String: VolatileTopic] = [:]
    private var durable: [String: Ring<OutboxRecord>] = [:]
    private(set) var durableHead: Int64 = 0
    /// Every durable event after this one is here.
    private var durableFloor: Int64 = 0
    /// All that is here, in the order in which it came.
    private var kept = Ring<Kept>()
    /// What all of it takes, about.
    private(set) var bytes = 0
    private(set) var durableCount = 0

    init(_ bounds: MemoryBroker.Bounds) { self.bounds = bounds }

    var count: Int { kept.count }

    // MARK: Volatile topics

    var volatileTopics: [String] { volatile.keys.sorted() }

    func head(of topic: String) -> Int64 { volatile[topic]?.head ?? 0 }

    mutating func add(_ batch: [Publication], of topic: String, at now: Uptime) {
        let topics = [topic]
        for publication in batch {
            volatile[topic, default: VolatileTopic()].append(publication)
            keep(Kept(topics: topics, offset: nil, bytes: publication.footprint, at: now))
        }
        makeRoom(at: now)
    }

    /// What came on a volatile topic after an offset, of some people or of all; nil when some of it is gone, or it was never reached.
    func missed(on topic: String, after offset: Int64, of people: [UserID]?) -> [Publication]? {
        guard offset <= head(of: topic) else { return nil }
        return (volatile[topic] ?? VolatileTopic()).after(offset, of: people)
    }

    /// A volatile topic goes on after an offset; nothing before it is good any more.
    mutating func restart(_ topic: String, at offset: Int64) {
        forget { $0 == topic }
        volatile[topic] = VolatileTopic(head: offset)
    }

    mutating func forgetVolatile() {
        forget { _ in true }
        volatile = [:]
    }

    private mutating func forget(_ isGone: (String) -> Bool) {
        let all = kept.elements
        (kept, bytes) = (Ring(), 0)
        for each in all where each.offset != nil || !isGone(each.topics[0]) { keep(each) }
    }

    // MARK: Durable topics

    mutating func begin(durableHead head: Int64) {
        while durableCount > 0 { removeFirst() }
        (durableHead, durableFloor) = (head, head)
    }

    mutating func add(_ record: OutboxRecord, at now: Uptime) {
        for topic in record.topics { durable[topic, default: Ring(head: durableFloor)].append(record, at: record.offset) }
        (durableHead, durableCount) = (record.offset, durableCount + 1)
        keep(Kept(topics: record.topics, offset: record.offset, bytes: record.footprint, at: now))
        makeRoom(at: now)
    }

    /// What came on a durable topic after an offset; nil when some of it may be gone.
    func records(on topic: String, after offset: Int64) -> [OutboxRecord]? {
        guard offset >= durableFloor else { return nil }
        return durable[topic]?.after(offset) ?? []
    }

    // MARK: Room

    private mutating func keep(_ each: Kept) {
        kept.append(each, at: kept.head + 1)
        bytes += each.bytes
    }

    private mutating func makeRoom(at now: Uptime) {
        while let oldest = kept.first {
            let isOld = oldest.at.adding(milliseconds: bounds.age) <= now
            guard isOld || kept.count > bounds.events || bytes > bounds.bytes else { return }
            removeFirst()
        }
    }

    private mutating func removeFirst() {
        guard let oldest = kept.first else { return }
        kept.removeFirst()
        bytes -= oldest.bytes
        guard let offset = oldest.offset else {
            volatile[oldest.topics[0]]?.removeFirst()
            return
        }
        (durableFloor, durableCount) = (offset, durableCount - 1)
        for topic in oldest.topics {
            durable[topic]?.removeFirst()
            if durable[topic]?.count == 0 { durable[topic] = nil }
        }
    }
}

extension MemoryBroker {
    /// What is kept for those who come back; what is older is `lost`, or of a durable topic `beyondMemory`.
    public struct Bounds: Sendable {
        /// Events of all topics together.
        public var events = 200_000
        /// Bytes of all topics together, as counted by `footprint`: half a minute of 1,000 changes of status a second.
        public var bytes = 96 << 20
        /// Milliseconds after which an event gives way to the next that comes: sessions are kept as long for a resume.
        public var age: Int64 = 5 * 60 * 1000

        public init() {}
        public init(events: Int) { self.events = events }
    }
}

// MARK: Counting

extension Publication {
    /// Bytes that it takes, with those of its parts that it shares with nobody: each is an allocation of its own.
    var footprint: Int {
        let attributes = self.attributes.reduce(0) { sum, fact in
            sum + 32 + Footprint.texts(fact.after) + (fact.changes ? Footprint.texts(fact.before) : 0)
        }
        return Footprint.place + Footprint.allocation(80) + Footprint.array(payload.count) + Footprint.array(people.count * 8)
            + Footprint.array(attributes) + people.count * Footprint.eventChain
    }
}

extension OutboxRecord {
    /// Bytes that it takes, in its topics' rings too.
    var footprint: Int {
        let topics = self.topics.reduce(0) { $0 + Footprint.place + 48 + Footprint.text($1) }
        return Footprint.place + Footprint.array(topics) + Footprint.of(.object(members))
    }
}

/// What Swift takes for a value on the heap: 32 bytes before an array's or a string's elements, and what the allocator rounds up to.
private enum Footprint {
    /// An entry in the order of all, and in a ring.
    static let place = 64
    /// In a ring to the person's event before; and where their last one is, as if each were of another person.
    static let eventChain = 8 + 32

    static func allocation(_ bytes: Int) -> Int { bytes + 16 }
    static func array(_ bytes: Int) -> Int { bytes == 0 ? 0 : allocation(32 + bytes) }
    /// Fifteen bytes stand in the value itself.
    static func text(_ text: String) -> Int { text.utf8.count > 15 ? allocation(32 + text.utf8.count) : 0 }
    static func texts(_ list: [String]) -> Int { array(list.reduce(list.count * 16) { $0 + text($1) }) }

    static func of(_ value: JSON) -> Int {
        switch value {
        case .string(let text): self.text(text)
        case .array(let list): array(list.reduce(0) { $0 + 24 + of($1) })
        case .object(let object): array(object.reduce(0) { $0 + 40 + text($1.name) + of($1.value) })
        case .null, .bool, .integer, .number: 0
        }
    }
}
