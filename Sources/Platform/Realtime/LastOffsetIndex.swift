internal import Bus
internal import Kernel

/// The last event of each person's own topic: most of those who come back missed none, and need not be looked for among everybody's.
struct LastOffsetIndex {
    private var last: [UserID: Int64] = [:]
    private var epoch = ""
    /// Every event after this one is known here.
    private var floor: Int64 = 0
    private var head: Int64 = 0
    /// People.
    private let limit: Int

    init(limit: Int = 100_000) { self.limit = limit }

    /// - Parameters:
    ///   - position: of a durable event; they come in order.
    ///   - recipients: who gets it on their own topic.
    mutating func note(_ position: Position, to recipients: [UserID] = []) {
        if epoch != position.epoch { (epoch, floor, last) = (position.epoch, position.offset - 1, [:]) }
        // Behind this event: it may have come for somebody who is forgotten here.
        if last.count >= limit { (floor, last) = (position.offset, [:]) }
        head = position.offset
        for user in recipients { last[user] = position.offset }
    }

    /// Whether it is certain that nothing came on a person's own topic after a position; false for another topic.
    func hasNothing(_ topic: String, after position: Position) -> Bool {
        guard let user = Audience.owner(of: topic), position.epoch == epoch, (floor...max(floor, head)).contains(position.offset) else {
            return false
        }
        return last[user] ?? 0 <= position.offset
    }
}
