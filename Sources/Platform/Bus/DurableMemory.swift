internal import Kernel

/// The latest events of the outbox, by topic and by person.
struct DurableMemory: Sendable {
    private struct Kept: Sendable {
        let record: OutboxRecord
        let bytes: Int
        let at: Uptime
    }

    private let bounds: MemoryBroker.Bounds
    private var topics: [String: Ring<OutboxRecord>] = [:]
    /// What went to each person on their own topic, to those who were members when it was committed.
    private var people: [UserID: Ring<OutboxRecord>] = [:]
    private(set) var head: Int64
    /// Every event after this one is here.
    private var floor: Int64
    private var kept = Ring<Kept>()
    private(set) var bytes = 0

    init(_ bounds: MemoryBroker.Bounds, head: Int64 = 0) { (self.bounds, self.head, floor) = (bounds, head, head) }

    var count: Int { kept.count }

    mutating func add(_ record: OutboxRecord, at now: Uptime) {
        for topic in record.topics { topics[topic, default: Ring(head: floor)].append(record, at: record.offset) }
        for user in record.recipients { people[user, default: Ring(head: floor)].append(record, at: record.offset) }
        head = record.offset
        let footprint = record.footprint
        kept.append(Kept(record: record, bytes: footprint, at: now), at: record.offset)
        bytes += footprint
        makeRoom(at: now)
    }

    /// What came on a topic after an offset, or for the person whose own topic it is; nil when some of it may be gone.
    func records(on topic: String, after offset: Int64) -> [OutboxRecord]? {
        guard offset >= floor else { return nil }
        if let user = Audience.owner(of: topic) { return people[user]?.after(offset) ?? [] }
        return topics[topic]?.after(offset) ?? []
    }

    private mutating func makeRoom(at now: Uptime) {
        while let oldest = kept.first {
            let isOld = oldest.at.adding(milliseconds: bounds.age) <= now
            guard isOld || kept.count > bounds.events || bytes > bounds.bytes else { return }
            removeFirst(oldest)
        }
    }

    private mutating func removeFirst(_ oldest: Kept) {
        kept.removeFirst()
        bytes -= oldest.bytes
        floor = oldest.record.offset
        for topic in oldest.record.topics {
            topics[topic]?.removeFirst()
            if topics[topic]?.count == 0 { topics[topic] = nil }
        }
        for user in oldest.record.recipients {
            people[user]?.removeFirst()
            if people[user]?.count == 0 { people[user] = nil }
        }
    }
}
