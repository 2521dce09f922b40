internal import Kernel

/// A wish to subscribe as a client wrote it, with `me`, `u_<username>` and `role_<name>` where ids stand: at the end of the topic, and in filters on
/// people and roles. Made of what the topic's rule admits, so that it is short.
struct TopicAliases: Sendable {
    let topic: String
    let filter: JSON?
    /// Every alias in it.
    let names: Set<String>

    init(topic: String, filter: JSON?) {
        (self.topic, self.filter) = (topic, filter)
        var names: Set<String> = []
        _ = Self.map(topic, filter) { name in
            names.insert(name)
            return name
        }
        self.names = names
    }

    /// Whether there is something to look up; too many are refused as they stand.
    var isResolvable: Bool { (1...TopicFilter.maximumList).contains(names.count) }

    /// With ids in the place of the aliases; an unknown alias stays, and matches nothing.
    func replaced(by ids: [String: String]) -> (topic: String, filter: JSON?) {
        Self.map(topic, filter) { ids[$0] ?? $0 }
    }

    private static func map(_ topic: String, _ filter: JSON?, _ change: (String) -> String) -> (topic: String, filter: JSON?) {
        var named = topic
        if let colon = topic.utf8.lastIndex(of: colon) {
            let argument = String(topic[topic.utf8.index(after: colon)...])
            if isAlias(argument) { named = topic[...colon] + change(argument) }
        }
        guard case .object(let fields)? = filter else { return (named, filter) }
        var mapped = JSONObject()
        for (field, condition) in fields { mapped.append(field, namesIDs(field) ? map(condition, change) : condition) }
        return (named, .object(mapped))
    }

    private static let colon = UInt8(ascii: ":")

    /// Whether an alias stands behind the last colon of a topic.
    static func endsWithAlias(_ topic: String) -> Bool {
        // By bytes: backwards by characters, a row of flags is walked once for each of them.
        topic.utf8.lastIndex(of: colon).map { isAlias(String(topic[topic.utf8.index(after: $0)...])) } ?? false
    }

    private static func namesIDs(_ field: String) -> Bool {
        field.hasSameBytes(as: "role") || field.utf8.suffix(3).elementsEqual("_id".utf8)
    }

    private static func map(_ value: JSON, _ change: (String) -> String) -> JSON {
        switch value {
        case .string(let text): return isAlias(text) ? .string(change(text)) : value
        case .array(let list): return .array(list.map { map($0, change) })
        case .object(let operators):
            var mapped = JSONObject()
            for (name, operand) in operators { mapped.append(name, map(operand, change)) }
            return .object(mapped)
        default: return value
        }
    }

    static func isAlias(_ text: String) -> Bool {
        guard text.utf8.count <= TopicFilter.maximumText else { return false }
        return text == "me" || (text.hasPrefix("u_") || text.hasPrefix("role_")) && !text.utf8.contains(0)
    }
}
