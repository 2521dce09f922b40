internal import Kernel

extension Publication {
    /// Bytes that it takes, with those of its parts that it shares with nobody: each is an allocation of its own.
    var footprint: Int {
        let attributes = self.attributes.reduce(0) { sum, fact in
            sum + 32 + Footprint.texts(fact.after) + (fact.changes ? Footprint.texts(fact.before) : 0)
        }
        return Footprint.place + Footprint.allocation(96) + Footprint.array(payload.count) + Footprint.array(people.count * 8)
            + Footprint.array(attributes) + people.count * Footprint.eventChain
    }
}

extension OutboxRecord {
    /// Bytes that it takes, in its topics' and its recipients' rings too.
    var footprint: Int {
        let topics = self.topics.reduce(0) { $0 + Footprint.record + 48 + Footprint.text($1) }
        return Footprint.record + Footprint.array(topics) + Footprint.array(recipients.count * 8)
            + recipients.count * (Footprint.record + 48) + Footprint.of(.object(members))
    }
}

/// What Swift takes for a value on the heap: 32 bytes before an array's or a string's elements, and what the allocator rounds up to.
private enum Footprint {
    /// An entry in the order of all, and in a ring.
    static let place = 64
    /// A record in a ring.
    static let record = 112
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
