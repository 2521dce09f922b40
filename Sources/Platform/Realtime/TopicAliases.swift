internal import Kernel

/// A wish to subscribe as a client wrote it, with `me`, `u_<username>` and `role_<name>` where ids stand: at the end of the topic, and in filters on
/// people and roles.
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

    /// With ids in the place of the aliases; one that is nobody's stays, and matches nothing.
    func replaced(by ids: [String: String]) -> (topic: String, filter: JSON?) {
        Self.map(topic, filter) { ids[$0] ?? $0 }
    }

    private static func map(_ topic: String, _ filter: JSON?, _ change: (String) -> String) -> (topic: String, filter: JSON?) {
        var named = topic
        if let colon = topic.lastIndex(of: ":") {
            let argument = String(topic[topic.index(after: colon)...])
            if isAlias(argument) { named = topic[...colon] + change(argument) }
        }
        guard case .object(var fields)? = filter else { return (named, filter) }
        for (field, condition) in fields where field == "role" || field.hasSuffix("_id") { fields[field] = map(condition, change) }
        return (named, .object(fields))
    }

    private static func map(_ value: JSON, _ change: (String) -> String) -> JSON {
        switch value {
        case .string(let text): return isAlias(text) ? .string(change(text)) : value
        case .array(let list): return .array(list.map { map($0, change) })
        case .object(var operators):
            for (name, operand) in operators { operators[name] = map(operand, change) }
            return .object(operators)
        default: return value
        }
    }

    private static func isAlias(_ text: String) -> Bool {
        text == "me" || (text.hasPrefix("u_") || text.hasPrefix("role_")) && !text.utf8.contains(0)
    }
}
