import Bus
import Kernel

@testable import Presence

/// An event as it was published, or committed: what readers are held against.
final class Entry {
    let topic: String
    let position: Position
    /// Whom it is about; nil when that does not matter.
    let person: Int?
    /// What presence showed with it.
    let view: PresenceView?
    let type: String
    /// The roles that its person had before or after it: what a filter looks at.
    let roles: Set<String>
    /// The number that a durable event carries.
    let number: Int64
    let at: Int64

    init(
        _ topic: String, _ position: Position, type: String, person: Int?, view: PresenceView? = nil, roles: Set<String> = [],
        number: Int64 = 0,
        at: Int64
    ) {
        (self.topic, self.position, self.type, self.person, self.view, self.number) = (topic, position, type, person, view, number)
        (self.roles, self.at) = (roles, at)
    }
}

/// All events of a run, by topic and epoch, in order: the truth about what there was to receive.
final class Journal {
    private var entries: [String: [String: [Entry]]] = [:]
    private var last: Entry?

    func add(_ entry: Entry) {
        entries[entry.topic, default: [:]][entry.position.epoch, default: []].append(entry)
        last = entry
    }

    func entry(_ topic: String, _ position: Position) -> Entry? {
        if let last, last.position.offset == position.offset, last.topic == topic, last.position.epoch == position.epoch { return last }
        guard let list = entries[topic]?[position.epoch] else { return nil }
        let index = Self.index(after: position.offset - 1, in: list)
        guard index < list.count, list[index].position.offset == position.offset else { return nil }
        last = list[index]
        return list[index]
    }

    /// What came between two places of one epoch, both left out.
    func between(_ topic: String, _ epoch: String, _ low: Int64, _ high: Int64) -> ArraySlice<Entry> {
        guard high > low + 1, let list = entries[topic]?[epoch] else { return [] }
        let first = Self.index(after: low, in: list)
        return list[first..<max(first, Self.index(after: high - 1, in: list))]
    }

    private static func index(after offset: Int64, in list: [Entry]) -> Int {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle].position.offset <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
