internal import Bus
internal import Kernel

/// The last event of each person's own topic: most of those who come back missed none, and need not be looked for among everybody's.
struct LastOffsetIndex {
    private var last: [String: Int64] = [:]
    private var epoch = ""
    /// Every event after this one is known here.
    private var floor: Int64 = 0
    private var head: Int64 = 0
    /// Topics.
    private let limit: Int

    init(limit: Int = 100_000) { self.limit = limit }

    static func covers(_ topic: String) -> Bool { topic.hasPrefix("user:") }

    /// - Parameter position: of an event of any durable topic; they come in order.
    mutating func note(_ topic: String, _ position: Position) {
        if epoch != position.epoch { (epoch, floor, last) = (position.epoch, position.offset - 1, [:]) }
        // Behind this event: it may have come on a topic that is forgotten here.
        if last.count >= limit { (floor, last) = (position.offset, [:]) }
        head = position.offset
        if Self.covers(topic) { last[topic] = position.offset }
    }

    /// Whether it is certain that nothing came on a topic after a position.
    func hasNothing(_ topic: String, after position: Position) -> Bool {
        guard Self.covers(topic), position.epoch == epoch, (floor...max(floor, head)).contains(position.offset) else { return false }
        return last[topic] ?? 0 <= position.offset
    }
}
