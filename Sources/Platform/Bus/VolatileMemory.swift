internal import Kernel

/// The latest events of a family of volatile topics, within a budget of its own.
struct VolatileMemory: Sendable {
    private struct Kept: Sendable {
        let topic: String
        let bytes: Int
        let at: Uptime
    }

    let family: VolatileTopics
    private let age: Int64
    private var topics: [String: VolatileTopic] = [:]
    private var kept = Ring<Kept>()
    private(set) var bytes = 0
    /// A topic without events is forgotten, since a family may have any number; whichever begins anew goes on behind the furthest of them.
    private var forgottenHead: Int64 = 0

    init(_ family: VolatileTopics, age: Int64) { (self.family, self.age) = (family, age) }

    var count: Int { kept.count }
    var topicNames: [String] { Array(topics.keys) }

    func holds(_ topic: String) -> Bool { topics[topic] != nil }

    func head(of topic: String) -> Int64 { topics[topic]?.head ?? forgottenHead }

    mutating func add(_ batch: [Publication], of topic: String, at now: Uptime) {
        for publication in batch {
            topics[topic, default: VolatileTopic(head: forgottenHead)].append(publication)
            keep(Kept(topic: topic, bytes: publication.footprint, at: now))
        }
        makeRoom(at: now)
    }

    func missed(on topic: String, after offset: Int64, of people: [UserID]?) -> [Publication]? {
        guard offset <= head(of: topic) else { return nil }
        return (topics[topic] ?? VolatileTopic(head: forgottenHead)).after(offset, of: people)
    }

    mutating func restart(_ topic: String, at offset: Int64) {
        let all = kept.elements
        (kept, bytes) = (Ring(), 0)
        for each in all where each.topic != topic { keep(each) }
        topics[topic] = VolatileTopic(head: offset)
    }

    private mutating func keep(_ each: Kept) {
        kept.append(each, at: kept.head + 1)
        bytes += each.bytes
    }

    private mutating func makeRoom(at now: Uptime) {
        while let oldest = kept.first {
            let isOld = oldest.at.adding(milliseconds: age) <= now
            guard isOld || kept.count > family.budget.events || bytes > family.budget.bytes else { return }
            kept.removeFirst()
            bytes -= oldest.bytes
            topics[oldest.topic]?.removeFirst()
            if let topic = topics[oldest.topic], topic.isEmpty {
                forgottenHead = max(forgottenHead, topic.head)
                topics[oldest.topic] = nil
            }
        }
    }
}
