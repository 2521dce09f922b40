internal import Bus
internal import Kernel

/// The gateway's part on each loop, and which of them have listeners, by topic.
struct LoopHubs {
    private(set) var all: [LoopHub] = []
    /// A bit a loop, by its hub's index.
    private var interest: [String: UInt64] = [:]
    /// The same of people's own topics.
    private var personal: [UserID: UInt64] = [:]
    var quiet = LastOffsetIndex()
    /// What may wait for a loop.
    private let inboxBytes: Int

    init(inboxBytes: Int) { self.inboxBytes = inboxBytes }

    mutating func hub(for loop: any LoopExecutor) -> LoopHub {
        if let hub = all.first(where: { $0.loop === loop }) { return hub }
        let hub = LoopHub(loop: loop, index: all.count, inboxBytes: inboxBytes)
        all.append(hub)
        return hub
    }

    mutating func gain(_ topic: String, _ hub: LoopHub) {
        if let user = Audience.owner(of: topic) {
            personal[user, default: 0] |= hub.bit
        } else {
            interest[topic, default: 0] |= hub.bit
        }
    }

    mutating func lose(_ topic: String, _ hub: LoopHub) {
        if let user = Audience.owner(of: topic) {
            guard let left = personal[user].map({ $0 & ~hub.bit }) else { return }
            personal[user] = left == 0 ? nil : left
        } else {
            guard let left = interest[topic].map({ $0 & ~hub.bit }) else { return }
            interest[topic] = left == 0 ? nil : left
        }
    }

    /// Those whose sockets listen to a topic; loops beyond the bits are asked for each.
    func interested(in topic: String) -> [LoopHub] { hubs(interest[topic] ?? 0) }

    /// Those with sockets of some people.
    func interested(in people: [UserID]) -> [LoopHub] { hubs(people.reduce(0) { $0 | (personal[$1] ?? 0) }) }

    private func hubs(_ bits: UInt64) -> [LoopHub] {
        guard bits != 0 || all.count > UInt64.bitWidth else { return [] }
        return all.filter { $0.bit == 0 || $0.bit & bits != 0 }
    }
}

extension LoopHub {
    /// 0 beyond as many loops as there are bits.
    fileprivate var bit: UInt64 { index < UInt64.bitWidth ? 1 << UInt64(index) : 0 }
}
