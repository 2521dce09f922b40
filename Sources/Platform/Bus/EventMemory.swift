internal import Kernel

/// The latest events of all topics, as far back as each class's budget allows: a burst of one class never evicts another's.
struct EventMemory: Sendable {
    let bounds: MemoryBroker.Bounds
    private var volatile: [VolatileMemory] = []
    private(set) var durable: DurableMemory

    init(_ bounds: MemoryBroker.Bounds) { (self.bounds, durable) = (bounds, DurableMemory(bounds)) }

    /// What is kept of each class, the durable one first.
    var figures: [ClassFigures] {
        [ClassFigures(name: "durable", events: durable.count, bytes: durable.bytes, limit: bounds.bytes)]
            + volatile.map { ClassFigures(name: $0.family.name, events: $0.count, bytes: $0.bytes, limit: $0.family.budget.bytes) }
    }

    mutating func declare(_ families: [VolatileTopics]) {
        for family in families where !volatile.contains(where: { $0.family.name == family.name }) {
            volatile.append(VolatileMemory(family, age: bounds.age))
        }
        // The longest name first: `presence:a:` before `presence:`.
        volatile.sort { $0.family.name.utf8.count > $1.family.name.utf8.count }
    }

    func isVolatile(_ topic: String) -> Bool { place(of: topic) != nil }

    private func place(of topic: String) -> Int? { volatile.firstIndex { $0.family.contains(topic) } }

    // MARK: Volatile topics

    var volatileTopics: [String] { volatile.flatMap(\.topicNames).sorted() }

    func holds(_ topic: String) -> Bool { place(of: topic).map { volatile[$0].holds(topic) } ?? false }

    func head(of topic: String) -> Int64 { place(of: topic).map { volatile[$0].head(of: topic) } ?? 0 }

    mutating func add(_ batch: [Publication], of topic: String, at now: Uptime) {
        if let place = place(of: topic) { volatile[place].add(batch, of: topic, at: now) }
    }

    /// What came on a volatile topic after an offset, of some people or of all; nil when some of it is gone, or it was never reached.
    func missed(on topic: String, after offset: Int64, of people: [UserID]?) -> [Publication]? {
        place(of: topic).flatMap { volatile[$0].missed(on: topic, after: offset, of: people) }
    }

    /// A volatile topic goes on after an offset; nothing before it is good any more.
    mutating func restart(_ topic: String, at offset: Int64) {
        if let place = place(of: topic) { volatile[place].restart(topic, at: offset) }
    }

    mutating func forgetVolatile() { volatile = volatile.map { VolatileMemory($0.family, age: bounds.age) } }

    // MARK: Durable topics

    mutating func begin(durableHead head: Int64) { durable = DurableMemory(bounds, head: head) }

    mutating func add(_ record: OutboxRecord, at now: Uptime) { durable.add(record, at: now) }
}

/// What is kept of one class of topics.
public struct ClassFigures: Sendable {
    public let name: String
    public let events: Int
    public let bytes: Int
    public let limit: Int
}

extension MemoryBroker {
    /// What is kept for those who come back; what is older is `lost`, or of a durable topic `beyondMemory`.
    public struct Bounds: Sendable {
        /// Durable events.
        public var events = 100_000
        /// Bytes of durable events, as counted by `footprint`: half a minute of 1,000 changes of status a second.
        public var bytes = 48 << 20
        /// Milliseconds after which any event gives way to the next of its class: sessions are kept as long for a resume.
        public var age: Int64 = 5 * 60 * 1000

        public init() {}
        public init(events: Int) { self.events = events }
    }
}
